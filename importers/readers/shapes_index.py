"""Whether the .shp and .shx of a Shapefile are whole, and what they promise.

OGR gives a row whose shape is damaged without any shape, and a warning: that would lose a place
without a word. So what is read is held against what the index says is there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from importers.phrases import gettext_noop
from importers.readers.dbase import Table
from importers.readers.specification import GEOMETRY_COLUMN, FileProblem

HEADER_BYTES = 100
RECORD_HEADER_BYTES = 8
NULL_SHAPE = 0
POINT_TYPES = (1, 11, 21)
LONGEST_EMPTY_BYTES = 44
"""Content of a line or polygon with no parts: type, box, two counts. OGR gives none for it."""


@dataclass(frozen=True, slots=True)
class ShapesIndex:
    """`filled` tells of each record whether it has a shape."""

    filled: NDArray[np.bool_]

    def require(self, table: Table) -> None:
        """Raises FileProblem unless all parts have the same rows."""
        if len(self.filled) != table.records:
            raise FileProblem(
                gettext_noop("The parts do not belong together: %(shapes)d shapes, %(rows)d rows."),
                remedy=gettext_noop("Export or copy the Shapefile again, all parts of it."),
                shapes=len(self.filled),
                rows=table.records,
            )

    def watched(self, batches: Iterable[Any], kept: NDArray[np.bool_]) -> Iterator[Any]:
        """The same batches. Raises FileProblem at the end where rows or shapes are missing."""
        rows = shapes = 0
        for batch in batches:
            rows += batch.num_rows
            shapes += batch.num_rows - batch.column(GEOMETRY_COLUMN).null_count
            yield batch
        expected = int(np.count_nonzero(self.filled & kept))
        if rows < np.count_nonzero(kept) or shapes < expected:
            raise FileProblem(
                gettext_noop(
                    "Of %(expected)d shapes only %(read)d can be read: the .shp is damaged."
                ),
                remedy=gettext_noop("Export or copy the Shapefile again, all parts of it."),
                expected=expected,
                read=shapes,
            )


def read_index(shp: Path) -> ShapesIndex:
    """Raises FileProblem for parts that are cut short, or that point where no shape is."""
    shx = shp.with_suffix(".shx")
    for path in (shp, shx):
        _require_length(path)
    entries = np.fromfile(shx, dtype=">i4", offset=HEADER_BYTES)
    entries = entries[: len(entries) // 2 * 2].reshape(-1, 2).astype(np.int64) * 2
    offsets, lengths = entries[:, 0], entries[:, 1]
    content = np.memmap(shp, dtype=np.uint8, mode="r")
    ends = offsets + RECORD_HEADER_BYTES + lengths
    # A type is four bytes; records of less than that are null shapes to some writers.
    wrong = (offsets < HEADER_BYTES) | (lengths < 0) | (ends > len(content))
    if wrong.any():
        raise FileProblem(
            gettext_noop("The .shx points outside the .shp, first for row %(row)d."),
            remedy=gettext_noop("Export or copy the Shapefile again, all parts of it."),
            row=int(np.flatnonzero(wrong)[0]) + 1,
        )
    places = np.minimum(offsets + RECORD_HEADER_BYTES, len(content) - 1)
    kinds = np.where(lengths > 0, content[places], NULL_SHAPE)
    return ShapesIndex(
        (kinds != NULL_SHAPE) & (np.isin(kinds, POINT_TYPES) | (lengths > LONGEST_EMPTY_BYTES))
    )


def _require_length(path: Path) -> None:
    """Bytes 24 to 27 of a header are the length of the file in 16-bit words."""
    with path.open("rb") as stream:
        head = stream.read(HEADER_BYTES)
    promised = 2 * int.from_bytes(head[24:28], "big")
    if len(head) < HEADER_BYTES or path.stat().st_size < promised:
        raise FileProblem(
            gettext_noop("The %(part)s is cut short."),
            remedy=gettext_noop("Export or copy the Shapefile again, all parts of it."),
            part=path.suffix,
        )
