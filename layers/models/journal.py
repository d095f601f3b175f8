"""The journal: every change of a feature is an Edit, gathered in a Changeset."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Operation(models.TextChoices):
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    RESTORE = "restore"
    SPLIT = "split"
    MERGE = "merge"


class Changeset(models.Model):
    """Edits with one reason: a person's session, a plan that was applied, or a whole import.

    A bulk load has no entry a row: `digest` proves its rows instead (layers.editing.loads), and
    `undoes` names the changeset that this one takes back. `run` is the one attempt that made it,
    written in the same transaction: whoever died after the commit finds that it was done.
    """

    class Kind(models.TextChoices):
        DIRECT = "direct"
        IMPORT = "import"
        DEMONSTRATION = "demonstration"
        PLAN = "plan"

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.DIRECT)
    reason = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="changesets"
    )
    layer = models.CharField(max_length=40, blank=True)
    rows = models.PositiveBigIntegerField(default=0)
    source_name = models.CharField(max_length=255, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    undoes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    run = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "layers_changeset"

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Edit(models.Model):
    """One change of one feature. Append-only: the database refuses to alter or drop a row.

    `old` and `new` map field names to values as text the field can read back; the geometry is
    EWKB in hex, personal fields are encrypted. On create `old` is empty, on delete `new` is.

    A split or a merge touches several features: `part_of` of the entries it brings with it (the
    new pieces, the features that went into the other) names its own entry. `reviewer` is who let
    the edit in, where that was not its author: an approved plan, a late edit that was held.

    `base_edit` is the uid of the earlier edit that a device built this one on, before it knew what
    had become of that; `sent` are the values it sent where the merge made others of them. The two
    tell what the device saw when it goes on from here (layers.editing.branches).
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
    part_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="edits"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    device = models.CharField(max_length=64, blank=True, default="", db_default="")
    base_edit = models.UUIDField(null=True)
    sent = models.JSONField(default=dict, db_default={})
    captured_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "layers_edit"
        constraints = [
            # One version, one entry: the guard of the layer tables asks this index, too.
            models.UniqueConstraint(
                fields=["layer", "feature_id", "version"], name="edit_of_feature_once"
            )
        ]
        # What changed since a moment: past states, change feeds.
        indexes = [models.Index(fields=["layer", "received_at"], name="edit_of_layer_at")]

    def __str__(self) -> str:
        return f"{self.operation} {self.layer}/{self.feature_id} v{self.version}"
