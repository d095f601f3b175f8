"""Somebody asked for an import to stop."""

from django.utils.translation import gettext as _

from layers.errors import ServiceError


class Cancelled(ServiceError):
    """Of rows or of a raster; whatever was done until then is gone."""

    code = "cancelled"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            _("The import was cancelled: nothing of it was written."),
            remedy=_("Start it again when you are ready."),
        )
