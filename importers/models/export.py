"""An export that runs in the background, and its file for some days."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class Export(models.Model):
    """What somebody asked for, how far it is, and the file until it expires.

    `prefixes` are the divisions that the file holds rows of (layers.access.policy.Scope), set when
    it begins: whether its owner may still have it is asked of them again. `problem` is the refusal
    in both languages, `notes` what there is to say of the file.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports"
    )
    layer = models.CharField(max_length=40)
    format = models.CharField(max_length=20)
    datum = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    division = models.CharField(max_length=12, blank=True)
    fields = models.JSONField(null=True)
    personal = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    provenance = models.BooleanField(default=False)
    prefixes = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    cancel_asked = models.BooleanField(default=False)
    rows = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    unmasked = models.BigIntegerField(default=0)
    file_name = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(default=0)
    problem = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    progressed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "importers_export"
        indexes = [models.Index(fields=["owner", "-created_at"], name="export_owner")]

    def __str__(self) -> str:
        return f"{self.layer} {self.format} {self.uid}"

    @property
    def active(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)
