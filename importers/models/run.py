"""One try to load a delivery: for practice or in earnest."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from importers.models.delivery import Delivery
from layers.models.journal import Changeset


class ImportRun(models.Model):
    """`interpretation` is what is carried out, whatever the delivery's corrections become later.

    `uid` tells two attempts of the same run apart from two runs: a run that is started again after
    its worker died loads nothing twice. `problem` says why it was refused or failed.
    """

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("import", "Waiting")
        RUNNING = "running", pgettext_lazy("import", "Running")
        DONE = "done", pgettext_lazy("import", "Done")
        REFUSED = "refused", pgettext_lazy("import", "Refused")
        FAILED = "failed", pgettext_lazy("import", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled")
        UNDOING = "undoing", pgettext_lazy("import", "Being undone")
        UNDONE = "undone", pgettext_lazy("import", "Undone")

    ACTIVE = (State.QUEUED, State.RUNNING, State.UNDOING)

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="runs")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    layer = models.CharField(max_length=40)
    interpretation = models.JSONField()
    dry_run = models.BooleanField()
    skip_rejected = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    problem = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    has_rejects = models.BooleanField(default=False)
    changeset = models.ForeignKey(
        Changeset, null=True, on_delete=models.PROTECT, related_name="import_runs"
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    heartbeat = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "importers_run"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["delivery"],
                condition=Q(state__in=["queued", "running", "undoing"]),
                name="one_active_run_a_delivery",
            )
        ]

    def __str__(self) -> str:
        return f"run {self.uid}"

    @property
    def active(self) -> bool:
        return self.state in self.ACTIVE
