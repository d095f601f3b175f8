"""Tables written for a person with a spreadsheet program: .xlsx and CSV, row by row.

They hold what the source held of persons, so only the owner of the file may read them; no cell
starts a formula; and memory does not grow with the rows.
"""

import csv
import math
import os
import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any, Protocol, Self

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from importers.formulas import guarded

__all__ = ["MOST_SHEET_ROWS", "CsvWriter", "SheetWriter", "TableWriter", "guarded", "private_file"]

OWNER_ONLY = 0o600
MOST_SHEET_ROWS = 1_048_576
MOST_CELL_LETTERS = 32_767
"""Limits of the format: ECMA-376 leaves them to Excel, which refuses a file beyond them."""
EXACT_BELOW = 10**15
"""Excel keeps 15 digits of a number: an 18-digit identity number would lose its end."""
FIRST_DATE = date(1900, 3, 1)
"""Excel believes in a 29 February 1900; days before the one after it are another day there."""
CUT = "…"

HEADER_FILL = PatternFill("solid", fgColor="DDE8E0")
MARKED_FILL = PatternFill("solid", fgColor="F9C9C0")
TEXT_FORMAT = "@"
NARROWEST, WIDEST = 8.0, 48.0
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
MOST_TITLE_LETTERS = 31


class TableWriter(Protocol):
    """What .xlsx and CSV have in common. `marked` are positions of cells, from 0."""

    def write(self, cells: Sequence[Any], marked: Collection[int] = ()) -> None: ...

    def close(self) -> None: ...


def private_file(path: Path) -> IO[bytes]:
    """A new file, or an old one emptied, that nobody but its owner may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    os.fchmod(descriptor, OWNER_ONLY)
    return os.fdopen(descriptor, "wb")


def width_of(text: str) -> float:
    """Columns of a sheet that the text takes: a Chinese character takes two."""
    wide = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return min(max(wide + 2.0, NARROWEST), WIDEST)


class CsvWriter:
    """UTF-8 with a byte order mark: without it Excel takes Chinese for GBK. Marks are not shown."""

    def __init__(self, path: Path, *, header: Sequence[str]) -> None:
        self._stream = TextIOWrapper(private_file(path), encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._stream)
        self.write(header)

    def write(self, cells: Sequence[Any], marked: Collection[int] = ()) -> None:
        self._writer.writerow([guarded(cell) for cell in cells])

    def close(self) -> None:
        self._stream.close()


class SheetWriter:
    """An .xlsx with a frozen, filtered header; a full sheet is followed by another like it.

    Numbers and dates stay what they are, texts are cells of the format "text", so that "0731" stays
    so when a person edits it. The file is whole only after `close`.
    """

    def __init__(
        self,
        path: Path,
        *,
        title: str,
        header: Sequence[str],
        widths: Sequence[float] = (),
    ) -> None:
        self._file = private_file(path)
        self._book = Workbook(write_only=True)
        self._title = _NOT_IN_TITLE.sub(" ", title).strip("' ") or "1"
        self._header = list(header)
        self._widths = list(widths) or [width_of(name) for name in header]
        self._sheets = 0
        self._begin_sheet()

    def write(self, cells: Sequence[Any], marked: Collection[int] = ()) -> None:
        if self._rows == MOST_SHEET_ROWS:
            self._begin_sheet()
        self._sheet.append(
            [self._cell(column, cell, column in marked) for column, cell in enumerate(cells)]
        )
        self._rows += 1

    def close(self) -> None:
        """Writes the file; nothing more can be written to it."""
        self._filter()
        self._book.save(self._file)
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _begin_sheet(self) -> None:
        if self._sheets:
            self._filter()
        self._sheets += 1
        ending = f" ({self._sheets})" if self._sheets > 1 else ""
        title = self._title[: MOST_TITLE_LETTERS - len(ending)] + ending
        self._sheet: Any = self._book.create_sheet(title)
        self._stamps: dict[tuple[int, type, bool], Any] = {}
        self._sheet.freeze_panes = "A2"
        for column, width in enumerate(self._widths, 1):
            self._sheet.column_dimensions[get_column_letter(column)].width = width
        self._sheet.append([self._heading(name) for name in self._header])
        self._rows = 1

    def _filter(self) -> None:
        last = get_column_letter(max(len(self._header), 1))
        self._sheet.auto_filter.ref = f"A1:{last}{self._rows}"

    def _heading(self, name: str) -> Any:
        cell = WriteOnlyCell(self._sheet, _as_text(name))
        cell.data_type = "s"
        cell.font = Font(bold=True)
        cell.fill = HEADER_FILL
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        return cell

    def _cell(self, column: int, raw: Any, marked: bool) -> Any:
        """A cell object is used again for every row: making and styling one costs the most."""
        value = _as_cell(raw)
        if value is None and not marked:
            return None
        stamp = self._stamps.get((column, type(value), marked))
        if stamp is None:
            stamp = self._stamps[column, type(value), marked] = WriteOnlyCell(self._sheet)
            stamp.number_format = TEXT_FORMAT if isinstance(value, str) else "General"
            if marked:
                stamp.fill = MARKED_FILL
        stamp.value = value
        if isinstance(value, str):
            # Else openpyxl takes "#N/A" for an error and "=…" for a formula.
            stamp.data_type = "s"
        return stamp


def _as_cell(raw: Any) -> Any:
    """A number, date or truth value that the format can hold, or text; None for nothing."""
    if raw is None or isinstance(raw, bool):
        return raw
    if isinstance(raw, (int, float, Decimal)):
        return _as_number(raw)
    if isinstance(raw, date):
        day = raw.date() if isinstance(raw, datetime) else raw
        aware = isinstance(raw, datetime) and raw.tzinfo is not None
        return raw.isoformat() if aware or day < FIRST_DATE else raw
    return _as_text(raw.hex() if isinstance(raw, bytes) else str(raw))


def _as_number(raw: float | Decimal) -> float | Decimal | str | None:
    if math.isnan(raw):
        return None
    if math.isinf(raw):
        return str(raw)
    if -EXACT_BELOW < raw < EXACT_BELOW:
        return raw
    return str(int(raw)) if raw == int(raw) else str(raw)


def _as_text(text: str) -> str:
    clean: str = guarded(_NOT_IN_XML.sub("\ufffd", text))
    return clean if len(clean) <= MOST_CELL_LETTERS else clean[: MOST_CELL_LETTERS - 1] + CUT
