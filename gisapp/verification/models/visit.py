"""One visit to a feature."""

from django.conf import settings
from django.contrib.gis.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layers.crs import CGCS2000


class Verdict(models.TextChoices):
    """What the inspector found, held against the ledger."""

    AS_RECORDED = "as_recorded", _("As recorded")
    DEFECT = "defect", _("Has a defect")
    NOT_FOUND = "not_found", pgettext_lazy("verdict", "Not found")
    UNREACHABLE = "unreachable", _("Could not be reached")


class PositionSource(models.TextChoices):
    """How the place of the visit is known; only DEVICE is evidence."""

    DEVICE = "device", _("Positioned by the device")
    MANUAL = "manual", _("Entered by hand")
    NONE = "none", _("No position")


class Visit(models.Model):
    """An inspection as it was sent: append-only, in the database's eyes too.

    `uid` comes from the client: the same visit sent again is one row. `captured_at` and
    `positioned_at` are the device's clock, `received_at` is ours. `distance_m` is from the
    position to the feature on the ellipsoid, null where either is unknown.
    """

    uid = models.UUIDField(unique=True)
    layer = models.CharField(max_length=40)
    feature_id = models.BigIntegerField()
    division = models.CharField(max_length=12, db_collation="C")
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visits"
    )
    captured_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    position = models.PointField(srid=CGCS2000, null=True, blank=True, spatial_index=False)
    accuracy_m = models.FloatField(null=True, blank=True)
    positioned_at = models.DateTimeField(null=True, blank=True)
    position_source = models.CharField(
        max_length=10, choices=PositionSource.choices, default=PositionSource.NONE
    )
    distance_m = models.FloatField(null=True, blank=True)
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    notes = models.TextField(max_length=2000, blank=True)
    demonstration = models.BooleanField(default=False)

    class Meta:
        ordering = ["-captured_at", "-pk"]
        indexes = [
            models.Index(fields=["layer", "feature_id", "-captured_at"], name="visit_of_feature"),
            models.Index(fields=["division", "captured_at"], name="visit_place"),
        ]

    def __str__(self) -> str:
        return f"{self.layer}/{self.feature_id}: {self.verdict}"
