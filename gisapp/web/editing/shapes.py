"""Geometries in words: what a shape is, and how it differs from another."""

import json
from collections import Counter
from math import cos, radians
from typing import Any

import shapely
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from shapely.geometry.base import BaseGeometry

from layers.distance import ELLIPSOID, measure
from layers.divisions import METRES_A_DEGREE
from layers.editing.rows import GEOMETRY, State
from layers.editing.values import Json

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
    was = read_shape((before or {}).get(GEOMETRY))
    now = read_shape((after or {}).get(GEOMETRY))
    if was is None or now is None:
        if now is not None:
            return [_("placed: %(shape)s") % {"shape": shape_in_words((after or {})[GEOMETRY])}]
        return [_("the place is taken away")] if was is not None else []
    if shapely.equals_identical(was, now):
        return []
    if was.geom_type == now.geom_type == "Point":
        return [_moved(was, now)]
    return [*_vertex_changes(was, now), *_size_change(was, now)]


def _moved(was: BaseGeometry, now: BaseGeometry) -> str:
    azimuth, _back, metres = ELLIPSOID.inv(was.x, was.y, now.x, now.y)
    if metres < TOLD_METRES:
        return _("moved by less than %(length)s") % {"length": metres_in_words(TOLD_METRES)}
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


def _vertex_changes(was: BaseGeometry, now: BaseGeometry) -> list[str]:
    old = Counter(map(tuple, shapely.get_coordinates(was).round(9).tolist()))
    new = Counter(map(tuple, shapely.get_coordinates(now).round(9).tolist()))
    added, removed = (new - old).total(), (old - new).total()
    moved = min(added, removed)
    texts = []
    if moved:
        text = ngettext(
            "%(count)d vertex moved by up to %(length)s",
            "%(count)d vertices moved by up to %(length)s",
            moved,
        )
        length = metres_in_words(_farthest(was, now))
        texts.append(text % {"count": moved, "length": length})
    if added > moved:
        count = added - moved
        text = ngettext("%(count)d vertex added", "%(count)d vertices added", count)
        texts.append(text % {"count": count})
    if removed > moved:
        count = removed - moved
        text = ngettext("%(count)d vertex removed", "%(count)d vertices removed", count)
        texts.append(text % {"count": count})
    parts = shapely.get_num_geometries(was), shapely.get_num_geometries(now)
    if parts[0] != parts[1]:
        texts.append(
            _("%(before)d parts become %(after)d") % {"before": parts[0], "after": parts[1]}
        )
    return texts or [_("drawn in another order")]


def _farthest(was: BaseGeometry, now: BaseGeometry) -> float:
    """How far one shape gets from the other, in metres: good enough for a sentence."""
    widths = cos(radians(was.centroid.y)) * METRES_A_DEGREE, METRES_A_DEGREE
    flat = [shapely.transform(each, lambda xy: xy * widths) for each in (was, now)]
    return float(shapely.hausdorff_distance(*flat))


def _size_change(was: BaseGeometry, now: BaseGeometry) -> list[str]:
    area = now.geom_type.endswith("Polygon")
    more = measure(now) - measure(was)
    amount = square_metres_in_words(abs(more)) if area else metres_in_words(abs(more))
    if abs(more) < (1 if area else TOLD_METRES):
        return []
    sign = "+" if more > 0 else "−"
    label = _("area %(change)s") if area else _("length %(change)s")
    return [label % {"change": f"{sign}{amount}"}]


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
