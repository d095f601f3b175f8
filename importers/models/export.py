"""An export that runs in the background, and its file for some days."""

from django.conf import settings
from django.db import models

from layers.models.order import Order


class Export(Order):
    """What somebody asked for, how far it is, and the file until it expires.

    `prefixes` are set when it begins; `notes` is what there is to say of the file.
    """

    FOLDER = "exports"
    CANCEL = "cancel_asked"

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
    cancel_asked = models.BooleanField(default=False)
    rows = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    unmasked = models.BigIntegerField(default=0)
    file_name = models.CharField(max_length=200, blank=True)
    notes = models.JSONField(default=list)
    started_at = models.DateTimeField(null=True)
    progressed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "importers_export"
        indexes = [models.Index(fields=["owner", "-created_at"], name="export_owner")]

    def __str__(self) -> str:
        return f"{self.layer} {self.format} {self.uid}"
