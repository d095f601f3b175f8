"""Tables as counties send them, written by the tests; and what the readers make of them."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import xlwt

from importers.readers.catalogue import reader_of
from importers.readers.specification import Request, SourceDescription

RESERVED = ("__geometry__", "__unreadable__", "__row__")
SITE = ["十八洞安置点", "城镇安置", 10, 109.48, 28.57]
SITE_HEADER = ["安置点名称", "安置方式", "安置户数", "经度", "纬度"]


class Found:
    """`rows` are without the importer's own columns, `numbers` the sheet's row numbers."""

    def __init__(self, description: SourceDescription, rows: list[dict[str, Any]]) -> None:
        self.description = description
        self.names = [column.name for column in description.columns]
        self.rows = [[row[name] for name in self.names] for row in rows]
        self.numbers = [row["__row__"] for row in rows]
        self.unreadable = [row.get("__unreadable__") for row in rows]
        self.notes = [text % parameters for text, parameters in description.notes]

    def noted(self, words: str) -> bool:
        return any(words in note for note in self.notes)


def found(path: Path, table: str | None = None) -> Found:
    with (
        TemporaryDirectory() as scratch,
        reader_of(path).open(Request(path, Path(scratch), table)) as source,
    ):
        rows: list[dict[str, Any]] = []
        for batch in source.batches:
            batch.validate(full=True)
            assert batch.num_rows <= 20_000
            assert set(batch.schema.names) - set(RESERVED) == {
                column.name for column in source.description.columns
            }
            rows += batch.to_pylist()
        return Found(source.description, rows)


def workbook(path: Path, rows: list[list[Any]], *, merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(path)
    return path


def old_workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    days = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write(number, column, cell, days)
            elif cell is not None:
                sheet.write(number, column, cell)
    book.save(str(path))
    return path


def text(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def csv_of(rows: list[list[Any]], delimiter: str = ",") -> str:
    return "".join(
        delimiter.join("" if cell is None else str(cell) for cell in row) + "\r\n" for row in rows
    )
