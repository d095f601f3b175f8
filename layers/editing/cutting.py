"""Cutting a stored geometry along a line, or a line at a point."""

import itertools
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely import ops
from shapely.geometry.base import BaseGeometry

from layers.distance import measure
from layers.editing.geometry import GeometryProblem, parsed
from layers.registry.specification import Layer

MOST_BLADE_VERTICES = 1000
SHORTEST_M = 0.1
"""Pieces below this length (or this area in m²) are the accident of a blade through an end."""


class NotCut(Exception):
    """The blade misses the geometry."""


def read_blade(raw: Any) -> BaseGeometry:
    """A line, or a point near a line. Raises GeometryProblem."""
    blade = shapely.force_2d(parsed(raw))
    if blade.geom_type not in {"LineString", "Point"} or blade.is_empty:
        raise GeometryProblem(_("A line to cut along is expected."))
    if shapely.count_coordinates(blade) > MOST_BLADE_VERTICES or not blade.is_simple:
        raise GeometryProblem(_("The line to cut along must not cross itself."))
    return blade


def cut(layer: Layer, shape: BaseGeometry, blade: BaseGeometry) -> list[BaseGeometry]:
    """The pieces as the layer stores them (multi), the largest first, with what was not touched.

    Raises NotCut where the blade leaves the shape whole, GeometryProblem for points.
    """
    if layer.geometry == "point":
        raise GeometryProblem(_("A point cannot be split."))
    kept: list[BaseGeometry] = []
    new: list[BaseGeometry] = []
    for part in shapely.get_parts(shape):
        pieces = [piece for piece in _pieces(part, blade) if measure(piece) >= SHORTEST_M]
        pieces.sort(key=measure, reverse=True)
        kept += pieces[:1] or [part]
        new += pieces[1:]
    if not new:
        raise NotCut
    collect = shapely.multilinestrings if layer.geometry == "line" else shapely.multipolygons
    return [collect(kept), *(collect([piece]) for piece in new)]


REACH_DEGREES = 0.0005
"""A point cuts the line it is on; some 50 m away it is not on it, whatever the pointer's reach."""


def _pieces(part: BaseGeometry, blade: BaseGeometry) -> list[BaseGeometry]:
    if part.geom_type == "LineString":
        return _along(part, _crossings(part, blade))
    if blade.geom_type == "Point":
        return [part]
    return [piece for piece in ops.split(part, blade).geoms if piece.geom_type == part.geom_type]


def _crossings(part: BaseGeometry, blade: BaseGeometry) -> list[BaseGeometry]:
    """Where the blade meets the line; of a stretch they share, its ends."""
    if blade.geom_type == "Point":
        return [blade] if part.distance(blade) <= REACH_DEGREES else []
    met = shapely.get_parts(part.intersection(blade))
    ends = [each if each.geom_type == "Point" else each.boundary for each in met]
    return [point for end in ends for point in shapely.get_parts(end)]


def _along(part: BaseGeometry, points: list[BaseGeometry]) -> list[BaseGeometry]:
    """Cut by distance along the line: one that crosses itself is not cut there, too."""
    inner = {along for point in points if 0 < (along := part.project(point)) < part.length}
    stops = [0.0, *sorted(inner), part.length]
    return [ops.substring(part, start, end) for start, end in itertools.pairwise(stops)]
