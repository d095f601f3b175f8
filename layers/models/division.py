"""行政区划: the tree of 12-digit codes."""

from django.contrib.gis.db import models

from layers.crs import CGCS2000


class Division(models.Model):
    """One administrative division, valid from a day on until it is replaced.

    Counties (and, dissolved from them, prefectures and the province) have a boundary; a township
    or village may have a seat. `seat_source` says where the seat comes from: a demonstration
    seat is invented and must never be taken for a survey.
    """

    class Level(models.TextChoices):
        PROVINCE = "province"
        PREFECTURE = "prefecture"
        COUNTY = "county"
        TOWNSHIP = "township"
        VILLAGE = "village"

    code = models.CharField(max_length=12, primary_key=True, db_collation="C")
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=Level.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )
    boundary = models.MultiPolygonField(srid=CGCS2000, null=True, blank=True)
    seat = models.PointField(srid=CGCS2000, null=True, blank=True)
    seat_source = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "layers_division"
        indexes = [models.Index(fields=["name"], name="division_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"
