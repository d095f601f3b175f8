"""The journal: every change of a feature is an Edit, gathered in a Changeset."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Operation(models.TextChoices):
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    RESTORE = "restore"


class Changeset(models.Model):
    """Edits with one reason: a person's session, or a whole import."""

    class Kind(models.TextChoices):
        DIRECT = "direct"
        IMPORT = "import"
        DEMONSTRATION = "demonstration"

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.DIRECT)
    reason = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="changesets"
    )
    layer = models.CharField(max_length=40, blank=True)
    rows = models.PositiveBigIntegerField(default=0)
    source_name = models.CharField(max_length=255, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "layers_changeset"

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Edit(models.Model):
    """One change of one feature. Append-only: the database refuses to alter or drop a row.

    `old` and `new` map field names to values as text the field can read back; the geometry is
    EWKB in hex, personal fields are encrypted. On create `old` is empty, on delete `new` is.
    """

    uid = models.UUIDField(unique=True)
    changeset = models.ForeignKey(Changeset, on_delete=models.PROTECT, related_name="edits")
    layer = models.CharField(max_length=40)
    feature_id = models.BigIntegerField()
    operation = models.CharField(max_length=10, choices=Operation.choices)
    outcome = models.CharField(max_length=10)
    base_version = models.PositiveIntegerField(null=True)
    version = models.PositiveIntegerField()
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="edits"
    )
    captured_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "layers_edit"
        indexes = [models.Index(fields=["layer", "feature_id", "version"], name="edit_of_feature")]

    def __str__(self) -> str:
        return f"{self.operation} {self.layer}/{self.feature_id} v{self.version}"
