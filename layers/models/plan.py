"""变更方案: a changeset under review, before it counts."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from layers.models.journal import Changeset, Operation


class Plan(models.Model):
    """Edits that others look at, comment, approve or return before they are applied together.

    `division` is the smallest division that all its edits lie in; it decides who sees the plan.
    The changeset exists from the start and gets its edits when the plan is applied.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"
        RETURNED = "returned"
        APPROVED = "approved"
        APPLIED = "applied"
        WITHDRAWN = "withdrawn"

    changeset = models.OneToOneField(Changeset, on_delete=models.PROTECT, related_name="plan")
    title = models.CharField(max_length=120)
    purpose = models.TextField(max_length=2000, blank=True)
    division = models.ForeignKey("layers.Division", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="plans"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "layers_plan"
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return self.title


class PlannedEdit(models.Model):
    """One edit of a plan, as it will be sent when the plan is applied; personal values sealed."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="edits")
    position = models.PositiveIntegerField()
    uid = models.UUIDField(unique=True)
    layer = models.CharField(max_length=40)
    operation = models.CharField(max_length=10, choices=Operation.choices)
    feature_id = models.BigIntegerField(null=True)
    division = models.CharField(max_length=12, db_collation="C")
    request = models.JSONField()

    class Meta:
        db_table = "layers_planned_edit"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="planned_edit_position")
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.layer}/{self.feature_id or '+'}"


class PlanEvent(models.Model):
    """What happened to a plan, and what people said about it."""

    class Kind(models.TextChoices):
        COMMENT = "comment"
        SUBMITTED = "submitted"
        RETURNED = "returned"
        APPROVED = "approved"
        APPLIED = "applied"
        WITHDRAWN = "withdrawn"
        CHANGED = "changed"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField(max_length=2000, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "layers_plan_event"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.plan_id}"
