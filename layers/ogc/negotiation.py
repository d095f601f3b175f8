"""Which representation an answer has: `f` first, then the Accept header."""

from enum import StrEnum

from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.ogc.failures import BadParameter, NotAcceptable
from layers.ogc.parameters import FORMAT

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
MERGE_PATCH = "application/merge-patch+json"
HTML = "text/html"


class Format(StrEnum):
    JSON = "json"
    HTML = "html"


# An Accept header may ask for a type with its parameters, as our own links name it, or with the
# charset that every text of ours has; a type offered with parameters is had without them, too.
_ACCEPTED = (
    *(JSON, GEOJSON, SCHEMA, OPENAPI, HTML),
    *(f"{kind};charset={name}" for kind in (JSON, GEOJSON, HTML) for name in ("utf-8", "UTF-8")),
)


def wanted_format(request: HttpRequest) -> Format:
    """Raises BadParameter for an unknown `f`, NotAcceptable where Accept allows neither."""
    asked = request.GET.get(FORMAT)
    if asked is not None:
        if asked not in set(Format):
            raise BadParameter(
                FORMAT,
                _("This format is not offered."),
                remedy=_("The formats are: %(names)s") % {"names": ", ".join(Format)},
            )
        return Format(asked)
    preferred = request.get_preferred_type(_ACCEPTED)
    if preferred is None:
        raise NotAcceptable(
            _("The Accept header allows nothing that is offered."),
            remedy=_("The formats are: %(names)s") % {"names": f"{GEOJSON}, {JSON}, {HTML}"},
        )
    return Format.HTML if preferred.startswith(HTML) else Format.JSON
