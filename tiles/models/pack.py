"""An offline pack that is made in the background, and its files for some days."""

import uuid

from django.conf import settings
from django.contrib.gis.db import models
from django.utils import timezone

from layers.crs import CGCS2000


class Pack(models.Model):
    """What somebody asked for, how far it is, and what came of it.

    `area`, `code` and `name` say what `shape` is (tiles.packs.area). `prefixes` are the divisions
    whose features may be in the files (layers.access.policy.Scope): whether they may still be
    handed out is asked of them again. `heartbeat`, `progress` and `cancel_requested` belong to the
    pulse of whoever makes it (layers.pulse). `problem` is the refusal in the maker's language.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
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
    prefixes = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat = models.DateTimeField(default=timezone.now)
    progress = models.JSONField(default=dict)
    cancel_requested = models.BooleanField(default=False)
    manifest = models.JSONField(default=dict)
    size = models.BigIntegerField(default=0)
    problem = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "tiles_pack"
        indexes = [models.Index(fields=["owner", "-created_at"], name="pack_owner")]

    def __str__(self) -> str:
        return f"{self.area} {self.name} {self.uid}"

    @property
    def active(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)
