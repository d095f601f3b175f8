"""户厕与公厕: household and public toilets.

One dwelling is one record, the best toilet where there are several; two households in one dwelling
with two toilets are two records; public toilets are all counted (domain.md, household toilets).
"""

from django.contrib.gis.db import models

from layers.crs import CGCS2000
from layers.models.feature import Feature, text_column


class Toilet(Feature):
    geom = models.PointField(srid=CGCS2000, null=True, blank=True, spatial_index=False)
    category = text_column(20)
    toilet_type = text_column(20)
    beneficiary = text_column(20)
    village_group = text_column(60)
    tank_type = text_column(20)
    completed_on = models.DateField(null=True, blank=True)
    room_area_m2 = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    tank_volume_m3 = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    rectification = text_column(20)
    problem_class = text_column(20)
    publicly_funded = models.BooleanField(null=True, blank=True)
    squat_places = models.PositiveSmallIntegerField(null=True, blank=True)
    treatment = text_column(20)
    keeper = text_column(120)

    class Meta(Feature.Meta):
        db_table = "layers_toilet"
