"""One root error; every failure a caller can cause carries a code, a status and a remedy."""

from typing import Any

from django.utils.functional import Promise

Text = str | Promise


class ServiceError(Exception):
    """What was tried, on what, and what the user can do. `status` is the HTTP status."""

    code = "failed"
    status = 500

    def __init__(
        self, message: Text, *, remedy: Text = "", detail: dict[str, Any] | None = None
    ) -> None:
        super().__init__(str(message))
        self.message = message
        self.remedy = remedy
        self.detail = detail or {}

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": str(self.message),
            "remedy": str(self.remedy),
            **self.detail,
        }


class BadRequest(ServiceError):
    code = "bad-request"
    status = 400


class LoginRequired(ServiceError):
    code = "login-required"
    status = 401


class Forbidden(ServiceError):
    code = "forbidden"
    status = 403


class NotFound(ServiceError):
    code = "not-found"
    status = 404


class Rejected(ServiceError):
    """The input is understood and wrong; `detail["problems"]` names each field."""

    code = "rejected"
    status = 422


class TooLarge(ServiceError):
    code = "too-large"
    status = 413


class Busy(ServiceError):
    """Too much for now; the caller may try again after `detail["retry_after"]` seconds."""

    code = "busy"
    status = 503


class Conflict(ServiceError):
    """Right in itself, and does not fit how things stand now."""

    code = "conflict"
    status = 409
