"""KML 2.3 and KMZ: a placemark a row, coloured by class, its values as typed extended data.

KML is WGS 84 by definition; CGCS2000 agrees with it within centimetres. Rows without a place are
placemarks without a geometry.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import shapely

from importers.writers.markup import HEADER, html_text, xml_text
from importers.writers.specification import GEOMETRY_COLUMN, DrawingLayer, Rows, Written

SCHEMA = "fields"
OTHER = "class-other"
LINE_PIXELS = 3
NAMES = ("name", "code")
"""The columns that name a placemark, best first."""


class KmlWriter:
    def write(self, rows: Rows, target: Path) -> Written:
        with target.open("xb") as file:
            _write(rows, file)
        return Written()


class KmzWriter:
    def write(self, rows: Rows, target: Path) -> Written:
        with (
            zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
            archive.open("doc.kml", "w", force_zip64=True) as file,
        ):
            _write(rows, file)
        return Written()


def _write(rows: Rows, file: IO[bytes]) -> None:
    file.write("".join(_head(rows)).encode())
    placemarks = _Placemarks(rows)
    for batch in rows.batches:
        file.write("".join(placemarks.of(batch)).encode())
    file.write(b"</Document>\n</kml>\n")


def _head(rows: Rows) -> Iterator[str]:
    yield HEADER
    yield '<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
    yield f"<name>{xml_text(rows.title)}</name>\n"
    yield f"<description>{html_text(rows.description)}</description>\n"
    for number, drawn in enumerate(rows.classes):
        yield _style(f"class-{number}", drawn)
    yield _style(OTHER, DrawingLayer("", rows.color))
    yield f'<Schema name="{SCHEMA}" id="{SCHEMA}">\n'
    for column in rows.columns:
        header, kind = xml_text(column.header), _schema_type(column.type)
        yield f'<SimpleField type="{kind}" name="{header}"/>\n'
    yield "</Schema>\n"


def _schema_type(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind):
        return "int"
    return "double" if pa.types.is_floating(kind) else "string"


def _style(name: str, drawn: DrawingLayer) -> str:
    color = kml_color(drawn.color)
    return (
        f'<Style id="{name}"><IconStyle><color>{color}</color></IconStyle>'
        f"<LineStyle><color>{color}</color><width>{LINE_PIXELS}</width></LineStyle>"
        f"<PolyStyle><color>{kml_color(drawn.color, '80')}</color></PolyStyle></Style>\n"
    )


def kml_color(color: str, alpha: str = "ff") -> str:
    """#rrggbb as aabbggrr.

    >>> kml_color("#17604f")
    'ff4f6017'
    """
    red, green, blue = color[1:3], color[3:5], color[5:7]
    return f"{alpha}{blue}{green}{red}"


class _Placemarks:
    def __init__(self, rows: Rows) -> None:
        self._headers = [column.header for column in rows.columns]
        self._marks = [xml_text(header) for header in self._headers]
        found = [rows.position(name) for name in NAMES]
        self._names = [position for position in found if position is not None]
        self._class = rows.position(rows.classify)
        self._styles = {drawn.label: f"class-{at}" for at, drawn in enumerate(rows.classes)}

    def of(self, batch: pa.RecordBatch) -> Iterator[str]:
        columns = [_as_text(array).to_pylist() for array in batch.columns[:-1]]
        shapes = shapely.from_wkb(batch.column(GEOMETRY_COLUMN).to_numpy(zero_copy_only=False))
        for cells, shape in zip(zip(*columns, strict=True), shapes, strict=True):
            yield self._placemark(cells, shape)

    def _placemark(self, cells: tuple[str | None, ...], shape: Any) -> str:
        label = next((cells[at] for at in self._names if cells[at]), "")
        style = (
            self._styles.get(cells[self._class] or "", OTHER) if self._class is not None else OTHER
        )
        filled = [(at, cell) for at, cell in enumerate(cells) if cell is not None]
        lines = "&lt;br&gt;".join(
            f"{html_text(self._headers[at])}: {html_text(cell)}" for at, cell in filled
        )
        data = "".join(
            f'<SimpleData name="{self._marks[at]}">{xml_text(cell)}</SimpleData>'
            for at, cell in filled
        )
        return (
            f"<Placemark><name>{xml_text(label)}</name>"
            f"<description>{lines}</description><styleUrl>#{style}</styleUrl>"
            f'<ExtendedData><SchemaData schemaUrl="#{SCHEMA}">{data}</SchemaData></ExtendedData>'
            f"{_geometry(shape)}</Placemark>\n"
        )


def _as_text(array: pa.Array) -> pa.Array:
    return array if pa.types.is_string(array.type) else array.cast(pa.string())


def _geometry(shape: Any) -> str:
    if shape is None or shape.is_empty:
        return ""
    parts = shapely.get_parts(shape)
    if len(parts) > 1:
        return f"<MultiGeometry>{''.join(map(_single, parts))}</MultiGeometry>"
    return _single(parts[0])


def _single(shape: Any) -> str:
    if shape.geom_type == "Polygon":
        outer = f"<outerBoundaryIs>{_ring(shape.exterior)}</outerBoundaryIs>"
        inner = (f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in shape.interiors)
        return f"<Polygon>{outer}{''.join(inner)}</Polygon>"
    return f"<{shape.geom_type}>{_coordinates(shape)}</{shape.geom_type}>"


def _ring(ring: Any) -> str:
    return f"<LinearRing>{_coordinates(ring)}</LinearRing>"


def _coordinates(shape: Any) -> str:
    pairs: list[list[float]] = np.asarray(shapely.get_coordinates(shape)).tolist()
    return f"<coordinates>{' '.join(f'{x!r},{y!r}' for x, y in pairs)}</coordinates>"
