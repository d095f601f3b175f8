"""The formats that can be written: one row each, with its limits."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from importers.writers.comma_separated import CsvFileWriter
from importers.writers.dxf import DxfWriter
from importers.writers.file_geodatabase import FileGeodatabaseWriter
from importers.writers.flatgeobuf import FlatGeobufWriter
from importers.writers.geojson import GeoJsonWriter
from importers.writers.geojson_lines import GeoJsonLinesWriter
from importers.writers.geopackage import GeoPackageWriter
from importers.writers.geoparquet import GeoParquetWriter
from importers.writers.gpx import GpxWriter
from importers.writers.kml import KmlWriter, KmzWriter
from importers.writers.shapefile import ShapefileWriter
from importers.writers.specification import Writer
from importers.writers.workbook import MOST_ROWS, WorkbookWriter
from layers.errors import Rejected
from layers.registry import Label

EVERY_GEOMETRY = ("point", "line", "polygon")


@dataclass(frozen=True, slots=True)
class Format:
    """`driver` is GDAL's, "" where we write the format ourselves.

    `wgs84_only`: its standard knows no other reference system; `wgs84_unless_said`: a file that
    says none is in that. `truth_values`: it has a type for them; else they are 是 and 否.
    """

    name: str
    label: Label
    extension: str
    media_type: str
    driver: str
    writer: Writer
    wgs84_only: bool = False
    wgs84_unless_said: bool = False
    truth_values: bool = False
    geometries: tuple[str, ...] = EVERY_GEOMETRY
    most_rows: int | None = None
    other_extensions: tuple[str, ...] = ()


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format(
            "gpkg",
            Label("GeoPackage（推荐）", "GeoPackage (recommended)"),
            ".gpkg",
            "application/geopackage+sqlite3",
            "GPKG",
            GeoPackageWriter(),
            truth_values=True,
        ),
        Format(
            "shapefile",
            Label("Shapefile 压缩包（UTF-8）", "Zipped Shapefile (UTF-8)"),
            ".shp.zip",
            "application/zip",
            "ESRI Shapefile",
            ShapefileWriter("UTF-8"),
            other_extensions=(".zip",),
        ),
        Format(
            "shapefile-gbk",
            Label("Shapefile 压缩包（GBK，旧软件）", "Zipped Shapefile (GBK, for older programs)"),
            ".gbk.zip",
            "application/zip",
            "ESRI Shapefile",
            ShapefileWriter("GBK"),
        ),
        Format(
            "xlsx",
            Label("Excel 工作簿", "Excel workbook"),
            ".xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "",
            WorkbookWriter(),
            most_rows=MOST_ROWS,
        ),
        Format(
            "csv",
            Label("CSV 表格", "CSV table"),
            ".csv",
            "text/csv; charset=utf-8",
            "",
            CsvFileWriter(),
        ),
        Format(
            "geojson",
            Label("GeoJSON", "GeoJSON"),
            ".geojson",
            "application/geo+json",
            "GeoJSON",
            GeoJsonWriter(),
            wgs84_unless_said=True,
            truth_values=True,
            other_extensions=(".json",),
        ),
        Format(
            "geojson-lines",
            Label("GeoJSON（每行一个要素）", "GeoJSON, one feature a line"),
            ".geojsonl",
            "application/geo+json-seq",
            "GeoJSONSeq",
            GeoJsonLinesWriter(),
            wgs84_only=True,
            truth_values=True,
            other_extensions=(".ndjson", ".geojsons", ".jsonl"),
        ),
        Format(
            "kml",
            Label("KML", "KML"),
            ".kml",
            "application/vnd.google-earth.kml+xml",
            "",
            KmlWriter(),
            wgs84_only=True,
        ),
        Format(
            "kmz",
            Label("KMZ（压缩的 KML）", "KMZ (zipped KML)"),
            ".kmz",
            "application/vnd.google-earth.kmz",
            "",
            KmzWriter(),
            wgs84_only=True,
        ),
        Format(
            "gpx",
            Label("GPX 航点（手持 GPS）", "GPX waypoints"),
            ".gpx",
            "application/gpx+xml",
            "",
            GpxWriter(),
            wgs84_only=True,
            geometries=("point",),
        ),
        Format("dxf", Label("DXF（CAD）", "DXF (CAD)"), ".dxf", "image/vnd.dxf", "", DxfWriter()),
        Format(
            "gdb",
            Label("文件地理数据库压缩包", "Zipped File Geodatabase"),
            ".gdb.zip",
            "application/zip",
            "OpenFileGDB",
            FileGeodatabaseWriter(),
        ),
        Format(
            "flatgeobuf",
            Label("FlatGeobuf", "FlatGeobuf"),
            ".fgb",
            "application/flatgeobuf",
            "FlatGeobuf",
            FlatGeobufWriter(),
            truth_values=True,
        ),
        Format(
            "geoparquet",
            Label("GeoParquet", "GeoParquet"),
            ".parquet",
            "application/vnd.apache.parquet",
            "",
            GeoParquetWriter(),
            truth_values=True,
        ),
    )
}


def format_named(name: str) -> Format:
    """Raises Rejected and lists the formats there are."""
    if name not in FORMATS:
        raise Rejected(
            _("There is no format “%(name)s”.") % {"name": name},
            remedy=_("The formats are: %(names)s") % {"names": ", ".join(FORMATS)},
        )
    return FORMATS[name]


def format_of(file_name: str) -> Format:
    """By the extension, the longest that fits: .gdb.zip before .zip. Raises Rejected."""
    name = file_name.lower()
    fitting = [
        (len(ending), each)
        for each in FORMATS.values()
        for ending in (each.extension, *each.other_extensions)
        if name.endswith(ending)
    ]
    if not fitting:
        known = ", ".join(each.extension for each in FORMATS.values())
        raise Rejected(
            _("The name “%(name)s” does not say which format is wanted.") % {"name": file_name},
            remedy=_("End it with one of %(known)s, or state the format.") % {"known": known},
        )
    return max(fitting, key=lambda pair: pair[0])[1]
