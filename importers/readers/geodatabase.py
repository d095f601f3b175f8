"""Esri File Geodatabase: a folder whose name ends in .gdb, of numbered tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from importers.phrases import gettext_noop
from importers.readers.ogr import harmless, opened, tables_in
from importers.readers.specification import Request, SeveralTables, Source, SourceDescription

CATALOGUE = "a00000001.gdbtable"
"""The table that lists the others; no geodatabase is without it."""


class GeodatabaseReader:
    name = "File Geodatabase"
    drivers = ("OpenFileGDB",)

    def detect(self, head: bytes, path: Path) -> bool:
        del head
        return path.is_dir() and (path / CATALOGUE).is_file()

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        path = harmless(request, ".gdb")
        tables = tables_in(path)
        table = request.table or (tables[0] if len(tables) == 1 else None)
        if table not in tables:
            raise SeveralTables(tables)
        with opened(path, table=table) as layer:
            description = SourceDescription(
                format=self.name,
                columns=layer.columns,
                geometry_type=layer.geometry_type,
                crs=layer.crs,
                crs_stated=layer.crs is not None,
                encoding="UTF-8",
                encoding_why=gettext_noop("a geodatabase keeps its text as Unicode"),
                rows=layer.rows,
                table=table or "",
                tables=tables,
            )
            yield Source(description, layer.batches)
