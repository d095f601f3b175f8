"""From shapely's geometries to runs of vertices and back."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from layers.editing.vertices.alignment import Vertex, Vertices
from layers.editing.vertices.clash import GeometryClash, Reason
from layers.editing.vertices.lines import merged_line, merged_points
from layers.editing.vertices.parts import Make, merged_part, merged_parts
from layers.editing.vertices.rings import merged_ring, ring_key

SMALLEST_RING = 3
SMALLEST_LINE = 2


class Area(NamedTuple):
    """A polygon; its rings without the vertex that closes them."""

    shell: Vertices
    holes: Sequence[Vertices]


def merge_geometries(
    *, base: BaseGeometry, mine: BaseGeometry, theirs: BaseGeometry
) -> BaseGeometry:
    """What both sides made of base, 2D. Raises GeometryClash.

    Symmetric: mine and theirs may change places and the result covers the same points. What nobody
    touched has base's ordinates, bit for bit. The result is valid and not empty, unless only one
    side changed anything: then it is that side's geometry as it came.
    """
    base, mine, theirs = (shapely.force_2d(each) for each in (base, mine, theirs))
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    merged = _merged(base, mine, theirs)
    if merged.is_empty or not merged.is_valid:
        raise GeometryClash(Reason.INVALID_TOGETHER)
    return merged


def _merged(base: BaseGeometry, mine: BaseGeometry, theirs: BaseGeometry) -> BaseGeometry:
    kinds = {each.geom_type for each in (base, mine, theirs)}
    families = {kind.removeprefix("Multi") for kind in kinds}
    family = _FAMILIES.get(families.pop()) if len(families) == 1 else None
    if family is None or any(each.is_empty for each in (base, mine, theirs)):
        raise GeometryClash(Reason.TYPE)
    parts = family(base, mine, theirs)
    if len(kinds) == 1 and not base.geom_type.startswith("Multi"):
        if len(parts) != 1:
            raise GeometryClash(Reason.INVALID_TOGETHER)
        return parts[0]
    if not parts:
        raise GeometryClash(Reason.INVALID_TOGETHER)
    return _MULTI[parts[0].geom_type](parts)


def _points(*sides: BaseGeometry) -> list[BaseGeometry]:
    if all(side.geom_type == "Point" for side in sides):
        raise GeometryClash(Reason.SAME_VERTEX)
    merged = merged_points(*(_vertices(side) for side in sides))
    return list(shapely.points(merged)) if merged else []


def _lines(*sides: BaseGeometry) -> list[BaseGeometry]:
    merged = merged_parts(LINES, *([_vertices(part) for part in _parts(side)] for side in sides))
    if any(len(part) < SMALLEST_LINE for part in merged):
        raise GeometryClash(Reason.INVALID_TOGETHER)
    return [shapely.LineString(part) for part in merged]


def _polygons(*sides: BaseGeometry) -> list[BaseGeometry]:
    merged = merged_parts(AREAS, *([_area(part) for part in _parts(side)] for side in sides))
    rings = [ring for area in merged for ring in (area.shell, *area.holes)]
    if any(len(ring) < SMALLEST_RING for ring in rings):
        raise GeometryClash(Reason.INVALID_TOGETHER)
    return [shapely.Polygon(area.shell, area.holes) for area in merged]


def _vertices(shape: BaseGeometry) -> list[Vertex]:
    return [(x, y) for x, y in shapely.get_coordinates(shape).tolist()]


def _parts(shape: BaseGeometry) -> list[BaseGeometry]:
    """Those that hold anything: an empty part is valid, and nothing."""
    return [part for part in shapely.get_parts(shape) if not part.is_empty]


def _area(polygon: BaseGeometry) -> Area:
    holes = [_vertices(ring)[:-1] for ring in polygon.interiors if not ring.is_empty]
    return Area(_vertices(polygon.exterior)[:-1], holes)


def _merged_area(base: Area, mine: Area, theirs: Area) -> Area:
    return Area(
        merged_part(RINGS, base.shell, mine.shell, theirs.shell),
        merged_parts(RINGS, base.holes, mine.holes, theirs.holes),
    )


def _area_key(area: Area) -> tuple[object, ...]:
    return (ring_key(area.shell), *sorted(map(ring_key, area.holes)))


def _area_vertices(area: Area) -> list[Vertex]:
    return [vertex for ring in (area.shell, *area.holes) for vertex in ring]


LINES: Make[Vertices] = Make(key=tuple, vertices=lambda line: line, merged=merged_line)
RINGS: Make[Vertices] = Make(key=ring_key, vertices=lambda ring: ring, merged=merged_ring)
AREAS: Make[Area] = Make(key=_area_key, vertices=_area_vertices, merged=_merged_area)

_FAMILIES: dict[str, Callable[..., list[BaseGeometry]]] = {
    "Point": _points,
    "LineString": _lines,
    "Polygon": _polygons,
}
_MULTI = {
    "Point": shapely.multipoints,
    "LineString": shapely.multilinestrings,
    "Polygon": shapely.multipolygons,
}
