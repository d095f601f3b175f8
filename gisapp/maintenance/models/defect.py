"""What is broken."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gisapp.maintenance.models.record import UpkeepRecord


class Severity(models.TextChoices):
    MINOR = "minor", _("Minor")
    MAJOR = "major", _("Major")
    DANGEROUS = "dangerous", _("Dangerous")


class Defect(models.Model):
    """A defect of a feature: while one is open, the feature is defective (待修).

    It may come from an upkeep report (`record`) or from elsewhere, such as an inspection; `uid`
    is then the report's own, so that it cannot open two.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("defect", "Open")
        CLOSED = "closed", pgettext_lazy("defect", "Closed")
        WITHDRAWN = "withdrawn", pgettext_lazy("defect", "Withdrawn")

    uid = models.UUIDField(unique=True, default=uuid.uuid4)
    layer = models.CharField(max_length=40)
    feature_id = models.BigIntegerField()
    division = models.CharField(max_length=12, db_collation="C")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    severity = models.CharField(max_length=10, choices=Severity.choices, default=Severity.MINOR)
    description = models.CharField(max_length=500)
    record = models.ForeignKey(
        UpkeepRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="defects"
    )
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reported_defects"
    )
    reported_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_record = models.ForeignKey(
        UpkeepRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="repaired"
    )
    closing_note = models.CharField(max_length=500, blank=True)
    demonstration = models.BooleanField(default=False)

    class Meta:
        ordering = ["-reported_at", "-pk"]
        indexes = [
            models.Index(fields=["layer", "feature_id", "state"], name="defect_of_feature"),
            models.Index(fields=["division", "state"], name="defect_place"),
        ]

    def __str__(self) -> str:
        return f"{self.layer}/{self.feature_id}: {self.state} {self.description[:40]}"
