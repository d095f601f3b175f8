"""What the page of a delivered raster shows, and what its form says."""

import math
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from gisapp.web.imports.datums import DatumGroup, plain_datums
from importers.deliveries.rasters.card import (
    Stated,
    fitting_datums,
    place_of,
    problems_of,
    stated,
)
from importers.deliveries.rasters.reading import kept_raster
from importers.models import Delivery
from importers.places.labels import label
from importers.rasters.cards import STATED, CardProblem
from importers.rasters.description import RasterDescription
from importers.rasters.placing import Place
from layers.access.policy import signed_in
from layers.errors import BadRequest, Rejected
from layers.models.raster import RasterKind

CHECKED = ("public", "lossless", "replace")
LONGEST = 300


@dataclass(frozen=True, slots=True)
class RasterReview:
    """`place` is None where it cannot be placed; `offered` are the datums in which it would lie in
    its division, asked for only then. `problems` are by field."""

    found: RasterDescription
    said: Stated
    place: Place | None
    offered: list[tuple[str, str]]
    problems: dict[str, list[CardProblem]]

    @classmethod
    def of(cls, delivery: Delivery, user: Any) -> "RasterReview | None":
        """None before the file was read, and after its files have gone. Problems are told as long
        as somebody can settle them."""
        found = kept_raster(delivery.uid)
        if found is None:
            return None
        said = stated(delivery, found)
        problems: dict[str, list[CardProblem]] = {}
        open_ = delivery.state in (Delivery.State.OPEN, Delivery.State.UNDONE)
        for each in problems_of(signed_in(user), found, said) if open_ else ():
            problems.setdefault(each.field, []).append(each)
        place = _placed(found, said)
        offered = (
            [] if place else [(each, str(label(each))) for each in fitting_datums(found, said)]
        )
        return cls(found, said, place, offered, problems)

    @property
    def open(self) -> int:
        return sum(map(len, self.problems.values()))

    @property
    def datum_name(self) -> str:
        return "" if self.place is None else str(label(self.place.datum.name))

    @property
    def values(self) -> str:
        bits = self.found.dtype
        names = {
            "uint8": _("8-bit"),
            "uint16": _("16-bit"),
            "int16": _("16-bit with sign"),
            "float32": _("32-bit floating point"),
            "float64": _("64-bit floating point"),
        }
        return str(names.get(bits, bits))

    @property
    def nodata(self) -> str:
        return "" if self.found.nodata is None else f"{self.found.nodata:g}"

    @property
    def nodata_is_nan(self) -> bool:
        return self.found.nodata is not None and math.isnan(self.found.nodata)

    @property
    def resolution(self) -> str:
        """Metres, to three places of value."""
        return "" if self.place is None else f"{float(f'{self.place.resolution_m:.3g}'):g}"

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(value, str(text)) for value, text in RasterKind.choices]

    @property
    def datums(self) -> list[DatumGroup]:
        return plain_datums()

    def places(self) -> dict[str, Any]:
        """The outline as GeoJSON, as the page's map takes it."""
        if self.place is None:
            problem = next(iter(self.problems.get("datum", ())), None)
            return {
                "type": "FeatureCollection",
                "features": [],
                "problem": problem.text if problem else "",
            }
        west, south, east, north = self.place.bounds
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        outline = {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {"row": 1, "state": "ok"},
        }
        told = _("It covers %(place)s.") % {
            "place": f"{west:.4f}° – {east:.4f}° E, {south:.4f}° – {north:.4f}° N"
        }
        return {"type": "FeatureCollection", "features": [outline], "problem": "", "told": told}


def _placed(found: RasterDescription, said: Stated) -> Place | None:
    try:
        return place_of(found, said)
    except Rejected:
        # Told among the problems.
        return None


def stated_posted(said: Stated, posted: QueryDict) -> Stated:
    """What the form says. Raises BadRequest for what it could not have said."""
    changes: dict[str, Any] = {}
    for name in (*STATED, "division", "datum"):
        value = posted.get(name)
        if value is not None:
            changes[name] = _clean(value)
    if "shown" in posted:
        changes |= {name: name in posted for name in CHECKED}
    offered = {value for _title, group in plain_datums() for value, _text in group}
    if changes.get("datum") and changes["datum"] not in offered | {said.datum}:
        raise BadRequest(
            _("“%(value)s” is none of the choices.") % {"value": changes["datum"][:40]},
            remedy=_("Reload the page."),
        )
    return said.with_(**changes)


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST]
