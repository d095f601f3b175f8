"""What somebody has ordered and a worker makes: its state, and its files for some days."""

import uuid
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class OrderState(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = (OrderState.WAITING, OrderState.RUNNING)


class Order(models.Model):
    """The part that all orders have; layers.orders has what is done with them.

    `prefixes` are the divisions that the files hold features of (layers.access.policy.Scope):
    whether they may still be handed out is asked of them again. `problem` is the refusal in the
    owner's language, `size` that of all files in bytes. A model adds its `owner`.
    """

    FOLDER: ClassVar[str]
    """Of all of the kind, below MEDIA_ROOT, which no web server serves."""
    CANCEL: ClassVar[str] = "cancel_requested"
    """The field by which who makes it hears that it is to stop."""
    State = OrderState

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    prefixes = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.WAITING)
    size = models.BigIntegerField(default=0)
    problem = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def active(self) -> bool:
        return self.state in ACTIVE

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def folder(self) -> Path:
        """Of its own files; it may not be there."""
        return self.folders() / str(self.uid)

    @classmethod
    def folders(cls) -> Path:
        return Path(settings.MEDIA_ROOT) / cls.FOLDER
