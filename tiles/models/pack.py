"""An offline pack that is made in the background, and its files for some days."""

from django.conf import settings
from django.contrib.gis.db import models
from django.utils import timezone

from layers.crs import CGCS2000
from layers.models.order import Order


class Pack(Order):
    """What somebody asked for, how far it is, and what came of it.

    `area`, `code` and `name` say what `shape` is (tiles.packs.area). `heartbeat`, `progress` and
    `cancel_requested` belong to the pulse of whoever makes it (layers.pulse).
    """

    FOLDER = "packs"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="packs"
    )
    area = models.CharField(max_length=10)
    code = models.CharField(max_length=30, blank=True)
    name = models.CharField(max_length=60, blank=True)
    shape = models.MultiPolygonField(srid=CGCS2000, spatial_index=False)
    layers = models.JSONField(default=list)
    raster = models.CharField(max_length=50, blank=True)
    max_zoom = models.PositiveSmallIntegerField()
    budget = models.BigIntegerField()
    language = models.CharField(max_length=10)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat = models.DateTimeField(default=timezone.now)
    progress = models.JSONField(default=dict)
    cancel_requested = models.BooleanField(default=False)
    manifest = models.JSONField(default=dict)

    class Meta:
        db_table = "tiles_pack"
        indexes = [models.Index(fields=["owner", "-created_at"], name="pack_owner")]

    def __str__(self) -> str:
        return f"{self.area} {self.name} {self.uid}"
