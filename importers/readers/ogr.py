"""What the OGR-backed readers share: opening with one driver and handing on Arrow batches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from importers.phrases import gettext_noop
from importers.readers.specification import (
    BATCH_ROWS,
    GEOMETRY_COLUMN,
    UNREADABLE_COLUMN,
    Column,
    FileProblem,
)

GDAL_OPTIONS: dict[str, str | bool | int] = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "CPL_CURL_ENABLE_VSIMEM": "NO",
    "GDAL_HTTP_MAX_RETRY": 0,
    "OGR_GPKG_NUM_THREADS": 1,
    "OGR_GEOJSON_MAX_OBJ_SIZE": 50,
}
RESERVED = (GEOMETRY_COLUMN, UNREADABLE_COLUMN)

Decode = Callable[[pa.RecordBatch], pa.RecordBatch]


@dataclass(frozen=True, slots=True)
class Opened:
    """A layer as OGR sees it; `batches` have the geometry as WKB under GEOMETRY_COLUMN."""

    columns: tuple[Column, ...]
    geometry_type: str | None
    crs: str | None
    rows: int | None
    batches: Iterator[Any]


@contextmanager
def opened(
    path: Path, *, table: str | None = None, encoding: str | None = None, **options: Any
) -> Iterator[Opened]:
    """Raises FileProblem with GDAL's own words where it cannot read on."""
    try:
        pyogrio.set_gdal_config_options(GDAL_OPTIONS)
        info = pyogrio.read_info(path, layer=table, encoding=encoding, **options)
        with pyogrio.open_arrow(
            path,
            layer=table,
            encoding=encoding,
            batch_size=BATCH_ROWS,
            use_pyarrow=True,
            **options,
        ) as (meta, reader):
            geometry = meta["geometry_name"] or "wkb_geometry"
            schema = reader.schema
            columns = tuple(
                Column(each.name, str(each.type)) for each in schema if each.name != geometry
            )
            if any(each.name in RESERVED for each in columns):
                raise FileProblem(
                    gettext_noop("A column is named like the importer's own: %(names)s."),
                    remedy=gettext_noop("Rename the column."),
                    names=", ".join(RESERVED),
                )
            rows = int(info["features"])
            yield Opened(
                columns,
                meta["geometry_type"],
                meta["crs"],
                rows if rows >= 0 else None,
                (_named(batch, geometry) for batch in reader),
            )
    except (DataSourceError, DataLayerError, pa.ArrowException) as error:
        raise FileProblem(
            gettext_noop("The file cannot be read: %(reason)s"),
            remedy=gettext_noop("It may be damaged or cut short: export it again."),
            reason=str(error).replace(str(path), path.name),
        ) from error


def _named(batch: pa.RecordBatch, geometry: str) -> pa.RecordBatch:
    """The geometry last and under our name, plain binary; none where the source has none."""
    names = [name for name in batch.schema.names if name != geometry]
    arrays = [batch.column(name) for name in names]
    if geometry in batch.schema.names:
        places = batch.column(geometry)
        places = places.storage if isinstance(places, pa.ExtensionArray) else places
        places = places.cast(pa.binary())
    else:
        places = pa.nulls(batch.num_rows, pa.binary())
    return pa.RecordBatch.from_arrays([*arrays, places], names=[*names, GEOMETRY_COLUMN])
