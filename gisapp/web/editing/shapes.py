"""Geometries in words: what a shape is, and how it differs from another."""

import json
from typing import Any

import shapely
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from shapely.geometry.base import BaseGeometry

from layers.distance import ELLIPSOID, measure
from layers.editing.rows import GEOMETRY, State
from layers.editing.values import Json
from layers.history import shapes
from layers.history.shapes import ShapeChange

DIRECTIONS = 8
TOLD_METRES = 0.1
"""Below this a difference is told as such, without a number."""


def read_shape(kept: Json) -> BaseGeometry | None:
    """From the journal's form."""
    return shapely.from_wkb(str(kept)) if kept else None


def geojson_of(kept: Json) -> dict[str, Any] | None:
    shape = read_shape(kept)
    if shape is None:
        return None
    found: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return found


def shape_in_words(kept: Json) -> str:
    """Such as “line, 1,240 m, 14 vertices”; of a point its longitude and latitude."""
    shape = read_shape(kept)
    if shape is None or shape.is_empty:
        return _("no place")
    if shape.geom_type == "Point":
        return f"{shape.x:.6f}, {shape.y:.6f}"
    return _("%(size)s, %(vertices)s") % {
        "size": _size(shape),
        "vertices": _vertices(len(shapely.get_coordinates(shape))),
    }


def shape_change(before: State | None, after: State | None) -> list[str]:
    """What happened to the geometry, a short sentence each; empty where nothing did."""
    old, new = (before or {}).get(GEOMETRY), (after or {}).get(GEOMETRY)
    if old == new:
        return []
    if not old or not new:
        placed = _("placed: %(shape)s") % {"shape": shape_in_words(new)}
        return [placed if new else _("the place is taken away")]
    change = shapes.shape_change(old, new)
    was, now = read_shape(old), read_shape(new)
    if was is not None and now is not None and was.geom_type == now.geom_type == "Point":
        return [_moved(was, now, change.moved_m)]
    return [*_vertex_changes(change), *_size_changes(change)] or [_("drawn in another order")]


def _moved(was: BaseGeometry, now: BaseGeometry, metres: float) -> str:
    if metres < TOLD_METRES:
        return _("moved by less than %(length)s") % {"length": metres_in_words(TOLD_METRES)}
    azimuth, _back, _metres = ELLIPSOID.inv(was.x, was.y, now.x, now.y)
    return _("moved by %(length)s to the %(direction)s") % {
        "length": metres_in_words(metres),
        "direction": _direction(azimuth),
    }


def _direction(azimuth: float) -> str:
    names = (
        *(_("north"), _("north-east"), _("east"), _("south-east")),
        *(_("south"), _("south-west"), _("west"), _("north-west")),
    )
    return names[round(azimuth % 360 / (360 / DIRECTIONS)) % DIRECTIONS]


def _vertex_changes(change: ShapeChange) -> list[str]:
    texts = []
    if change.moved:
        text = ngettext(
            "%(count)d vertex moved by up to %(length)s",
            "%(count)d vertices moved by up to %(length)s",
            change.moved,
        )
        texts.append(text % {"count": change.moved, "length": metres_in_words(change.moved_m)})
    if change.added:
        text = ngettext("%(count)d vertex added", "%(count)d vertices added", change.added)
        texts.append(text % {"count": change.added})
    if change.removed:
        text = ngettext("%(count)d vertex removed", "%(count)d vertices removed", change.removed)
        texts.append(text % {"count": change.removed})
    return texts


def _size_changes(change: ShapeChange) -> list[str]:
    texts = []
    longer, larger = _gained(change.length_m), _gained(change.area_m2)
    if abs(longer) >= TOLD_METRES:
        text = f"{_sign(longer)}{metres_in_words(abs(longer))}"
        texts.append(_("length %(change)s") % {"change": text})
    if abs(larger) >= 1:
        text = f"{_sign(larger)}{square_metres_in_words(abs(larger))}"
        texts.append(_("area %(change)s") % {"change": text})
    return texts


def _gained(sizes: tuple[float | None, float | None]) -> float:
    before, after = sizes
    return (after or 0.0) - (before or 0.0)


def _sign(amount: float) -> str:
    return "+" if amount > 0 else "−"


def _size(shape: BaseGeometry) -> str:
    metres = measure(shape)
    if shape.geom_type.endswith("Polygon"):
        return square_metres_in_words(metres)
    return metres_in_words(metres)


def _vertices(count: int) -> str:
    return ngettext("%(count)d vertex", "%(count)d vertices", count) % {"count": count}


def metres_in_words(metres: float) -> str:
    number = f"{metres:.1f}" if metres < 10 else intcomma(round(metres))
    return _("%(number)s m") % {"number": number}


def square_metres_in_words(area: float) -> str:
    return _("%(number)s m²") % {"number": intcomma(round(area))}
