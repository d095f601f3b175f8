"""安置点/安置区: places that relocated households moved to."""

from django.contrib.gis.db import models

from layers.crs import CGCS2000
from layers.models.feature import Feature, text_column


class ResettlementSite(Feature):
    geom = models.PointField(srid=CGCS2000, null=True, blank=True, spatial_index=False)
    setting = text_column(20)
    households = models.PositiveIntegerField(null=True, blank=True)
    people = models.PositiveIntegerField(null=True, blank=True)
    dwellings = models.PositiveIntegerField(null=True, blank=True)
    has_school = models.BooleanField(null=True, blank=True)
    has_clinic = models.BooleanField(null=True, blank=True)
    has_culture_venue = models.BooleanField(null=True, blank=True)
    has_property_management = models.BooleanField(null=True, blank=True)
    has_workshop = models.BooleanField(null=True, blank=True)
    zero_employment_households = models.PositiveIntegerField(null=True, blank=True)
    managing_body = text_column(120)
    completed_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Feature.Meta):
        db_table = "layers_resettlement_site"
