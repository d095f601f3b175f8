"""Workbooks: .xlsx, .xlsm, .xlsb, .xls (also WPS's .et) and .ods, told by their content.

calamine reads a sheet into memory as it is stored: formulas by the result that was saved with them,
percentages as fractions. It expands no XML entities and follows no links to other workbooks.
"""

import mmap
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import python_calamine as calamine

from importers.phrases import gettext_noop
from importers.readers import archive
from importers.readers.compound import require_sound, unreadable
from importers.readers.grid import Grid, Table
from importers.readers.layout import Merge, Notes
from importers.readers.sheet_xml import unsaid_cells
from importers.readers.specification import (
    EXPLANATION_SHEETS,
    LISTS_SHEET,
    FileProblem,
    Request,
    SeveralTables,
    Source,
)

ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
COMPOUND_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""[MS-CFB]: .xls, .et, and .xlsx under a password. Other Office files are refused when opened."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""[MS-OFFCRYPTO] §2.3.4.4: the stream that an .xlsx under a password is put into."""
SUFFIX_BY_PART = {"xl/workbook.xml": ".xlsx", "xl/workbook.bin": ".xlsb"}
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


class SpreadsheetReader:
    name = "XLSX/XLS"
    drivers: tuple[str, ...] = ()

    def detect(self, head: bytes, path: Path) -> bool:
        if head.startswith(COMPOUND_MAGIC):
            return True
        return head.startswith(ZIP_MAGICS) and _zipped_suffix(path) is not None

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        with _opened(_under_its_suffix(request)) as book:
            visible, hidden = _sheets(book)
            sheet, tables = _chosen(book, request.table, visible, hidden)
            notes = _hidden_notes(hidden, sheet.name)
            notes += unsaid_cells(request.path, sheet.name)
            yield Table(_grid(sheet)).source(
                format_name=self.name,
                notes=notes,
                encoding="UTF-8",
                encoding_why=gettext_noop("a workbook keeps its text as Unicode"),
                table=sheet.name,
                tables=tables,
            )


def _zipped_suffix(path: Path) -> str | None:
    """By what the archive holds; None where it is no workbook."""
    try:
        with zipfile.ZipFile(path) as parts:
            names = set(parts.namelist())
            for part, suffix in SUFFIX_BY_PART.items():
                if part in names:
                    return suffix
            if "mimetype" not in names:
                return None
            with parts.open("mimetype") as stream:
                return ".ods" if stream.read(len(ODS_TYPE)) == ODS_TYPE else None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, RuntimeError):
        # A damaged archive is the zip readers' to explain.
        return None


def _under_its_suffix(request: Request) -> Path:
    """With the suffix of the content: calamine goes by the name and would misread others."""
    suffix = ".xls"
    if zipfile.is_zipfile(request.path):
        suffix = _zipped_suffix(request.path) or ".xlsx"
        with zipfile.ZipFile(request.path) as parts:
            archive.members(parts)
    else:
        require_sound(request.path)
    if request.path.suffix.lower() == suffix:
        return request.path
    return Path(shutil.copyfile(request.path, request.scratch / f"workbook{suffix}"))


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Raises FileProblem, also for what is only found when a sheet is read."""
    try:
        with calamine.load_workbook(path) as book:
            yield book
    except calamine.CalamineError as error:
        if isinstance(error, calamine.PasswordError) or _is_encrypted(path):
            raise FileProblem(
                gettext_noop("The workbook is protected by a password."),
                remedy=gettext_noop("Save it without one: File, Info, Protect Workbook."),
            ) from error
        raise unreadable(str(error) or type(error).__name__) from error
    except BaseException as error:
        # A panic of the Rust library is no Exception, and its class can be had by name only.
        if type(error).__name__ != "PanicException":
            raise
        raise unreadable(str(error)) from error


def _is_encrypted(path: Path) -> bool:
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return whole[: len(COMPOUND_MAGIC)] == COMPOUND_MAGIC and whole.find(ENCRYPTED) >= 0


def _sheets(book: Any) -> tuple[list[str], list[str]]:
    """Names of the sheets a person sees, and of hidden ones. Charts and macros are neither."""
    visible: list[str] = []
    hidden: list[str] = []
    for sheet in book.sheets_metadata:
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
            seen = sheet.visible == calamine.SheetVisibleEnum.Visible
            (visible if seen else hidden).append(sheet.name)
    return visible, hidden


def _chosen(
    book: Any, wanted: str | None, visible: list[str], hidden: list[str]
) -> tuple[Any, tuple[str, ...]]:
    """The sheet asked for, or the only one with anything in it; and the names to choose from.

    What our templates say about their table is no table, unless there is nothing else.
    """
    if wanted is not None:
        if wanted not in (*visible, *hidden):
            raise SeveralTables(visible)
        return book.get_sheet_by_name(wanted), tuple(visible)
    only: Any = None
    filled: list[str] = []
    for name in _tables(visible) or _tables(hidden) or visible or hidden:
        sheet = book.get_sheet_by_name(name)
        if sheet.start is not None:
            filled.append(name)
            only = sheet if len(filled) == 1 else None
    if not filled:
        raise FileProblem(
            gettext_noop("The workbook has no cells."),
            remedy=gettext_noop("Check that it is the right file."),
        )
    if only is None:
        raise SeveralTables(filled)
    return only, tuple(filled)


def _tables(sheets: list[str]) -> list[str]:
    return [name for name in sheets if name not in (*EXPLANATION_SHEETS, LISTS_SHEET)]


def _hidden_notes(hidden: list[str], chosen: str) -> Notes:
    unread = [name for name in _tables(hidden) if name != chosen]
    if not unread:
        return []
    return [(gettext_noop("Hidden sheets, not read: %(names)s"), {"names": ", ".join(unread)})]


def _grid(sheet: Any) -> Grid:
    if sheet.start is None:
        raise FileProblem(
            gettext_noop("The table has no cells."),
            remedy=gettext_noop("Check that it is the right file and sheet."),
        )
    first = int(sheet.start[1])
    ranges = sheet.merged_cell_ranges or []
    merges = [
        Merge(top, left - first, bottom, right - first)
        for (top, left), (bottom, right) in ranges
        if left >= first
    ]
    return Grid(sheet.iter_rows, merges, first)
