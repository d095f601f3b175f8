"""A drawn area, from GeoJSON that anybody may have written, as a shape inside the province."""

import json
import math
from collections.abc import Iterator
from typing import Any

import shapely
from django.contrib.gis.geos import (
    GeometryCollection,
    GEOSException,
    GEOSGeometry,
    MultiPolygon,
    Polygon,
)
from django.utils.translation import gettext as _

from layers.crs import CGCS2000
from layers.distance import measure
from layers.divisions import HUNAN_BOUNDS
from layers.errors import Rejected

MOST_VERTICES = 10_000
MOST_BYTES = 2_000_000
"""Of a file: ten thousand vertices of two ordinates, written at length."""
LEAST_M2 = 10_000
"""A hectare: less is a slip of the hand, or the tile around it would show the same."""


def drawn_shape(given: Any) -> MultiPolygon:
    """The polygons of a GeoJSON geometry, feature or collection, in EPSG:4490 and cut to the box of
    the province. Raises Rejected for everything that is not that."""
    polygons = list(_polygons(given))
    if not polygons:
        raise _refused(_("There is no polygon in the area."))
    if sum(len(ring) for rings in polygons for ring in rings) > MOST_VERTICES:
        raise Rejected(
            _("The area has more than %(most)d vertices.") % {"most": MOST_VERTICES},
            remedy=_("Simplify its outline."),
        )
    shape = inside_province(_valid(polygons))
    if area_m2(shape) < LEAST_M2:
        raise Rejected(_("The area is smaller than one hectare."), remedy=_("Draw a larger one."))
    return shape


def area_m2(shape: MultiPolygon) -> float:
    """On the ellipsoid."""
    return measure(shapely.from_wkb(bytes(shape.wkb)))


def read_shape(text: str) -> MultiPolygon:
    """From the text of a GeoJSON file. Raises Rejected."""
    if len(text) > MOST_BYTES:
        raise Rejected(
            _("The area is larger than %(most)d MB.") % {"most": MOST_BYTES // 1_000_000},
            remedy=_("Simplify its outline."),
        )
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused(_("The area is not GeoJSON.")) from error
    return drawn_shape(given)


def inside_province(shape: GEOSGeometry) -> MultiPolygon:
    """Its part inside the province's box. Raises Rejected where there is none."""
    province = Polygon.from_bbox(HUNAN_BOUNDS)
    province.srid = CGCS2000
    inside = shape.intersection(province)
    parts = [part for part in _parts(inside) if isinstance(part, Polygon) and part.area > 0]
    if not parts:
        raise outside_province()
    return MultiPolygon(parts, srid=CGCS2000)


def outside_province() -> Rejected:
    return Rejected(
        _("The area is not in Hunan."),
        remedy=_("Write longitude first, then latitude, in degrees."),
    )


def _parts(shape: GEOSGeometry) -> Iterator[GEOSGeometry]:
    """A cut may leave a collection with lines and points where outlines only touch."""
    if isinstance(shape, GeometryCollection):
        for part in shape:
            yield from _parts(part)
    else:
        yield shape


def _polygons(given: Any, depth: int = 0) -> Iterator[list[list[Any]]]:
    if not isinstance(given, dict) or depth > 3:
        raise _refused(_("The area is not GeoJSON."))
    kind = given.get("type")
    if kind == "FeatureCollection":
        for each in _list(given.get("features")):
            yield from _polygons(each, depth + 1)
    elif kind == "Feature":
        yield from _polygons(given.get("geometry"), depth + 1)
    elif kind == "Polygon":
        yield _rings(given.get("coordinates"))
    elif kind == "MultiPolygon":
        for each in _list(given.get("coordinates")):
            yield _rings(each)
    else:
        raise _refused(_("The area has something other than polygons."))


def _rings(given: Any) -> list[list[Any]]:
    rings = [_list(ring) for ring in _list(given)]
    if not rings or any(len(ring) < 4 for ring in rings):
        raise _refused(_("A ring of the area has fewer than four positions."))
    return rings


def _list(given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise _refused(_("The area is not GeoJSON."))
    return given


def _valid(polygons: list[list[list[Any]]]) -> MultiPolygon:
    try:
        shape = MultiPolygon(
            [
                Polygon(*([_position(each) for each in ring] for ring in rings))
                for rings in polygons
            ],
            srid=CGCS2000,
        )
    except (GEOSException, ValueError, TypeError) as error:
        raise _refused(_("A ring of the area is not closed.")) from error
    if not shape.valid:
        raise _refused(_("The outline of the area crosses itself or overlaps."))
    return shape


def _position(given: Any) -> tuple[float, float]:
    ordinates = _list(given)[:2]
    numbers = all(
        isinstance(each, (int, float)) and not isinstance(each, bool) and abs(each) <= 360
        for each in ordinates
    )
    if len(ordinates) != 2 or not numbers or not all(map(math.isfinite, ordinates)):
        raise _refused(_("A position of the area is not a longitude and a latitude."))
    return float(ordinates[0]), float(ordinates[1])


def _refused(message: str) -> Rejected:
    return Rejected(message, remedy=_("Give a GeoJSON polygon in degrees of EPSG:4490."))
