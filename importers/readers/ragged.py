"""Rows of a delimited file with too few or too many cells, which pyarrow leaves to its caller."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from importers.readers.dialect import Dialect, lines_of
from importers.readers.layout import position_name
from importers.readers.recoding import row_too_long


class RaggedRows:
    """Weaves them into the blocks at their place. A row that is short is filled with blanks.

    What `woven` yields has two columns more: the surplus cells' positions as text, and the number
    of the row in the file, which begins with `first_number`.
    """

    def __init__(self, dialect: Dialect, width: int, *, first_number: int) -> None:
        self._dialect = dialect
        self._width = width
        self._before = first_number - 1
        self._waiting: list[tuple[int, str]] = []
        self._next = 1

    def take(self, row: Any) -> str:
        """pyarrow's handler of invalid rows; numbers there begin with 1."""
        self._waiting.append((row.number, row.text))
        return "skip"

    def woven(self, blocks: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        names: list[str] = [str(column) for column in range(self._width)] + ["surplus", "number"]
        for block in blocks:
            numbers = self._numbers(block.num_rows)
            last = int(numbers[-1]) if len(numbers) else self._next - 1
            due = [each for each in self._waiting if each[0] <= last]
            self._waiting = self._waiting[len(due) :]
            self._next = last + 1
            whole = pa.RecordBatch.from_arrays(
                [
                    *block.columns,
                    pa.nulls(block.num_rows, pa.string()),
                    pa.array(numbers + self._before, pa.int64()),
                ],
                names=names,
            )
            yield self._in_order(whole, self._batch(due, names)) if due else whole
        if self._waiting:
            yield self._batch(self._waiting, names)

    def _numbers(self, count: int) -> Any:
        """The numbers of the next `count` rows that fitted: those between are of rows that wait."""
        candidates = np.arange(self._next, self._next + count + len(self._waiting))
        taken = [number for number, _text in self._waiting]
        return candidates[~np.isin(candidates, taken)][:count]

    def _batch(self, rows: list[tuple[int, str]], names: list[str]) -> pa.RecordBatch:
        cells = [self._cells(text) for _number, text in rows]
        surplus = [
            ", ".join(
                position_name(self._width + at)
                for at, cell in enumerate(row[self._width :])
                if cell.strip()
            )
            or None
            for row in cells
        ]
        padded = [[*row[: self._width], *[""] * (self._width - len(row))] for row in cells]
        columns = [
            pa.array([cell or None for cell in column], pa.string())
            for column in zip(*padded, strict=True)
        ]
        numbers = pa.array([number + self._before for number, _text in rows], pa.int64())
        return pa.RecordBatch.from_arrays(
            [*columns, pa.array(surplus, pa.string()), numbers], names=names
        )

    def _cells(self, text: str) -> list[str]:
        try:
            return next(self._dialect.records(lines_of(text)), [])
        except csv.Error as error:
            raise row_too_long() from error

    def _in_order(self, block: pa.RecordBatch, others: pa.RecordBatch) -> pa.RecordBatch:
        together = pa.Table.from_batches([block, others]).combine_chunks()
        order = pa.compute.sort_indices(together, sort_keys=[("number", "ascending")])
        return together.take(order).combine_chunks().to_batches()[0]
