"""示范区: demonstration zones as dated, editable polygons and member counties."""

from django.contrib.gis.db import models

from layers.crs import CGCS2000
from layers.models.division import Division


class Zone(models.Model):
    code = models.SlugField(max_length=30, primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    programme = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    boundary = models.MultiPolygonField(srid=CGCS2000, null=True, blank=True)

    class Meta:
        db_table = "layers_zone"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ZoneMember(models.Model):
    """A county belongs to a zone between two days."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="members")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="zones")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "layers_zone_member"
        constraints = [
            models.UniqueConstraint(fields=["zone", "division"], name="zone_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.zone_id}: {self.division_id}"
