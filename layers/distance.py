"""Distances in metres on the ellipsoid of CGCS2000."""

from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Point
from django.db.models import FloatField, Func, Value

from layers.crs import CGCS2000
from layers.models.feature import Feature
from layers.registry.specification import Layer


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
