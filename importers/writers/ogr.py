"""What the GDAL-backed writers share: record batches into one driver, as they come."""

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from importers.phrases import gettext_noop
from importers.writers.specification import GEOMETRY_COLUMN, Column, Rows, WriteProblem

GEOMETRY_TYPES = {"point": "Point", "line": "MultiLineString", "polygon": "MultiPolygon"}
LAUNDERED = "Normalized/laundered field name"
DATE_WITH_TIME = "will be written as a DateTime"
"""What GDAL warns of and we know: names are chosen to need no laundering, and a file geodatabase
that ArcMap can open has no dates without a time."""


def written(
    rows: Rows,
    target: Path,
    *,
    driver: str,
    names: Sequence[str],
    batches: Iterator[pa.RecordBatch] | None = None,
    crs: str | None = None,
    **options: Any,
) -> None:
    """Stream the rows into a new file. `options` are pyogrio's: encoding, creation options, ….

    GDAL takes one batch at a time, so memory does not grow with the rows. What goes wrong while
    they are made is raised as it was, not as GDAL's “error while accessing batch”.
    """
    import pyogrio  # see importers.readers.ogr
    from pyogrio.errors import DataSourceError, FieldError

    source = _Watched(rows.batches if batches is None else batches)
    schema = schema_of(rows.columns, names)
    reader = pa.RecordBatchReader.from_batches(
        schema, (pa.RecordBatch.from_arrays(batch.columns, schema=schema) for batch in source)
    )
    try:
        with warnings.catch_warnings():
            for known in (LAUNDERED, DATE_WITH_TIME):
                warnings.filterwarnings("ignore", message=f".*{known}.*")
            pyogrio.write_arrow(
                reader,
                target,
                driver=driver,
                layer=options.pop("layer", rows.table),
                geometry_name=GEOMETRY_COLUMN,
                geometry_type=GEOMETRY_TYPES[rows.geometry],
                crs=crs or (rows.crs.to_wkt() if rows.crs else None),
                **options,
            )
    except (DataSourceError, FieldError, RuntimeError, pa.ArrowException) as error:
        if source.failure is not None:
            raise source.failure from None
        raise WriteProblem(
            gettext_noop("The file cannot be written: %(reason)s"),
            remedy=gettext_noop("Choose another format, or a smaller division."),
            reason=str(error).replace(str(target), target.name),
        ) from error


def schema_of(columns: Sequence[Column], names: Sequence[str]) -> pa.Schema:
    """Widths go to formats that have some, full headers as the fields' aliases."""
    fields = [
        pa.field(name, column.type, metadata=_metadata(column, name))
        for column, name in zip(columns, names, strict=True)
    ]
    geometry = pa.field(
        GEOMETRY_COLUMN, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"}
    )
    return pa.schema([*fields, geometry])


def _metadata(column: Column, name: str) -> dict[str, str]:
    told = {}
    if column.width and pa.types.is_string(column.type):
        told["GDAL:OGR:width"] = str(column.width)
    if column.header != name:
        told["GDAL:OGR:alternative_name"] = column.header
    return told


class _Watched:
    """Batches, and the error that ended them: it is lost on the way through GDAL."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self.failure: BaseException | None = None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self._batches
        except BaseException as error:
            self.failure = error
            raise
