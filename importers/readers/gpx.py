"""GPX: what a handheld receiver or a phone recorded; each kind of record is a table."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from importers.phrases import gettext_noop
from importers.readers.markup.gpx import TABLES, Waypoints
from importers.readers.markup.parsing import parse, root_of
from importers.readers.markup.rows import Gathering, Survey
from importers.readers.specification import (
    Column,
    Request,
    SeveralTables,
    Source,
    SourceDescription,
)
from importers.text import Encoding, encoding_of_stream

WGS84 = "EPSG:4326"


class GpxReader:
    name = "GPX"
    drivers = ()

    def detect(self, head: bytes, path: Path) -> bool:
        del path
        return root_of(head) == "gpx"

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        encoding = encoding_of_stream(request.path)
        surveys: dict[str, Survey] = {}
        waypoints = Waypoints()
        for _ in parse(request.path, encoding, waypoints):
            for table, row in waypoints.rows:
                surveys.setdefault(table, Survey()).add(row)
            waypoints.rows.clear()
        tables = tuple(table for table in TABLES.values() if table in surveys)
        chosen = request.table or (tables[0] if len(tables) == 1 else None)
        if chosen not in surveys:
            raise SeveralTables(tables)
        survey = surveys[chosen]
        description = SourceDescription(
            format=self.name,
            columns=tuple(Column(name, "string") for name in survey.columns),
            geometry_type=survey.geometry_type,
            crs=WGS84,
            crs_stated=True,
            encoding=encoding.title,
            encoding_why=encoding.why,
            rows=survey.rows,
            notes=(*encoding.notes(), *_notes(waypoints)),
            table=chosen,
            tables=tables,
        )
        yield Source(description, _batches(request.path, encoding, chosen, tuple(survey.columns)))


def _notes(found: Waypoints) -> Iterator[tuple[str, dict[str, Any]]]:
    if found.unread_shapes:
        yield (
            gettext_noop("%(count)d points of the file have no readable ordinates."),
            {"count": found.unread_shapes},
        )


def _batches(path: Path, encoding: Encoding, table: str, columns: tuple[str, ...]) -> Iterator[Any]:
    waypoints, gathering = Waypoints(), Gathering(columns)
    for _ in parse(path, encoding, waypoints):
        for found, row in waypoints.rows:
            if found == table:
                gathering.add(row)
            if gathering.full:
                yield gathering.taken()
        waypoints.rows.clear()
    if len(gathering):
        yield gathering.taken()
