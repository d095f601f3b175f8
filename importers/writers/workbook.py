"""XLSX, row by row: numbers and dates are such, texts are cells of the format “text”."""

from pathlib import Path
from typing import Any

import pyarrow as pa
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from importers.phrases import gettext_noop
from importers.writers.guarding import guarded, guarded_column
from importers.writers.naming import headers, told_apart
from importers.writers.places_in_cells import PlaceColumns
from importers.writers.specification import Rows, WriteProblem, Written

MOST_ROWS = 1_048_575
"""Below the header; a sheet has 1,048,576 rows."""
MOST_LETTERS = 32_767
MOST_TITLE_LETTERS = 31
HEADER_FILL = PatternFill("solid", fgColor="E4F0EB")
TEXT_FORMAT = "@"
WIDTH = 16


class WorkbookWriter:
    def write(self, rows: Rows, target: Path) -> Written:
        places = PlaceColumns.of(rows)
        names = told_apart([*headers(rows.columns), *places.headers])
        book = Workbook(write_only=True)
        book.properties.title = rows.title
        book.properties.description = rows.description
        sheet: Any = book.create_sheet(rows.title[:MOST_TITLE_LETTERS])
        sheet.freeze_panes = "A2"
        for number in range(1, len(names) + 1):
            sheet.column_dimensions[get_column_letter(number)].width = WIDTH
        sheet.append([_heading(sheet, name) for name in names])
        stamps = _Stamps(sheet, len(names))
        for batch in rows.batches:
            for cells in _rows(batch, places):
                sheet.append([stamps.cell(at, value) for at, value in enumerate(cells)])
        book.save(target)
        return Written()


def _heading(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, guarded(name))
    cell.font = Font(bold=True)
    cell.fill = HEADER_FILL
    return cell


def _rows(batch: pa.RecordBatch, places: PlaceColumns) -> Any:
    arrays = [*batch.columns[:-1], *places.cells(batch)]
    columns = [
        (guarded_column(each) if pa.types.is_string(each.type) else each).to_pylist()
        for each in arrays
    ]
    return zip(*columns, strict=True)


class _Stamps:
    """A cell object a column, used for every row: making and styling one costs the most."""

    def __init__(self, sheet: Any, columns: int) -> None:
        self._cells = [WriteOnlyCell(sheet) for _column in range(columns)]
        for cell in self._cells:
            cell.number_format = TEXT_FORMAT

    def cell(self, column: int, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if len(value) > MOST_LETTERS:
            raise WriteProblem(
                gettext_noop("A text is longer than the %(most)d letters of a spreadsheet's cell."),
                remedy=gettext_noop("Choose CSV, or a format with shapes."),
                most=MOST_LETTERS,
            )
        cell = self._cells[column]
        cell.value = value
        # Else openpyxl takes "#N/A" for an error.
        cell.data_type = "s"
        return cell
