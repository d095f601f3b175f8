"""Distances, lengths and areas on the ellipsoid of CGCS2000, in metres and square metres."""

from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Point
from django.db.models import FloatField, Func, Value
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from layers.crs import CGCS2000
from layers.models.feature import Feature
from layers.registry.specification import Layer

ELLIPSOID = Geod(a=6_378_137, rf=298.257222101)
"""CGCS2000's: GB 22021-2008."""


def measure(shape: BaseGeometry) -> float:
    """The length of lines in metres, the area of polygons in m²; of points 0."""
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        return float(abs(ELLIPSOID.geometry_area_perimeter(shape)[0]))
    if shape.geom_type in {"LineString", "MultiLineString", "LinearRing"}:
        return float(ELLIPSOID.geometry_length(shape))
    return 0.0


class GeodesicDistance(Func):
    """Metres between a place in degrees and a point, along the ellipsoid; null without a place."""

    template = "ST_Distance((%(expressions)s)::geography, true)"
    arg_joiner = ")::geography, ("
    output_field = FloatField()

    def __init__(self, place: str, point: Point) -> None:
        super().__init__(place, Value(point, output_field=PointField(srid=CGCS2000)))


def metres_from(layer: Layer, feature: Feature, longitude: float, latitude: float) -> float | None:
    """From a point to the feature's nearest place; None where the feature has none."""
    point = Point(longitude, latitude, srid=CGCS2000)
    distance: float | None = (
        layer.rows.filter(pk=feature.pk)
        .annotate(metres=GeodesicDistance("geom", point))
        .values_list("metres", flat=True)
        .first()
    )
    return distance
