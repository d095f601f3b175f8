"""Cells of an .xlsx that hold no value although they seem to: errors, formulas never calculated.

calamine gives both as blank, so they are counted in the XML of the sheet itself: `t="e"` is an
error, and a formula's `f` is followed by the `v` of its saved result (ECMA-376 §18.3.1.4).
"""

import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from importers.phrases import gettext_noop
from importers.readers.layout import Notes

CHUNK = 1 << 20
OVERLAP = 4096
"""A cell that lies over two chunks is found in the second."""
_ERROR = re.compile(rb'<c\b[^>]*\bt="e"')
_NO_RESULT = re.compile(rb"(?:</f>|<f\b[^>]*/>)\s*(?:<v>\s*</v>|<v\s*/>)?\s*</c>")
_SHEET = re.compile(r'<(?:\w+:)?sheet\b[^>]*?\bname="(?P<name>[^"]*)"[^>]*?\bid="(?P<id>[^"]*)"')
_TARGET = re.compile(r"<Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(Id|Target)="([^"]*)"')
RELATIONS, BOOK = "xl/_rels/workbook.xml.rels", "xl/workbook.xml"


def unsaid_cells(path: Path, sheet: str) -> Notes:
    """Notes on the two kinds, for .xlsx; the other formats do not tell."""
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as parts:
        part = _part_of(parts, sheet)
        if part is None:
            return []
        errors, uncalculated = _counted(parts, part)
    notes: Notes = []
    if errors:
        text = gettext_noop("Cells with an error such as #REF!, read as blank: %(count)d")
        notes.append((text, {"count": errors}))
    if uncalculated:
        text = gettext_noop(
            "Formulas saved without their result, read as blank: %(count)d."
            " Open the workbook in a spreadsheet program and save it."
        )
        notes.append((text, {"count": uncalculated}))
    return notes


def _part_of(parts: zipfile.ZipFile, sheet: str) -> str | None:
    """The member that holds the sheet, by the workbook's list and its relations."""
    names = set(parts.namelist())
    if not {RELATIONS, BOOK} <= names:
        return None
    book = parts.read(BOOK).decode("utf-8", "replace")
    wanted = next((m["id"] for m in _SHEET.finditer(book) if _plain(m["name"]) == sheet), None)
    for relation in _TARGET.findall(parts.read(RELATIONS).decode("utf-8", "replace")):
        told = dict(_ATTRIBUTE.findall(relation))
        if wanted is not None and told.get("Id") == wanted:
            target = str(PurePosixPath("xl") / told.get("Target", "")).removeprefix("/")
            return target if target in names else None
    return None


def _plain(text: str) -> str:
    for entity, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'")):
        text = text.replace(entity, letter)
    return text.replace("&amp;", "&")


def _counted(parts: zipfile.ZipFile, part: str) -> tuple[int, int]:
    errors = uncalculated = 0
    kept = b""
    try:
        with parts.open(part) as stream:
            while chunk := stream.read(CHUNK):
                block = kept + chunk
                end = block.rfind(b"</c>") + len(b"</c>") if b"</c>" in block else 0
                whole, kept = block[:end], block[end:][-OVERLAP:]
                errors += len(_ERROR.findall(whole)) if b't="e"' in whole else 0
                uncalculated += len(_NO_RESULT.findall(whole)) if b"<f" in whole else 0
    except (zipfile.BadZipFile, zlib.error, EOFError):
        # calamine has read the sheet to its end; what it could not is its own to tell.
        return errors, uncalculated
    return errors, uncalculated
