"""A delivered file, open in the box: once for a proposal and for the import that follows it."""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from importers import source
from importers.box.reading import Boxed, opened_in_box
from importers.source import Identity

MOST_SAMPLED = 20_000
"""Rows that a proposal is made of: the first ones."""


@dataclass(frozen=True, slots=True)
class Opened:
    """At its first row. `identity` is the file's from before it was opened."""

    path: Path
    table: str
    identity: Identity
    boxed: Boxed

    def sampled(self) -> "tuple[list[pa.RecordBatch], Opened]":
        """The first rows, MOST_SAMPLED at most, and the file as if they had not been read."""
        batches: list[pa.RecordBatch] = []
        missing = MOST_SAMPLED
        while missing > 0 and (batch := next(self.boxed.batches, None)) is not None:
            batches.append(batch)
            missing -= batch.num_rows
        again = replace(self.boxed, batches=itertools.chain(batches, self.boxed.batches))
        return list(_first(batches)), replace(self, boxed=again)


@contextmanager
def opened(path: Path, table: str) -> Iterator[Opened]:
    """Raises FileProblem, here or while the rows are read; Rejected where there is no file."""
    identity = source.identity(path)
    with opened_in_box(path, table=table or None) as boxed:
        yield Opened(path, table, identity, boxed)


def _first(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    room = MOST_SAMPLED
    for batch in batches:
        yield batch.slice(0, room)
        room -= min(batch.num_rows, room)
