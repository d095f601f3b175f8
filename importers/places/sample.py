"""Rows to judge by: their ordinates as the file has them, and the county that each states."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from importers.interpretation import PlaceReading
from importers.places.datums import Ordinates
from importers.places.rows import read_rows

MOST_ROWS = 50_000
"""Enough for the few rows near a boundary, where an offset shows; some 0.1 s a candidate."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Of the rows that have a place. `counties` are 12-digit codes, "" where none is stated."""

    ordinates: Ordinates
    sexagesimal: NDArray[np.bool_]
    counties: NDArray[np.str_]
    batch: pa.RecordBatch
    unread: int

    def turned(self) -> "Sample":
        """With east and north exchanged."""
        return replace(self, ordinates=self.ordinates[:, ::-1])

    def __len__(self) -> int:
        return len(self.ordinates)


def sample_of(
    reading: PlaceReading,
    batches: Sequence[pa.RecordBatch],
    divisions: Sequence[str] | None,
) -> Sample:
    """`divisions` are codes row by row, as long as the batches together."""
    batch = joined(batches, MOST_ROWS)
    raw = read_rows(batch, reading)
    rows = np.flatnonzero(raw.rows.present)
    ordinates = raw.rows.standing(rows)
    finite = np.isfinite(ordinates).all(axis=1)
    rows, ordinates = rows[finite], ordinates[finite]
    return Sample(
        ordinates,
        raw.sexagesimal[rows],
        _counties(divisions, batch.num_rows)[rows],
        batch.take(pa.array(rows)),
        len(raw.reasons),
    )


def joined(batches: Sequence[pa.RecordBatch], most: int) -> pa.RecordBatch:
    """The first rows as one batch."""
    kept, left = [], most
    for batch in batches:
        kept.append(batch.slice(0, left))
        left -= kept[-1].num_rows
        if left <= 0:
            break
    return pa.concat_batches(kept)


def _counties(divisions: Sequence[str] | None, count: int) -> NDArray[np.str_]:
    """A prefecture or the province is no county: such a row says nothing about its place."""
    stated = ["" for _ in range(count)] if divisions is None else list(divisions[:count])
    return np.array(
        [f"{code[:6]}000000" if len(code) >= 6 and code[4:6] != "00" else "" for code in stated],
        dtype="<U12",
    )
