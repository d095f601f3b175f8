"""The readers there are, chosen by what the content is and not by the file's name."""

from pathlib import Path

from importers.phrases import gettext_noop
from importers.readers.delimited import DelimitedReader
from importers.readers.geojson import GeoJsonReader
from importers.readers.geopackage import GeoPackageReader
from importers.readers.html_table import HtmlTableReader
from importers.readers.photos import PhotoReader
from importers.readers.shapefile import ZippedShapefileReader
from importers.readers.specification import FileProblem, Reader
from importers.readers.spreadsheet import SpreadsheetReader

READERS: tuple[Reader, ...] = (
    # A workbook is a zip archive too.
    SpreadsheetReader(),
    ZippedShapefileReader(),
    GeoPackageReader(),
    GeoJsonReader(),
    PhotoReader(),
    HtmlTableReader(),
    # Any text with commas could be one: last.
    DelimitedReader(),
)
HEAD_BYTES = 4096


def reader_of(path: Path) -> Reader:
    """Raises FileProblem where no reader knows the content."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        raise FileProblem(
            gettext_noop("The file is empty."), remedy=gettext_noop("Export it again.")
        )
    for reader in READERS:
        if reader.detect(head, path):
            return reader
    raise FileProblem(
        gettext_noop("The content is none of the formats that can be read: %(formats)s."),
        remedy=gettext_noop("A Shapefile must be zipped together with its .shx, .dbf and .prj."),
        formats=", ".join(reader.name for reader in READERS),
    )
