"""A sheet held in memory by a library, as a table: typed columns, no titles, blanks or sums.

It is gone through twice, 20,000 rows at a time: once to learn what each column holds, and once to
hand it on. Python's objects for a million rows never exist at the same time.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

import pyarrow as pa

from importers.formulas import unguarded
from importers.phrases import gettext_noop
from importers.readers import cells
from importers.readers.cells import Row
from importers.readers.layout import LOOKED_AT, Layout, Merge, Notes, layout_of
from importers.readers.specification import (
    BATCH_ROWS,
    GEOMETRY_COLUMN,
    ROW_COLUMN,
    Column,
    Source,
    SourceDescription,
)

EXACT_TO = 2**53
"""A double keeps whole numbers up to here; of a longer id the last digits are gone."""
MOST_SHOWN = 10
_NUMBERS = frozenset({int, float})


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows from the sheet's first, as often as asked; blank cells are "" or None.

    Rows may leave out the sheet's blank first columns: `first_column` is how many. The columns of
    `merges` are the rows'.
    """

    rows: Callable[[], Iterator[Row]]
    merges: Sequence[Merge] = ()
    first_column: int = 0


@dataclass(slots=True)
class _Held:
    """What a column was seen to hold."""

    kinds: set[type] = field(default_factory=set)
    fractions: bool = False
    inexact: bool = False

    def see(self, values: Sequence[Any]) -> None:
        self.kinds |= set(map(type, values)) - {type(None)}
        if float in self.kinds and not (self.fractions and self.inexact):
            numbers = [value for value in values if type(value) is float]
            self.fractions = self.fractions or not all(map(float.is_integer, numbers))
            self.inexact = self.inexact or any(abs(value) >= EXACT_TO for value in numbers)

    def arrow_type(self) -> Any:
        if self.kinds == {bool}:
            return pa.bool_()
        if self.kinds and self.kinds <= _NUMBERS:
            return pa.float64() if self.fractions or self.inexact else pa.int64()
        if self.kinds == {date}:
            return pa.date32()
        if self.kinds and self.kinds <= {date, datetime}:
            return pa.timestamp("us")
        return pa.string()


class Table:
    """The table in a grid. What it leaves out is counted, and told in `notes`."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        top = list(islice(grid.rows(), LOOKED_AT))
        self.layout: Layout = layout_of(top, grid.merges, first_column=grid.first_column)
        self._fills = _fills(grid.merges, self.layout)
        self._left_out: Counter[str] = Counter()
        self._totals: list[int] = []
        self._held = [_Held() for _name in self.layout.names]
        self.count = 0
        for numbers, columns in self._chunks():
            self.count += len(numbers)
            for held, values in zip(self._held, columns, strict=True):
                held.see(values)

    def source(self, *, format_name: str, notes: Notes, **told: Any) -> Source:
        types = [held.arrow_type() for held in self._held]
        names = self.layout.names
        description = SourceDescription(
            format=format_name,
            columns=tuple(Column(*pair) for pair in zip(names, map(str, types), strict=True)),
            geometry_type=None,
            crs=None,
            crs_stated=False,
            rows=self.count,
            notes=(*notes, *self.layout.notes(), *self._notes()),
            **told,
        )
        return Source(description, self._batches(types))

    def _batches(self, types: Sequence[Any]) -> Iterator[Any]:
        schema = pa.schema(
            [
                *zip(self.layout.names, types, strict=True),
                (GEOMETRY_COLUMN, pa.binary()),
                (ROW_COLUMN, pa.int64()),
            ]
        )
        for numbers, columns in self._chunks():
            arrays = [_array(values, kind) for values, kind in zip(columns, types, strict=True)]
            places = pa.nulls(len(numbers), pa.binary())
            yield pa.RecordBatch.from_arrays(
                [*arrays, places, pa.array(numbers, pa.int64())], schema=schema
            )

    def _chunks(self) -> Iterator[tuple[list[int], list[list[Any]]]]:
        """Row numbers as the sheet counts them, and the named columns' values."""
        self._left_out.clear()
        self._totals.clear()
        self._fills.values.clear()
        rows = self._rows()
        while chunk := list(islice(rows, BATCH_ROWS)):
            numbers, values = zip(*chunk, strict=True)
            width = max(self.layout.columns) + 1
            padded = [row if len(row) >= width else [*row, *[None] * width] for row in values]
            every = list(zip(*(row[:width] for row in padded), strict=True))
            yield list(numbers), [_cleaned(every[column]) for column in self.layout.columns]

    def _rows(self) -> Iterator[tuple[int, Row]]:
        """Every row that counts, with its number. A remark counts if a row follows it."""
        remarks: list[tuple[int, Row]] = []
        width = len(self.layout.columns)
        for number, row in self._body():
            if cells.is_total(row):
                self._totals.append(number)
            elif cells.is_closing(row, width):
                remarks.append((number, row))
            else:
                yield from remarks
                remarks.clear()
                yield number, row
        self._left_out["closing"] = len(remarks)

    def _body(self) -> Iterator[tuple[int, Row]]:
        """The rows below the header that hold something and do not repeat it."""
        heading: list[Any] = []
        last_of_header = self.layout.header.stop if self.layout.header else 0
        for number, row in enumerate(self._grid.rows(), 1):
            if number == last_of_header:
                heading = list(row)
            if number <= self.layout.first_row:
                continue
            full = self._filled(number - 1, row)
            if all(cells.is_blank(cell) for cell in full):
                continue
            if heading and list(full) == heading:
                self._left_out["headers"] += 1
                continue
            yield number, full

    def _filled(self, number: int, row: Row) -> Row:
        """With the values of ranges merged downwards that reach into this row."""
        ranges = self._fills.starting.get(number, ())
        for merge in ranges:
            if merge.left < len(row):
                self._fills.values[merge.left] = (merge.bottom, row[merge.left])
        active = self._fills.values
        if not active:
            return row
        filled = list(row)
        for column, (bottom, value) in list(active.items()):
            if number > bottom:
                del active[column]
            elif column < len(filled) and filled[column] in ("", None):
                filled[column] = value
                self._left_out["filled"] += 1
        return filled

    def _notes(self) -> Notes:
        notes: Notes = []
        if self._totals:
            shown = ", ".join(map(str, self._totals[:MOST_SHOWN]))
            more = ", …" if len(self._totals) > MOST_SHOWN else ""
            text = gettext_noop("Rows of totals, not read: %(rows)s")
            notes.append((text, {"rows": shown + more}))
        counted = (
            ("closing", gettext_noop("Remarks below the table, not read: %(count)d")),
            ("headers", gettext_noop("Rows that repeat the header, not read: %(count)d")),
            ("filled", gettext_noop("Blank cells filled from the merged cell above: %(count)d")),
        )
        for key, text in counted:
            if self._left_out[key]:
                notes.append((text, {"count": self._left_out[key]}))
        inexact = [
            name for name, held in zip(self.layout.names, self._held, strict=True) if held.inexact
        ]
        if inexact:
            text = gettext_noop(
                "Numbers of more than 15 digits, whose end the spreadsheet has lost: %(names)s"
            )
            notes.append((text, {"names": ", ".join(inexact)}))
        return notes


@dataclass(slots=True)
class _Fills:
    """Merged ranges of the data that go down, by the row they start in; those now open."""

    starting: dict[int, list[Merge]]
    values: dict[int, tuple[int, Any]] = field(default_factory=dict)


def _fills(merges: Sequence[Merge], layout: Layout) -> _Fills:
    starting: dict[int, list[Merge]] = {}
    for merge in merges:
        if merge.bottom > merge.top >= layout.first_row:
            starting.setdefault(merge.top, []).append(merge)
    return _Fills(starting)


def _cleaned(values: Sequence[Any]) -> list[Any]:
    """Blank text is nothing, and a text is what it was before an export guarded it."""
    if not any(type(value) is str for value in values):
        return list(values)
    return [_text_or_none(value) if type(value) is str else value for value in values]


def _text_or_none(text: str) -> str | None:
    if not text or text.isspace():
        return None
    return unguarded(text) if text[0] == "'" else text


def _array(values: list[Any], kind: Any) -> Any:
    if pa.types.is_string(kind):
        texts = [
            value if value is None or type(value) is str else cells.text_of(value)
            for value in values
        ]
        return pa.array(texts, kind)
    if pa.types.is_int64(kind):
        return pa.array(values, pa.float64()).cast(kind)
    if pa.types.is_timestamp(kind):
        return pa.array([_moment(value) for value in values], kind)
    return pa.array(values, kind)


def _moment(value: Any) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001  (a sheet has no zones)
