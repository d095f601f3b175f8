"""What every writer is handed, and what it offers; the mirror of importers.readers.specification.

A writer knows nothing of layers, grants or the database: it gets columns with their headers, a
stream of record batches and the reference system, and leaves one file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, Self

import pyarrow as pa
from pyproj import CRS

GEOMETRY_COLUMN = "__geometry__"
"""The last column of every batch: WKB in the target's own ordinates, x first; null for no place."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `name` is ASCII, `label` is in the file's language, `header` has the unit, too.

    `width` is how many characters a text has at most, 0 where nothing says so. `meaning` explains
    the column in a list of fields.
    """

    name: str
    label: str
    header: str
    type: pa.DataType
    width: int = 0
    meaning: str = ""

    def with_width(self, width: int) -> Self:
        return replace(self, width=width)


@dataclass(frozen=True, slots=True)
class DrawingLayer:
    """A value of the classifying column, and the colour it is drawn in (#rrggbb)."""

    label: str
    color: str


@dataclass(frozen=True, slots=True)
class Rows:
    """All that becomes of one export.

    `table` is an ASCII name, `title` what people read; `geometry` is point, line or polygon; `crs`
    is None for a reference system that has no description (its name is in `datum` all the same).
    `about` are pairs of a label and a text for the file's metadata. `classes` are the values of
    the column `classify`, `color` is for the rest.
    `count` is how many rows are expected, None where nobody counted; `places_may_lack` says that
    some of them may have no place.
    """

    table: str
    title: str
    geometry: str
    crs: CRS | None
    datum: str
    columns: tuple[Column, ...]
    batches: Iterator[pa.RecordBatch]
    about: tuple[tuple[str, str], ...] = ()
    language: str = "zh"
    classify: str = ""
    classes: tuple[DrawingLayer, ...] = ()
    color: str = "#17604f"
    count: int | None = None
    places_may_lack: bool = False

    def with_columns(self, columns: tuple[Column, ...]) -> Self:
        return replace(self, columns=columns)

    @property
    def description(self) -> str:
        return "\n".join(f"{label}: {text}" for label, text in self.about)

    def position(self, name: str) -> int | None:
        """Where a column stands in a batch; None where it was left out."""
        names = [column.name for column in self.columns]
        return names.index(name) if name in names else None


@dataclass(slots=True)
class Written:
    """What a writer says of its file: (English text, parameters) for the report."""

    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


class WriteProblem(Exception):
    """Why the format cannot hold the rows: an English text to translate, and the remedy."""

    def __init__(self, text: str, *, remedy: str = "", **parameters: Any) -> None:
        super().__init__(text % parameters)
        self.text = text
        self.remedy = remedy
        self.parameters = parameters


class Writer(Protocol):
    """One format."""

    def write(self, rows: Rows, target: Path) -> Written:
        """Leaves a whole file at `target`, which must not exist. Raises WriteProblem, OSError."""
