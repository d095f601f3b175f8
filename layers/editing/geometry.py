"""Geometry as people send it: GeoJSON in EPSG:4490, longitude first, checked before it is kept."""

from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from layers.crs import CGCS2000
from layers.divisions import HUNAN_BOUNDS
from layers.registry.specification import Layer

MOST_VERTICES = 100_000
ACCEPTED = {
    "point": ("Point",),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
}
_PROMOTED = {"LineString": shapely.multilinestrings, "Polygon": shapely.multipolygons}


UNREADABLE = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError),
    *(ShapelyError, RecursionError),
)
"""What shapely raises for the many things that are no GeoJSON."""


class GeometryProblem(ValueError):
    """What is wrong with a geometry, as a text for the person who sent it."""


def read_geometry(layer: Layer, raw: Any) -> GEOSGeometry:
    """The geometry of a GeoJSON object as the layer stores it (lines and polygons as multi).

    Raises GeometryProblem: not GeoJSON, wrong type, too many vertices, ordinates that are not
    finite, an invalid shape, or a place outside Hunan.
    """
    found = parsed(raw)
    if found.geom_type not in ACCEPTED[layer.geometry]:
        raise GeometryProblem(
            _("This layer takes %(wanted)s, not %(given)s.")
            % {"wanted": " / ".join(ACCEPTED[layer.geometry]), "given": found.geom_type}
        )
    if found.is_empty:
        raise GeometryProblem(_("The geometry is empty."))
    if shapely.count_coordinates(found) > MOST_VERTICES:
        raise GeometryProblem(
            _("More than %(most)d vertices: split the feature.") % {"most": MOST_VERTICES}
        )
    found = shapely.force_2d(found)
    if not found.is_valid:
        raise GeometryProblem(
            _("The shape is not valid: %(reason)s") % {"reason": shapely.is_valid_reason(found)}
        )
    if not HUNAN_BOUNDS.contains(*found.bounds):
        raise GeometryProblem(
            _("The place is outside Hunan: are the axes swapped, or is it another datum?")
        )
    promote = _PROMOTED.get(found.geom_type)
    stored = promote([found]) if promote else found
    return GEOSGeometry(memoryview(shapely.to_wkb(stored)), srid=CGCS2000)


def parsed(raw: Any) -> BaseGeometry:
    if not isinstance(raw, dict) or "type" not in raw or "coordinates" not in raw:
        raise GeometryProblem(_("The geometry must be a GeoJSON object."))
    try:
        found: BaseGeometry = shape(raw)
    except UNREADABLE as error:
        raise GeometryProblem(_("The geometry cannot be read.")) from error
    if not np.isfinite(shapely.get_coordinates(found)).all():
        raise GeometryProblem(_("An ordinate is not a finite number."))
    return found
