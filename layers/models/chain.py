"""What proves the journal: its chain, and the proofs of bulk loads."""

from django.db import models
from django.utils import timezone

from layers.models.journal import Changeset


class ChainLink(models.Model):
    """One link of the chain over the journal (layers/sql/chain.sql); only its triggers write it.

    Positions run from 1 without a gap, in the order of commits: a cursor for whoever follows the
    changes. `hash` is sha256(hash of the link before, digest); `digest` is sha256 of the entry's
    payload, whose kind is one of layers.journal.payloads.
    """

    position = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=12)
    entry_id = models.BigIntegerField()
    digest = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "layers_chain"
        constraints = [
            models.UniqueConstraint(fields=["kind", "entry_id"], name="chain_links_entry_once")
        ]

    def __str__(self) -> str:
        return f"{self.position}:{bytes(self.hash).hex()}"


class Load(models.Model):
    """The proof of a bulk load, whose rows have no entries of their own (layers.editing.loads).

    The load's rows are those of its layer with ids from `first_feature` to `last_feature` that no
    entry made. `blocks` are the SHA-256 digests, 32 bytes each, of its rows as loaded, of `columns`
    and by `block` ids each; the changeset's `digest` is the digest of those.
    """

    changeset = models.OneToOneField(Changeset, on_delete=models.PROTECT, related_name="load")
    layer = models.CharField(max_length=40)
    first_feature = models.BigIntegerField()
    last_feature = models.BigIntegerField()
    columns = models.JSONField()
    block = models.PositiveIntegerField()
    blocks = models.BinaryField()
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "layers_load"
        indexes = [models.Index(fields=["layer", "first_feature"], name="load_of_features")]

    def __str__(self) -> str:
        return f"{self.layer} {self.first_feature}–{self.last_feature}"
