"""Batches in portions that fit into memory on both sides of the pipe."""

from collections.abc import Iterable, Iterator
from typing import Any

from importers.phrases import gettext_noop
from importers.readers.specification import GEOMETRY_COLUMN, FileProblem

PORTION_BYTES = 64 << 20
ROW_BYTES = 64 << 20
"""Of one row: a shape of four million vertices. No honest feature comes near it."""


def portioned(batches: Iterable[Any]) -> Iterator[Any]:
    """The same rows; a batch larger than a portion is halved until its parts are not.

    Raises FileProblem for a row that is too large by itself.
    """
    first = 1
    for batch in batches:
        yield from _halved(batch, first)
        first += batch.num_rows


def _halved(batch: Any, first: int) -> Iterator[Any]:
    size = batch.nbytes
    if size <= PORTION_BYTES:
        yield batch
    elif batch.num_rows > 1:
        middle = batch.num_rows // 2
        yield from _halved(batch.slice(0, middle), first)
        yield from _halved(batch.slice(middle), first + middle)
    elif size <= ROW_BYTES:
        yield batch
    else:
        shape = batch.column(GEOMETRY_COLUMN)[0].as_buffer()
        raise FileProblem(
            gettext_noop("Row %(row)d alone has %(megabytes)d MB, its shape %(shape)d MB of them."),
            remedy=gettext_noop("Simplify or split that feature."),
            row=first,
            megabytes=size >> 20,
            shape=(shape.size if shape else 0) >> 20,
        )
