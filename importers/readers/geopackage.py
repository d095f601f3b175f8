"""GeoPackage (OGC 12-128): an SQLite file whose application id says GPKG."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from importers.phrases import gettext_noop
from importers.readers.ogr import harmless, opened
from importers.readers.specification import (
    FileProblem,
    Request,
    SeveralTables,
    Source,
    SourceDescription,
)

SQLITE_MAGIC = b"SQLite format 3\x00"
APPLICATION_IDS = (b"GPKG", b"GP10", b"GP11")
UNDEFINED_SRS = (-1, 0)
"""Clause 1.1.2.1: undefined Cartesian and undefined geographic."""


class GeoPackageReader:
    name = "GeoPackage"
    drivers = ("GPKG",)

    def detect(self, head: bytes, path: Path) -> bool:
        return head.startswith(SQLITE_MAGIC) and (
            head[68:72] in APPLICATION_IDS or path.suffix.lower() == ".gpkg"
        )

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        path = harmless(request, ".gpkg")
        tables = _tables(path)
        table = request.table or (next(iter(tables)) if len(tables) == 1 else None)
        if table is None or table not in tables:
            raise SeveralTables(tuple(tables))
        has_srs = tables[table]
        with opened(path, table=table) as layer:
            description = SourceDescription(
                format=self.name,
                columns=layer.columns,
                geometry_type=layer.geometry_type,
                crs=layer.crs if has_srs else None,
                crs_stated=has_srs,
                encoding="UTF-8",
                encoding_why=gettext_noop("GeoPackage is UTF-8 by definition"),
                rows=layer.rows,
                table=table,
                tables=tuple(tables),
            )
            yield Source(description, layer.batches)


def _tables(path: Path) -> dict[str, bool]:
    """Its tables, and whether the reference system of each is defined."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as base:
            found = base.execute(
                "SELECT table_name, srs_id FROM gpkg_contents"
                " WHERE data_type IN ('features', 'attributes')"
            ).fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise FileProblem(
            gettext_noop("The GeoPackage cannot be read: %(reason)s"),
            remedy=gettext_noop("It may be damaged or cut short: export it again."),
            reason=str(error),
        ) from error
    return {str(table): srs is not None and srs not in UNDEFINED_SRS for table, srs in found}
