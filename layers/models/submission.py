"""Edits that were received and are not in the journal (yet): nothing that arrives is lost."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from layers.models.journal import Edit, Operation


class Submission(models.Model):
    """An edit in conflict, waiting for an earlier one, held for review, or rejected.

    `request` is the edit as it was sent, personal values sealed. A conflict keeps `base` (what
    the author started from), `mine` (what the author wants) and `theirs` (what stands there now),
    each as journal values of the fields concerned. `division` decides who sees it.
    """

    class Kind(models.TextChoices):
        CONFLICT = "conflict"
        WAITING = "waiting"
        HELD = "held"
        REJECTED = "rejected"

    class Settlement(models.TextChoices):
        OPEN = ""
        APPLIED = "applied"
        DISMISSED = "dismissed"

    uid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    layer = models.CharField(max_length=40)
    operation = models.CharField(max_length=10, choices=Operation.choices)
    feature_id = models.BigIntegerField(null=True)
    division = models.CharField(max_length=12, blank=True, db_collation="C")
    request = models.JSONField()
    base = models.JSONField(default=dict)
    mine = models.JSONField(default=dict)
    theirs = models.JSONField(default=dict)
    theirs_version = models.PositiveIntegerField(null=True)
    problems = models.JSONField(default=list)
    predecessor = models.UUIDField(null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions"
    )
    device = models.CharField(max_length=64, blank=True)
    captured_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(default=timezone.now)
    settlement = models.CharField(max_length=10, choices=Settlement.choices, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_edit = models.ForeignKey(
        Edit, null=True, on_delete=models.PROTECT, related_name="settles"
    )

    class Meta:
        db_table = "layers_submission"
        indexes = [
            models.Index(
                fields=["division", "received_at"],
                name="submission_open",
                condition=models.Q(settlement=""),
            ),
            models.Index(
                fields=["predecessor"],
                name="submission_predecessor",
                condition=models.Q(settlement="", predecessor__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"
