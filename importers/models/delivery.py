"""A delivery: one file, or several that belong together, as somebody sent them for a division."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from layers.models.division import Division


class Delivery(models.Model):
    """Where a delivery stands, and what a person has said about it.

    `corrections` are the person's own words about the file (importers.deliveries.corrections): no
    row's data, only column names, labels of code lists and names of divisions. What the rows hold
    stays in the folder of the delivery, and goes with it on `purge_on`; the record stays.
    """

    class State(models.TextChoices):
        RECEIVING = "receiving", pgettext_lazy("import", "Uploading")
        READING = "reading", pgettext_lazy("import", "Being read")
        OPEN = "open", pgettext_lazy("import", "To be checked")
        UNREADABLE = "unreadable", pgettext_lazy("import", "Cannot be read")
        RUNNING = "running", pgettext_lazy("import", "Running")
        LOADED = "loaded", pgettext_lazy("import", "Loaded")
        UNDONE = "undone", pgettext_lazy("import", "Undone")

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deliveries"
    )
    name = models.CharField(max_length=255)
    layer = models.CharField(max_length=40)
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVING)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    corrections = models.JSONField(default=dict)
    problem = models.JSONField(default=dict)
    progress = models.JSONField(default=dict)
    heartbeat = models.DateTimeField(null=True)
    demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(null=True)
    purge_on = models.DateField()
    purged_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "importers_delivery"
        indexes = [
            models.Index(fields=["division", "-created_at"], name="delivery_of_division"),
            models.Index(fields=["owner", "-created_at"], name="delivery_of_owner"),
            models.Index(fields=["sha256"], name="delivery_by_content"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.uid}"

    @property
    def has_files(self) -> bool:
        return self.purged_at is None


class DeliveryFile(models.Model):
    """One file of a delivery; `received` bytes of `size` are safely on disk.

    `name` is what the sender calls it and is only ever shown; on disk it is `stored`.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="files")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=400)
    stored = models.CharField(max_length=80)
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)

    class Meta:
        db_table = "importers_delivery_file"
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="file_number_once"),
            models.UniqueConstraint(fields=["delivery", "stored"], name="file_stored_once"),
            models.CheckConstraint(
                condition=models.Q(received__gte=0, received__lte=models.F("size")),
                name="file_received_within_size",
            ),
        ]

    def __str__(self) -> str:
        return f"file {self.number} of delivery {self.delivery_id}"

    @property
    def complete(self) -> bool:
        return self.received == self.size
