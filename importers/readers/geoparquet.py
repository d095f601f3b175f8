"""GeoParquet 1.x, and Parquet without any geometry."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import CRS
from pyproj.exceptions import CRSError

from importers.phrases import gettext_noop
from importers.readers.plain import plain_columns, with_geometry
from importers.readers.specification import (
    BATCH_ROWS,
    FileProblem,
    Request,
    Source,
    SourceDescription,
)

MAGIC = b"PAR1"
METADATA_KEY = b"geo"
DEFAULT_CRS = "OGC:CRS84"
"""GeoParquet 1.1: what a geometry column has that states no `crs`."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """The column to read, those beside it that are left out, and what is said about it."""

    column: str | None = None
    others: tuple[str, ...] = ()
    type: str | None = None
    crs: str | None = None
    crs_stated: bool = False


class GeoParquetReader:
    name = "GeoParquet"
    drivers = ()

    def detect(self, head: bytes, path: Path) -> bool:
        del path
        return head.startswith(MAGIC)

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        try:
            with pq.ParquetFile(request.path, pre_buffer=False) as parquet:
                schema = parquet.schema_arrow
                geometry = _geometry(schema, parquet.metadata.metadata or {})
                read = [name for name in schema.names if name not in geometry.others]
                description = SourceDescription(
                    format=self.name if geometry.column else "Parquet",
                    columns=plain_columns(schema, [geometry.column or "", *geometry.others]),
                    geometry_type=geometry.type,
                    crs=geometry.crs,
                    crs_stated=geometry.crs_stated,
                    encoding="UTF-8",
                    encoding_why=gettext_noop("Parquet is UTF-8 by definition"),
                    rows=parquet.metadata.num_rows,
                    notes=tuple(_notes(geometry)),
                )
                batches = parquet.iter_batches(BATCH_ROWS, columns=read, use_threads=False)
                yield Source(
                    description, (with_geometry(each, geometry.column) for each in batches)
                )
        except (pa.ArrowException, OSError) as error:
            raise FileProblem(
                gettext_noop("The file cannot be read: %(reason)s"),
                remedy=gettext_noop("It may be damaged or cut short: export it again."),
                reason=str(error)[:500],
            ) from error


def _geometry(schema: pa.Schema, metadata: dict[bytes, bytes]) -> Geometry:
    """What the file's `geo` metadata say: those of its footer, which need not be in its schema too.

    Raises FileProblem for what we cannot read.
    """
    raw = metadata.get(METADATA_KEY)
    if raw is None:
        return Geometry()
    try:
        told = json.loads(raw)
        primary = told["primary_column"]
        columns = told["columns"]
        column = columns[primary]
        encoding, types = column["encoding"], column.get("geometry_types") or []
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileProblem(
            gettext_noop("The “geo” metadata of the Parquet file make no sense: %(reason)s"),
            remedy=gettext_noop("Export it again as GeoParquet 1.0 or 1.1."),
            reason=repr(error),
        ) from error
    if encoding != "WKB" or primary not in schema.names:
        raise FileProblem(
            gettext_noop("The geometry column is “%(column)s” in the encoding “%(encoding)s”."),
            remedy=gettext_noop("Export it as GeoParquet with the encoding WKB."),
            column=str(primary),
            encoding=str(encoding),
        )
    others = tuple(each for each in columns if each != primary and each in schema.names)
    kind = str(types[0]).removesuffix(" Z") if len(types) == 1 else "Unknown"
    return Geometry(primary, others, kind, _crs(column), bool(column.get("crs")))


def _crs(column: dict[str, Any]) -> str | None:
    if "crs" not in column:
        return DEFAULT_CRS
    if column["crs"] is None:
        return None
    try:
        return str(CRS.from_json_dict(column["crs"]).to_wkt())
    except (CRSError, TypeError, AttributeError) as error:
        raise FileProblem(
            gettext_noop("The reference system of the file makes no sense: %(reason)s"),
            remedy=gettext_noop("Export it again with a reference system that has a code."),
            reason=str(error)[:300],
        ) from error


def _notes(geometry: Geometry) -> Iterator[tuple[str, dict[str, Any]]]:
    if geometry.others:
        yield (
            gettext_noop("Of several geometry columns “%(read)s” is read, not %(others)s."),
            {"read": geometry.column, "others": ", ".join(geometry.others)},
        )
