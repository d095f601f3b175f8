"""The form of a new pack: what can be chosen, and what was."""

from dataclasses import dataclass
from typing import IO, Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gisapp.web.exports.places import place_choices
from layers.access import policy
from layers.access.policy import Actor, signed_in
from layers.access.rasters import visible_rasters
from layers.errors import BadRequest
from layers.models import Zone
from layers.registry import LAYERS
from layers.registry.specification import Label
from tiles.packs.area import Area, named_area
from tiles.packs.shapes import MOST_BYTES, read_shape
from tiles.packs.wish import BUDGET, EVERY_LAYER, MAX_ZOOM, MEGABYTE, Wish

REFERENCE_TITLES: dict[str, Promise] = {
    "divisions": gettext_lazy("Boundaries of divisions"),
    "zones": gettext_lazy("Demonstration zones"),
}
ZOOMS = range(8, 19)
BUDGETS_MB = (10, 20, 50, 100, 200, 500, 1000)
SENT = ("area", "layers", "raster", "max_zoom", "budget")


@dataclass(frozen=True, slots=True)
class PlaceOption:
    """`text` is what the field takes: a code."""

    text: str
    name: str


def choices(user: Actor) -> dict[str, Any]:
    return {
        "pack_layers": [(name, title_of(name)) for name in EVERY_LAYER],
        "pack_rasters": list(visible_rasters(user).order_by("title")),
        "pack_zooms": list(ZOOMS),
        "pack_budgets": BUDGETS_MB,
        "pack_places": _places(user),
    }


def title_of(name: str) -> Promise | Label:
    return REFERENCE_TITLES[name] if name in REFERENCE_TITLES else LAYERS[name].title


def _places(user: Actor) -> list[PlaceOption]:
    """The reader's own divisions, and the zones."""
    own = place_choices(policy.scope(user), "")
    zones = Zone.objects.filter(boundary__isnull=False)
    return [
        *(PlaceOption(each.code, each.name) for each in own),
        *(PlaceOption(each.code, each.name) for each in zones),
    ]


def sent_again(request: HttpRequest) -> dict[str, Any]:
    """What a form that was sent shows again; a new one has the usual."""
    sent = request.POST
    if "max_zoom" not in sent:
        return {"layers": EVERY_LAYER, "max_zoom": str(MAX_ZOOM), "budget": str(BUDGET // MEGABYTE)}
    return {name: sent.getlist(name) if name == "layers" else sent.get(name) for name in SENT}


def wish_from(request: HttpRequest) -> Wish:
    """`area` names one, `shape` is a file with one, `outline` the text of one drawn on the map.

    Raises BadRequest without an area or with numbers that are none, and what areas raise."""
    sent = request.POST
    return Wish(
        area=_area(request),
        layers=tuple(sent.getlist("layers")),
        raster=_raster(sent.get("raster", "")),
        max_zoom=_number(sent.get("max_zoom", "")),
        budget=_number(sent.get("budget", "")) * MEGABYTE,
    )


def _area(request: HttpRequest) -> Area:
    sent = request.FILES.get("shape")
    if sent is not None and sent.file is not None:
        return Area.drawn(read_shape(_text(sent.file)), _("Drawn area"))
    if outline := request.POST.get("outline"):
        return Area.drawn(read_shape(outline), _("Drawn area"))
    text = request.POST.get("area", "").strip()
    if not text:
        raise BadRequest(_("No area is chosen."), remedy=_("Name a division or a zone."))
    return named_area(text, signed_in(request.user))


def _text(file: IO[bytes]) -> str:
    try:
        return file.read(MOST_BYTES + 1).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest(_("The area is not GeoJSON."), remedy=_("Save it in UTF-8.")) from error


def _raster(text: str) -> str:
    """Raises BadRequest for a NUL, which the database does not take."""
    if "\x00" in text:
        raise BadRequest(_("There is no raster of this name."))
    return text


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise BadRequest(_("“%(text)s” is no number.") % {"text": text[:20]})
    return int(text)
