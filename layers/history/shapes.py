"""What became of a shape: which vertices moved and how far, how much longer or larger it is."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from layers.editing.values import Json
from layers.editing.vertices.alignment import Vertex, align

ELLIPSOID = Geod(ellps="GRS80")
"""CGCS2000's ellipsoid has the same half axis, and a flattening that differs in the 11th digit."""


@dataclass(frozen=True, slots=True)
class ShapeChange:
    """Two geometries (GeoJSON, EPSG:4490) and what lies between them.

    `moved_m` is how far the vertex went that went farthest, in metres on the ellipsoid; lengths
    are metres, areas m², None where the shape has none.
    """

    old: dict[str, Any] | None
    new: dict[str, Any] | None
    added: int
    removed: int
    moved: int
    moved_m: float
    length_m: tuple[float | None, float | None]
    area_m2: tuple[float | None, float | None]


def shape_change(old: Json, new: Json) -> ShapeChange:
    """Of two geometries as the journal keeps them (EWKB in hex, or None)."""
    before, after = _shape(old), _shape(new)
    added = removed = moved = 0
    farthest = 0.0
    for base, side in _runs(before, after):
        partners = align(base, side)
        kept = [(index, partner) for index, partner in enumerate(partners) if partner >= 0]
        went = [(base[i], side[j]) for i, j in kept if base[i] != side[j]]
        added += len(side) - len(kept)
        removed += len(base) - len(kept)
        moved += len(went)
        farthest = max([farthest, *_metres(went)])
    return ShapeChange(
        old=_geojson(old),
        new=_geojson(new),
        added=added,
        removed=removed,
        moved=moved,
        moved_m=round(farthest, 2),
        length_m=(_length(before), _length(after)),
        area_m2=(_area(before), _area(after)),
    )


def _shape(kept: Json) -> BaseGeometry | None:
    return shapely.from_wkb(str(kept)) if kept else None


def _geojson(kept: Json) -> dict[str, Any] | None:
    return json.loads(GEOSGeometry(str(kept)).geojson) if kept else None


def _runs(
    before: BaseGeometry | None, after: BaseGeometry | None
) -> Iterator[tuple[list[Vertex], list[Vertex]]]:
    """The vertices of each part and ring, those of the same place in the order side by side."""
    old, new = _vertices(before), _vertices(after)
    for at in range(max(len(old), len(new))):
        yield old[at] if at < len(old) else [], new[at] if at < len(new) else []


def _vertices(shape: BaseGeometry | None) -> list[list[Vertex]]:
    if shape is None:
        return []
    found = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            # The last vertex of a ring is its first.
            runs = [ring.coords[:-1] for ring in (part.exterior, *part.interiors)]
        else:
            runs = [part.coords[:]]
        found += [[(float(x), float(y)) for x, y, *_z in run] for run in runs]
    return found


def _metres(went: list[tuple[Vertex, Vertex]]) -> list[float]:
    if not went:
        return []
    (lon, lat), (to_lon, to_lat) = (np.array(side).T for side in zip(*went, strict=True))
    _forth, _back, metres = ELLIPSOID.inv(lon, lat, to_lon, to_lat)
    return [float(metre) for metre in metres]


def _length(shape: BaseGeometry | None) -> float | None:
    if shape is None or "Line" not in shape.geom_type:
        return None
    return round(float(ELLIPSOID.geometry_length(shape)), 2)


def _area(shape: BaseGeometry | None) -> float | None:
    if shape is None or "Polygon" not in shape.geom_type:
        return None
    area, _perimeter = ELLIPSOID.geometry_area_perimeter(shapely.orient_polygons(shape))
    return round(abs(float(area)), 2)
