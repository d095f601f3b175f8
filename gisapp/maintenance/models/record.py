"""What was done on a feature, by whom."""

from django.conf import settings
from django.contrib.gis.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gisapp.maintenance.models.rule import UpkeepRule
from layers.crs import CGCS2000


class UpkeepOutcome(models.TextChoices):
    DONE = "done", _("Done")
    DEFECT = "defect", _("Done, found a defect")


class UpkeepRecord(models.Model):
    """One report of upkeep. `uid` comes from the client: the same report twice is one record.

    A mistaken report is not deleted but marked undone; it then counts for nothing. `division` is
    the feature's at that time, so that a record stays readable when the feature is gone.
    `due_before` is the day the feature was due when the report came, which undoing brings back.
    """

    uid = models.UUIDField(unique=True)
    layer = models.CharField(max_length=40)
    feature_id = models.BigIntegerField()
    division = models.CharField(max_length=12, db_collation="C")
    rule = models.ForeignKey(
        UpkeepRule, null=True, blank=True, on_delete=models.PROTECT, related_name="records"
    )
    done_on = models.DateField()
    outcome = models.CharField(
        max_length=10, choices=UpkeepOutcome.choices, default=UpkeepOutcome.DONE
    )
    note = models.CharField(max_length=500, blank=True)
    due_before = models.DateField(null=True, blank=True)
    position = models.PointField(srid=CGCS2000, null=True, blank=True, spatial_index=False)
    accuracy_m = models.FloatField(null=True, blank=True)
    photo_name = models.CharField(max_length=120, blank=True)
    photo_type = models.CharField(max_length=20, blank=True)
    photo_sha256 = models.CharField(max_length=64, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="upkeep_records"
    )
    received_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    demonstration = models.BooleanField(default=False)

    class Meta:
        ordering = ["-done_on", "-pk"]
        indexes = [
            models.Index(fields=["layer", "feature_id", "-done_on"], name="upkeep_of_feature"),
            models.Index(fields=["division", "done_on"], name="upkeep_place"),
        ]

    def __str__(self) -> str:
        return f"{self.layer}/{self.feature_id}: {self.outcome} {self.done_on}"
