"""Where in a sheet the table is: titles above it, its header of one to three rows, its columns.

People fill in forms: a merged title, “填报单位：…”, group headings above columns, a row of units, a
row of column numbers. What is found here is told in the notes of the file's description.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from importers.phrases import gettext_noop
from importers.readers import cells
from importers.readers.cells import Row
from importers.readers.specification import (
    GEOMETRY_COLUMN,
    ROW_COLUMN,
    UNREADABLE_COLUMN,
    FileProblem,
)

LOOKED_AT = 60
"""Rows from the top in which the header must stand."""
MOST_HEADER_ROWS = 3
MOST_COLUMNS = 300
FULL_ENOUGH = 0.6
"""A header names at least this share of the columns that rows fill."""
RESERVED = (GEOMETRY_COLUMN, UNREADABLE_COLUMN, ROW_COLUMN)
Notes = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; rows and columns are counted from 0 and included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def wide(self) -> bool:
        return self.right > self.left


@dataclass(frozen=True, slots=True)
class Layout:
    """`names` belong to the positions `columns`; the data begin with row `first_row` (from 0).

    `header` is None where the file has none: then columns are called by their position.
    """

    columns: tuple[int, ...]
    names: tuple[str, ...]
    first_row: int
    header: range | None

    def notes(self) -> Notes:
        if self.header is None:
            return [(gettext_noop("There is no header: columns are named by position."), {})]
        notes: Notes = []
        if self.header.start:
            notes.append(
                (
                    gettext_noop("Rows above the header, not read: %(rows)d"),
                    {"rows": self.header.start},
                )
            )
        if len(self.header) > 1:
            notes.append(
                (
                    gettext_noop("The header has %(rows)d rows; each column's names were joined."),
                    {"rows": len(self.header)},
                )
            )
        return notes


def layout_of(
    rows: Sequence[Row], merges: Sequence[Merge] = (), *, first_column: int = 0
) -> Layout:
    """From the first LOOKED_AT rows. Raises FileProblem: no cell at all, or too many columns.

    `first_column` is the sheet's column that the rows begin with: nameless ones are called by it.
    """
    looked_at = [list(row) for row in rows[:LOOKED_AT]]
    if not any(cells.filled(row) for row in looked_at):
        raise FileProblem(
            gettext_noop("The table has no cells."),
            remedy=gettext_noop("Check that it is the right file and sheet."),
        )
    spread = _spread(looked_at, merges)
    top = _top(looked_at, spread)
    if _begins_with_data(looked_at, top) and not _merged_at(top, merges):
        names = [""] * max(len(row) for row in looked_at)
        return _layout(looked_at, names, top, None, first_column)
    bottom = _bottom(looked_at, top, merges)
    if top and _groups(looked_at, top - 1, merges):
        top -= 1
    first_row = bottom + 1
    if first_row < len(looked_at) and _numbers_columns(looked_at[first_row]):
        first_row += 1
    names = _names(looked_at, range(top, bottom + 1), merges)
    return _layout(looked_at, names, first_row, range(top, bottom + 1), first_column)


def _spread(rows: list[list[Any]], merges: Sequence[Merge]) -> list[list[Any]]:
    """The rows with every merged range's text in all columns of its first row."""
    spread = [list(row) for row in rows]
    for merge in merges:
        if merge.top < len(rows) and merge.left < len(rows[merge.top]):
            row = spread[merge.top]
            row.extend([None] * (merge.right + 1 - len(row)))
            row[merge.left : merge.right + 1] = [row[merge.left]] * (merge.right + 1 - merge.left)
    return spread


def _top(rows: list[list[Any]], spread: list[list[Any]]) -> int:
    """The first row that names enough columns and is not about the table as a whole."""
    counts = sorted((cells.filled(row) for row in spread), reverse=True)
    usual = counts[1] if len(counts) > 1 else counts[0]
    # One row that is longer than all others (a stray cell) sets no measure; two do.
    enough = max(math.ceil(usual * FULL_ENOUGH), min(2, counts[0]))
    widest = max(cells.filled(row) for row in rows)
    for number, row in enumerate(rows):
        said = cells.filled(row)
        # A title merged over all columns fills them and still is one cell.
        if cells.filled(spread[number]) < enough or said < min(2, enough):
            continue
        if said < widest and any(cells.is_remark(cell) for cell in row):
            continue
        return number
    return next(number for number, row in enumerate(rows) if cells.filled(row))


def _begins_with_data(rows: list[list[Any]], top: int) -> bool:
    """Whether the row is of the same kind as the one below it: a number on numbers, not a month."""
    below = rows[top + 1] if top + 1 < len(rows) else rows[top]
    return any(
        cells.is_data(cell) and cells.sort_of(cell) == cells.sort_of(_at(below, column))
        for column, cell in enumerate(rows[top])
    )


def _merged_at(row: int, merges: Sequence[Merge]) -> bool:
    return any(merge.top <= row <= merge.bottom for merge in merges)


def _bottom(rows: list[list[Any]], top: int, merges: Sequence[Merge]) -> int:
    bottom = top
    while (
        bottom + 1 < len(rows)
        and bottom + 1 - top < MOST_HEADER_ROWS
        and _goes_on(rows, top, bottom, merges)
    ):
        bottom += 1
    return bottom


def _goes_on(rows: list[list[Any]], top: int, bottom: int, merges: Sequence[Merge]) -> bool:
    """Whether the row below `bottom` still belongs to the header."""
    above, below = rows[bottom], rows[bottom + 1]
    if any(top <= merge.top <= bottom < merge.bottom for merge in merges):
        return True
    texts = [cell for cell in below if not cells.is_blank(cell)]
    if not texts or not all(cells.is_label(cell) for cell in texts):
        return False
    if all(cells.is_unit(cell) for cell in texts):
        return True
    if any(merge.wide and merge.top <= bottom <= merge.bottom for merge in merges):
        return True
    return _completes(above, below)


def _completes(above: Row, below: Row) -> bool:
    """Without merges: names stand below gaps and group headings only, and below all of them.

    >>> _completes(["名称", "坐标", None, "备注"], [None, "经度", "纬度", None])
    True
    >>> _completes(["名称", "方式", None], ["十八洞", "城镇", "扶贫"])
    False
    """
    fills = False
    for column in range(max(len(above), len(below))):
        over, under, next_over = _at(above, column), _at(below, column), _at(above, column + 1)
        if cells.is_blank(under):
            if cells.is_blank(over) and fills:
                return False
            continue
        if not cells.is_blank(over) and not cells.is_blank(next_over):
            return False
        if not cells.is_blank(over) and column + 1 >= len(above):
            return False
        fills = fills or cells.is_blank(over)
    return fills


def _groups(rows: list[list[Any]], number: int, merges: Sequence[Merge]) -> bool:
    """Whether a sparse row above the header holds headings of groups of its columns."""
    row = rows[number]
    texts = [cell for cell in row if not cells.is_blank(cell)]
    if not all(cells.is_label(cell) and not cells.is_remark(cell) for cell in texts):
        return False
    if any(letter.isdigit() for cell in texts for letter in cell):
        return False
    heads = [merge for merge in merges if merge.top == number and merge.wide]
    if heads:
        whole = max(len(each) for each in rows)
        return all(merge.right - merge.left + 1 < whole for merge in heads)
    first, first_below = _first_column(row), _first_column(rows[number + 1])
    return len(texts) > 1 and first <= first_below


def _first_column(row: Row) -> int:
    return next((at for at, cell in enumerate(row) if not cells.is_blank(cell)), len(row))


def _numbers_columns(row: Row) -> bool:
    """“1 2 3 4 …” or “甲 乙 1 2 …” below a header, as statistical forms have it."""
    texts = [cells.text_of(cell).strip("() （）") for cell in row if not cells.is_blank(cell)]
    numbers = [text for text in texts if text not in "甲乙丙丁戊己庚辛"]
    return len(texts) > 2 and numbers == [str(each + 1) for each in range(len(numbers))]


def _names(rows: list[list[Any]], header: range, merges: Sequence[Merge]) -> list[str]:
    """One name a column: its parts from the top down, told once each, a unit in brackets."""
    spread = _spread(rows, merges)
    width = max(len(row) for row in rows)
    names: list[str] = []
    for column in range(width):
        parts: list[str] = []
        for number in header:
            row = spread[number]
            cell = _at(row, column)
            last = number == header.stop - 1
            if cells.is_blank(cell) and not last and not merges:
                cell = _group_heading(rows, number, column)
            text = cells.name_text(cell)
            if text and number > header.start and cells.is_unit(cell) and parts:
                parts[-1] += f"({text.strip('()（） ')})"
            elif text and text not in parts:
                parts.append(text)
        names.append(" ".join(parts))
    return names


def _group_heading(rows: list[list[Any]], number: int, column: int) -> Any:
    """The heading to the left, over a column that has a name of its own below."""
    if cells.is_blank(_at(rows[number + 1], column)):
        return None
    before = rows[number][:column]
    return next((cell for cell in reversed(before) if not cells.is_blank(cell)), None)


def _layout(
    rows: list[list[Any]],
    names: list[str],
    first_row: int,
    header: range | None,
    first_column: int,
) -> Layout:
    """Columns with a name or with cells below it; those without a name are called by position."""
    body = rows[first_row:]
    kept: dict[int, str] = {}
    taken: set[str] = set()
    for column, name in enumerate(names):
        if name or any(not cells.is_blank(_at(row, column)) for row in body):
            kept[column] = _told_apart(name or position_name(first_column + column), taken)
            taken.add(kept[column])
    if len(kept) > MOST_COLUMNS:
        raise FileProblem(
            gettext_noop("The table has %(columns)d columns; at most %(most)d can be read."),
            remedy=gettext_noop("Send only the columns that are meant for the layer."),
            columns=len(kept),
            most=MOST_COLUMNS,
        )
    if taken & set(RESERVED):
        raise FileProblem(
            gettext_noop("A column is named like the importer's own: %(names)s."),
            remedy=gettext_noop("Rename the column."),
            names=", ".join(RESERVED),
        )
    return Layout(tuple(kept), tuple(kept.values()), first_row, header)


def position_name(column: int) -> str:
    """
    >>> position_name(0)
    '第1列'
    """
    return f"第{column + 1}列"


def _told_apart(name: str, taken: set[str]) -> str:
    unique, number = name, 2
    while unique in taken:
        unique, number = f"{name}_{number}", number + 1
    return unique


def _at(row: Row, column: int) -> Any:
    return row[column] if column < len(row) else None
