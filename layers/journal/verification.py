"""Verifies the journal against itself, its chain, the layers' rows and the loads' digests."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction

from layers.journal.entries import Progress, contiguous_versions, linked_entries
from layers.journal.findings import Finding
from layers.journal.guards import guards_in_place
from layers.journal.head import EMPTY, Head
from layers.journal.links import ChainWalk
from layers.journal.proofs import proven_loads
from layers.journal.replay import replayed_rows, unbroken_values
from layers.registry import LAYERS
from layers.registry.specification import Layer


def _silent(what: str, done: int) -> None:
    """Progress that nobody follows."""


@dataclass
class Verification:
    """One run over one snapshot of the database. `head` is known once `findings` has ended.

    `layers` limits the comparison of rows; the chain and the entries are always verified whole.
    `full` also compares every entry's old values with what the entries before it left.
    """

    anchors: tuple[Head, ...] = ()
    layers: Sequence[Layer] = field(default_factory=lambda: list(LAYERS.values()))
    full: bool = False
    progress: Progress = _silent
    head: Head = EMPTY

    def findings(self) -> Iterator[Finding]:
        with one_snapshot():
            yield from guards_in_place(list(self.layers))
            walk = ChainWalk(self.anchors)
            yield from walk.findings()
            self.head = walk.head
            yield from linked_entries(self.progress)
            for layer in self.layers:
                yield from contiguous_versions(layer)
                yield from replayed_rows(layer, self.progress)
                if self.full:
                    yield from unbroken_values(layer, self.progress)
                yield from proven_loads(layer, self.progress)


@contextmanager
def one_snapshot() -> Iterator[None]:
    """A transaction that sees the database as it is now, whatever is written meanwhile.

    Inside another transaction, as in tests, that one's view is used.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
