"""农村供水: water works."""

from django.contrib.gis.db import models

from layers.crs import CGCS2000
from layers.models.feature import Feature, text_column


class WaterWork(Feature):
    geom = models.PointField(srid=CGCS2000, null=True, blank=True, spatial_index=False)
    kind = text_column(20)
    daily_capacity_m3 = models.DecimalField(max_digits=9, decimal_places=1, null=True, blank=True)
    water_source = text_column(20)
    disinfection = text_column(20)
    tested_on = models.DateField(null=True, blank=True)
    quality_ok = models.BooleanField(null=True, blank=True)
    quantity_ok = text_column(20)
    convenience = text_column(20)
    reliability_pct = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    people_served = models.PositiveIntegerField(null=True, blank=True)
    households_served = models.PositiveIntegerField(null=True, blank=True)
    natural_villages_served = models.PositiveIntegerField(null=True, blank=True)
    water_fee_per_m3 = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    unmanaged = models.BooleanField(null=True, blank=True)
    responsible_government = text_column(120)
    supervisor = text_column(120)
    operator = text_column(120)
    upkeep_score = models.PositiveSmallIntegerField(null=True, blank=True)
    built_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Feature.Meta):
        db_table = "layers_water_work"
