"""Which reader a file or folder is for, by what its content is and not by its name."""

from collections.abc import Sequence
from pathlib import Path

from importers.phrases import gettext_noop
from importers.readers.specification import FileProblem, Reader

HEAD_BYTES = 16_384

UNREAD = (
    (
        (b"AC10",),
        gettext_noop("This is an AutoCAD drawing (DWG), which cannot be read."),
        gettext_noop("Save it as DXF."),
    ),
    (
        (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b"),
        gettext_noop("This is an archive of another kind than zip."),
        gettext_noop("Unpack it and zip the files themselves."),
    ),
    (
        (b"\x00\x01\x00\x00Standard Jet DB", b"\x00\x01\x00\x00Standard ACE DB"),
        gettext_noop("This is an Access database (a personal geodatabase), which cannot be read."),
        gettext_noop("Export its tables to a File Geodatabase or a GeoPackage."),
    ),
    (
        (b"%PDF",),
        gettext_noop("This is a PDF: a picture of a map or a table, not its data."),
        gettext_noop("Ask for the table or the map data that it was made from."),
    ),
    (
        (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
        gettext_noop("This is a raster (a GeoTIFF): a picture for the map, not rows for a layer."),
        gettext_noop("Send it to the page of imports, or use import_raster."),
    ),
    (
        (b"<!DOCTYPE html", b"<html", b"<HTML"),
        gettext_noop("This is a web page, not data."),
        gettext_noop("Download the file itself; the site may have asked to sign in."),
    ),
)
"""What people send by mistake: how its content starts, what it is, what to do."""


def detected(path: Path, readers: Sequence[Reader]) -> Reader:
    """Raises FileProblem where no reader knows the content."""
    head = b"" if path.is_dir() else _head(path)
    for reader in readers:
        if reader.detect(head, path):
            return reader
    for starts, text, remedy in UNREAD:
        if head.lstrip(b"\xef\xbb\xbf \r\n").startswith(starts):
            raise FileProblem(text, remedy=remedy)
    raise FileProblem(
        gettext_noop("The content is none of the formats that can be read: %(formats)s."),
        remedy=gettext_noop("A Shapefile must be sent together with its .shx, .dbf and .prj."),
        formats=", ".join(dict.fromkeys(reader.name for reader in readers)),
    )


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        raise FileProblem(
            gettext_noop("The file is empty."), remedy=gettext_noop("Export it again.")
        )
    return head
