"""Shapes from the ordinates that XML formats write. What makes no shape is no shape: None."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

Ordinates = NDArray[np.float64]
LEAST_OF_LINE, LEAST_OF_RING = 2, 4


def ordinates(text: str) -> Ordinates:
    """Of KML's coordinates, "lon,lat[,height] …": an array of (n, 2); heights are left out.

    A tuple that is none makes all of it unreadable: an empty array.
    """
    rows = [each.split(",")[:2] for each in _tightened(text).split()]
    try:
        found = np.array(rows, dtype=np.float64)
    except ValueError:
        return np.empty((0, 2))
    return found if found.shape == (len(rows), 2) else np.empty((0, 2))


def _tightened(text: str) -> str:
    """Without blanks after commas, which hand-written files have: "109.5, 28.5"."""
    return ",".join(part.strip() for part in text.split(",")) if ", " in text else text


def point(place: Ordinates) -> shapely.Geometry | None:
    return shapely.Point(place[0]) if len(place) == 1 else None


def line(places: Ordinates) -> shapely.Geometry | None:
    return shapely.LineString(places) if len(places) >= LEAST_OF_LINE else None


def polygon(outer: Ordinates, inner: Sequence[Ordinates]) -> shapely.Geometry | None:
    """Rings that were left open are closed."""
    rings = [_closed(ring) for ring in (outer, *inner)]
    if any(len(ring) < LEAST_OF_RING for ring in rings):
        return None
    return shapely.Polygon(rings[0], rings[1:])


def _closed(ring: Ordinates) -> Ordinates:
    if len(ring) and not np.array_equal(ring[0], ring[-1]):
        return np.vstack([ring, ring[:1]])
    return ring


def collected(parts: Sequence[shapely.Geometry]) -> shapely.Geometry | None:
    """One shape of all parts: a multi-shape where they are of one kind."""
    if len(parts) <= 1:
        return parts[0] if parts else None
    kinds = {part.geom_type for part in parts}
    makers = {
        "Point": shapely.MultiPoint,
        "LineString": shapely.MultiLineString,
        "Polygon": shapely.MultiPolygon,
    }
    make = makers.get(next(iter(kinds))) if len(kinds) == 1 else None
    return make(list(parts)) if make else shapely.GeometryCollection(list(parts))
