"""The readers there are. Adding one is a row here; its drivers are added to the box by themselves.

The order matters only where one content is two formats: a workbook is a zip archive, too, and any
text may be a table.
"""

from pathlib import Path

from importers.readers.containers import FolderReader, ZipReader
from importers.readers.delimited import DelimitedReader
from importers.readers.detection import detected
from importers.readers.dxf import DxfReader
from importers.readers.esrijson import EsriJsonReader
from importers.readers.flatgeobuf import FlatGeobufReader
from importers.readers.geodatabase import GeodatabaseReader
from importers.readers.geojson import GeoJsonReader
from importers.readers.geojson_lines import GeoJsonLinesReader
from importers.readers.geopackage import GeoPackageReader
from importers.readers.geoparquet import GeoParquetReader
from importers.readers.gpx import GpxReader
from importers.readers.html_table import HtmlTableReader
from importers.readers.kml import KmlReader
from importers.readers.photos import PhotoReader
from importers.readers.shapefile import ShapefileReader
from importers.readers.specification import Reader
from importers.readers.spreadsheet import SpreadsheetReader

FORMATS: tuple[Reader, ...] = (
    SpreadsheetReader(),
    ShapefileReader(),
    GeoPackageReader(),
    GeodatabaseReader(),
    FlatGeobufReader(),
    GeoParquetReader(),
    EsriJsonReader(),
    GeoJsonLinesReader(),
    GeoJsonReader(),
    KmlReader(),
    GpxReader(),
    DxfReader(),
    PhotoReader(),
    HtmlTableReader(),
    DelimitedReader(),
)
"""What holds rows itself."""

_IN_AN_ARCHIVE = (*FORMATS, ZipReader(FORMATS))
"""One archive within another, no more: a .kmz in a .zip. Each level has its limits."""

READERS: tuple[Reader, ...] = (*FORMATS, ZipReader(_IN_AN_ARCHIVE), FolderReader(_IN_AN_ARCHIVE))


def reader_of(path: Path) -> Reader:
    """Of a file or a folder. Raises FileProblem where no reader knows the content."""
    return detected(path, READERS)
