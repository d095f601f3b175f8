"""Rows gathered while a stream is parsed: cells as text, a shape; handed on in batches."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from importers.phrases import gettext_noop
from importers.readers.specification import BATCH_ROWS, GEOMETRY_COLUMN, FileProblem

MOST_COLUMNS = 1000
MOST_VERTICES_A_BATCH = 1 << 20


@dataclass(slots=True)
class Row:
    cells: dict[str, str] = field(default_factory=dict)
    shape: shapely.Geometry | None = None


@dataclass(slots=True)
class Survey:
    """What a first pass over the file finds: columns in their order, kinds of shapes, rows."""

    columns: dict[str, None] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    rows: int = 0
    repeated: set[str] = field(default_factory=set)
    """Columns that have said something, and only what another column of the same row says."""
    own: set[str] = field(default_factory=set)

    def add(self, row: Row) -> None:
        self.rows += 1
        self.columns.update(dict.fromkeys(row.cells))
        if len(self.columns) > MOST_COLUMNS:
            raise FileProblem(
                gettext_noop("The file has more than %(most)d columns."),
                remedy=gettext_noop("Leave out the columns that are not needed."),
                most=MOST_COLUMNS,
            )
        if row.shape is not None:
            self.kinds.add(row.shape.geom_type)

    def note_repeated(self, row: Row, name: str) -> None:
        """Whether `name` says anything of its own: to be asked of every row."""
        text = row.cells.get(name)
        others = (other for column, other in row.cells.items() if column != name)
        if text and name not in self.own:
            (self.repeated if text in others else self.own).add(name)

    @property
    def geometry_type(self) -> str | None:
        """The one kind there is; "Unknown" for several."""
        if len(self.kinds) > 1:
            return "Unknown"
        return next(iter(self.kinds), None)


class Gathering:
    """Rows waiting for their batch."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        self._rows: list[Row] = []
        self._vertices = 0

    def add(self, row: Row) -> None:
        self._rows.append(row)
        if row.shape is not None:
            self._vertices += shapely.get_num_coordinates(row.shape)

    @property
    def full(self) -> bool:
        return len(self._rows) >= BATCH_ROWS or self._vertices >= MOST_VERTICES_A_BATCH

    def __len__(self) -> int:
        return len(self._rows)

    def taken(self) -> Any:
        """The batch of what was gathered; none of it stays."""
        rows, self._rows, self._vertices = self._rows, [], 0
        shapes = np.array([row.shape for row in rows], dtype=object)
        arrays = [
            pa.array([row.cells.get(name) for row in rows], pa.string()) for name in self._columns
        ]
        arrays.append(pa.array(shapely.to_wkb(shapes).tolist(), pa.binary()))
        return pa.RecordBatch.from_arrays(arrays, names=[*self._columns, GEOMETRY_COLUMN])
