"""Rasters on the map: imagery, elevation and themes, each one file on the grid of web tiles."""

from pathlib import Path

from django.conf import settings
from django.contrib.gis.db import models
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layers.crs import CGCS2000

RASTER_FOLDER = "rasters"
"""Below MEDIA_ROOT."""
NAME_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"
"""It is part of addresses, /rasters/{name}/…, and of the path of the file."""


class RasterKind(models.TextChoices):
    """What the values are, which decides how they are resampled and drawn."""

    IMAGERY = "imagery", _("Imagery")
    ELEVATION = "elevation", _("Elevation")
    THEMATIC = "thematic", _("Thematic raster")


class Raster(models.Model):
    """A cloud-optimised GeoTIFF in EPSG:3857 whose blocks are the 256-pixel tiles of `max_zoom`.

    Its overviews are those of the zooms down to `min_zoom`. `bounds` is the box of its values in
    EPSG:4490, `resolution_m` the side of a pixel on the ground as delivered. Pixels without a value
    equal `nodata` or, where that is None, are masked. `statistics` has one object a band: min, max,
    mean, deviation, and low and high (2nd and 98th percentile) to stretch 16-bit values between.

    A row is for good: importing again replaces the file and counts `version` up, removing sets
    `removed_at` and deletes the file. Whoever's grants touch `division` sees it; a `public` one
    everybody, for which it needs the number of the map's approval, `map_number` (审图号).
    """

    name = models.CharField(
        max_length=50, unique=True, validators=[RegexValidator(rf"^{NAME_PATTERN}\Z")]
    )
    title = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=RasterKind.choices)
    division = models.ForeignKey("layers.Division", on_delete=models.PROTECT, related_name="+")
    public = models.BooleanField(default=False)
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    bounds = models.PolygonField(srid=CGCS2000)
    min_zoom = models.PositiveSmallIntegerField()
    max_zoom = models.PositiveSmallIntegerField()
    bands = models.PositiveSmallIntegerField()
    dtype = models.CharField(max_length=10)
    nodata = models.FloatField(null=True, blank=True)
    statistics = models.JSONField(default=list, blank=True)
    resolution_m = models.FloatField()
    source_datum = models.CharField(max_length=40)
    source = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    map_number = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "layers_raster"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(public=False) | ~models.Q(map_number=""),
                name="public_raster_is_approved",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.name})"

    @property
    def path(self) -> Path:
        return settings.MEDIA_ROOT / self.file

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees of EPSG:4490."""
        west, south, east, north = self.bounds.extent
        return west, south, east, north


class RasterEvent(models.Model):
    """One act on a raster. Append-only: the database refuses to alter or drop a row.

    `details` are the fields of the raster after it, so that what has been replaced is still known.
    """

    class Kind(models.TextChoices):
        IMPORTED = "imported", _("Raster imported")
        REPLACED = "replaced", _("Raster replaced")
        REMOVED = "removed", _("Raster removed")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    raster = models.ForeignKey(Raster, on_delete=models.PROTECT, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    details = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "layers_raster_event"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.raster_id} by {self.actor_id}"
