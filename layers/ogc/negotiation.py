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


_ACCEPTED = (JSON, GEOJSON, SCHEMA, "application/vnd.oai.openapi+json", HTML)


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
    return Format.HTML if preferred == HTML else Format.JSON
