"""农村公路: rural road segments (路段)."""

from django.contrib.gis.db import models

from layers.crs import CGCS2000
from layers.models.feature import Feature, text_column


class Road(Feature):
    """One road segment. `length_m` is the ledger's; the geometry's own is checked against it.

    The route's length is 路线里程 + 断头路 + 重复里程, so `repeated` segments are marked and never
    summed twice.
    """

    geom = models.MultiLineStringField(srid=CGCS2000, null=True, blank=True, spatial_index=False)
    route_code = text_column(10)
    section_no = text_column(3)
    admin_class = text_column(20)
    use = text_column(20)
    technical_grade = text_column(20)
    surface = text_column(20)
    start_stake_km = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    end_stake_km = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    start_name = text_column(80)
    end_name = text_column(80)
    length_m = models.DecimalField(max_digits=10, decimal_places=1, null=True, blank=True)
    roadbed_width_m = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    surface_width_m = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    design_speed_kmh = models.PositiveSmallIntegerField(null=True, blank=True)
    lanes = models.PositiveSmallIntegerField(null=True, blank=True)
    built_year = models.PositiveSmallIntegerField(null=True, blank=True)
    rebuilt_year = models.PositiveSmallIntegerField(null=True, blank=True)
    keeper = text_column(120)
    road_chief = text_column(80)
    listed_for_upkeep = models.BooleanField(null=True, blank=True)
    dead_end = models.BooleanField(null=True, blank=True)
    repeated = models.BooleanField(null=True, blank=True)
    all_weather = models.BooleanField(null=True, blank=True)
    mqi = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    condition_standard = text_column(20)

    class Meta(Feature.Meta):
        db_table = "layers_road"
