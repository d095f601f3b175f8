"""Failures that only this interface has. Each carries its HTTP status (RFC 9110)."""

from layers.errors import BadRequest, ServiceError


class BadParameter(BadRequest):
    """A query parameter that is unknown or cannot be read; `detail["parameter"]` names it."""

    code = "bad-parameter"

    def __init__(self, name: str, message: str, *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy, detail={"parameter": name})


class BadFilter(BadRequest):
    code = "bad-filter"


class NotAcceptable(ServiceError):
    code = "not-acceptable"
    status = 406


class MethodNotAllowed(ServiceError):
    code = "method-not-allowed"
    status = 405


class EditConflict(ServiceError):
    """The edit and what others did meanwhile cannot both stand; nothing was written."""

    code = "conflict"
    status = 409


class PreconditionFailed(ServiceError):
    """The feature is no longer as the If-Match header says."""

    code = "precondition-failed"
    status = 412


class TooLarge(ServiceError):
    code = "too-large"
    status = 413


class UnsupportedMediaType(ServiceError):
    code = "unsupported-media-type"
    status = 415


class PreconditionRequired(ServiceError):
    """RFC 6585, section 3: without If-Match an edit could overwrite what others did."""

    code = "precondition-required"
    status = 428
