"""GeoJSON geometries, read more strictly than shapely does: it takes a point in five brackets."""

from typing import Any

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

DEPTHS = {
    "Point": 1,
    "MultiPoint": 2,
    "LineString": 2,
    "MultiLineString": 3,
    "Polygon": 3,
    "MultiPolygon": 4,
}


def read_geometry(value: Any) -> BaseGeometry:
    """Raises ValueError, TypeError, LookupError, AttributeError or ShapelyError."""
    check(value)
    found: BaseGeometry = shape(value)
    return found


def check(value: Any) -> None:
    """Raises ValueError unless the brackets are those of the type (RFC 7946, section 3.1)."""
    if not isinstance(value, dict):
        raise ValueError("not a geometry")
    if value.get("type") == "GeometryCollection":
        for part in value["geometries"]:
            check(part)
    elif not _nested(value["coordinates"], DEPTHS[value["type"]]):
        raise ValueError("coordinates of another type")


def _nested(node: Any, depth: int) -> bool:
    if not isinstance(node, list | tuple) or not node:
        return False
    if depth == 1:
        numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in node)
        return len(node) >= 2 and numbers
    return all(_nested(each, depth - 1) for each in node)
