"""GPX 1.1: points as waypoints, for handheld receivers and phone apps; WGS 84 by definition.

What has no place cannot be a waypoint: such rows are left out, and counted in the report.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import shapely

from importers.phrases import gettext_noop
from importers.writers.markup import HEADER, xml_text
from importers.writers.specification import GEOMETRY_COLUMN, Rows, Written

OPENING = (
    '<gpx version="1.1" creator="Xiangcun" xmlns="http://www.topografix.com/GPX/1/1"'
    ' xmlns:ogr="http://osgeo.org/gdal">\n'
)
NAMED = "name"
"""The column that GPX has an element of its own for; the others are extensions by their names."""


class GpxWriter:
    def write(self, rows: Rows, target: Path) -> Written:
        lost = 0
        with target.open("xb") as file:
            file.write(f"{HEADER}{OPENING}{_about(rows)}".encode())
            for batch in rows.batches:
                lost += batch.column(GEOMETRY_COLUMN).null_count
                file.write("".join(_waypoints(rows, batch)).encode())
            file.write(b"</gpx>\n")
        if not lost:
            return Written()
        text = gettext_noop("%(count)d rows without a place are not in the file: GPX holds places.")
        return Written([(text, {"count": lost})])


def _about(rows: Rows) -> str:
    title, text = xml_text(rows.title), xml_text(rows.description)
    return f"<metadata><name>{title}</name><desc>{text}</desc></metadata>\n"


def _waypoints(rows: Rows, batch: pa.RecordBatch) -> Iterator[str]:
    columns = [array.cast(pa.string()).to_pylist() for array in batch.columns[:-1]]
    shapes = shapely.from_wkb(batch.column(GEOMETRY_COLUMN).to_numpy(zero_copy_only=False))
    for cells, shape in zip(zip(*columns, strict=True), shapes, strict=True):
        if shape is not None:
            yield _waypoint(rows, cells, shape)


def _waypoint(rows: Rows, cells: tuple[str | None, ...], shape: Any) -> str:
    named, extensions = "", []
    for column, cell in zip(rows.columns, cells, strict=True):
        if cell is None:
            continue
        if column.name == NAMED:
            named = f"<name>{xml_text(cell)}</name>"
        else:
            extensions.append(f"<ogr:{column.name}>{xml_text(cell)}</ogr:{column.name}>")
    return (
        f'<wpt lat="{shape.y!r}" lon="{shape.x!r}">{named}'
        f"<extensions>{''.join(extensions)}</extensions></wpt>\n"
    )
