"""扶贫项目资产: assets that projects paid for, in three classes."""

from django.contrib.gis.db import models

from layers.crs import CGCS2000
from layers.models.feature import Feature, text_column


class Asset(Feature):
    """An entry of the asset ledger. Equity and claims have no place: `geom` stays null."""

    geom = models.PointField(srid=CGCS2000, null=True, blank=True, spatial_index=False)
    asset_class = text_column(20)
    subclass = text_column(20)
    source_project = text_column(160)
    fund_source = text_column(20)
    funds_yuan = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    original_value_yuan = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True
    )
    net_value_yuan = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    acquired_year = models.PositiveSmallIntegerField(null=True, blank=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    quantity_unit = text_column(20)
    owner_level = text_column(20)
    owner = text_column(120)
    operator = text_column(120)
    operating_mode = text_column(20)
    keeper = text_column(120)
    keeper_person = text_column(80)
    upkeep_funding = text_column(20)
    yearly_income_yuan = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    income_distribution = text_column(200)
    titled_on = models.DateField(null=True, blank=True)
    handed_over_on = models.DateField(null=True, blank=True)
    state = text_column(20)

    class Meta(Feature.Meta):
        db_table = "layers_asset"
