"""The rows that were not accepted, as a file a person corrects and sends again.

It goes into a spreadsheet, so no cell may become a formula; and it may hold what the source held of
persons, so only its owner may read it.
"""

import csv
import os
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol
from xml.sax.saxutils import escape

ROW_COLUMN = "行号 row"
ZH_COLUMN = "原因"
EN_COLUMN = "reason"

_PLAIN_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
OWNER_ONLY = 0o600
MOST_SHEET_ROWS = 1_048_576


def guarded(cell: Any) -> str:
    """The cell as text that no spreadsheet runs as a formula.

    >>> guarded("=1+1"), guarded("-3.5"), guarded(None)
    ("'=1+1", '-3.5', '')
    """
    text = "" if cell is None else str(cell)
    if text.lstrip(" ").startswith(_FORMULA_STARTS) and not _PLAIN_NUMBER.match(text):
        return f"'{text}"
    return text


class Sheet(Protocol):
    def write(self, cells: Sequence[Any]) -> None: ...

    def close(self) -> None: ...


class CsvSheet:
    """UTF-8 with a byte order mark: without it Excel takes Chinese for GBK."""

    def __init__(self, path: Path) -> None:
        self._stream = open(  # noqa: SIM115  (closed by close)
            _private(path), "w", encoding="utf-8-sig", newline=""
        )
        self._writer = csv.writer(self._stream)

    def write(self, cells: Sequence[Any]) -> None:
        self._writer.writerow([guarded(cell) for cell in cells])

    def close(self) -> None:
        self._stream.close()


_XLSX_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/'
    'worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="rejected" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/'
    '2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


class XlsxSheet:
    """One sheet of inline text cells (ECMA-376 §18.3.1.53), written row by row."""

    def __init__(self, path: Path) -> None:
        self._file = os.fdopen(_private(path), "wb")
        self._archive = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)
        for name, text in _XLSX_PARTS.items():
            self._archive.writestr(name, _XML + text)
        self._sheet: IO[bytes] = self._archive.open("xl/worksheets/sheet1.xml", "w")
        self._say(
            _XML + '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            "<sheetData>"
        )
        self._rows = 0

    def write(self, cells: Sequence[Any]) -> None:
        self._rows += 1
        if self._rows > MOST_SHEET_ROWS:
            return
        texts = (escape(_NOT_IN_XML.sub("\ufffd", guarded(cell))) for cell in cells)
        row = "".join(
            f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>' for text in texts
        )
        self._say(f"<row>{row}</row>")

    def close(self) -> None:
        self._say("</sheetData></worksheet>")
        self._sheet.close()
        self._archive.close()
        self._file.close()

    def _say(self, text: str) -> None:
        self._sheet.write(text.encode())


class Rejects:
    """The list of rejected rows; the file appears with the first of them."""

    def __init__(self, path: Path | None, columns: Sequence[str]) -> None:
        self._path = path
        self._columns = list(columns)
        self._sheet: Sheet | None = None

    def add(self, number: int, cells: Sequence[Any], zh: str, en: str) -> None:
        if self._path is None:
            return
        if self._sheet is None:
            kind = XlsxSheet if self._path.suffix.lower() == ".xlsx" else CsvSheet
            self._sheet = kind(self._path)
            self._sheet.write([ROW_COLUMN, ZH_COLUMN, EN_COLUMN, *self._columns])
        self._sheet.write([number, zh, en, *cells])

    def __enter__(self) -> "Rejects":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._sheet is not None:
            self._sheet.close()


def _private(path: Path) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    os.fchmod(descriptor, OWNER_ONLY)
    return descriptor
