"""KML: see importers.readers.markup.kml for what becomes a column. KMZ is a zip with KML inside."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from importers.phrases import gettext_noop
from importers.readers.markup.kml import FOLDER_COLUMN, Placemarks
from importers.readers.markup.parsing import parse, root_of
from importers.readers.markup.rows import Gathering, Survey
from importers.readers.specification import Column, Request, Source, SourceDescription
from importers.text import Encoding, encoding_of_stream

WGS84 = "EPSG:4326"
TITLE_COLUMN = "name"
"""What a placemark is shown as. Where its data say the same in each row, it is no column: programs
repeat there the name, or the code, that stands among the data too."""
FIRST_COLUMNS = (TITLE_COLUMN, FOLDER_COLUMN)


class KmlReader:
    name = "KML"
    drivers = ()

    def detect(self, head: bytes, path: Path) -> bool:
        del path
        return root_of(head) == "kml"

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        encoding = encoding_of_stream(request.path)
        survey, placemarks = Survey(), Placemarks()
        for _ in parse(request.path, encoding, placemarks):
            for row in placemarks.rows:
                survey.add(row)
                survey.note_repeated(row, TITLE_COLUMN)
            placemarks.rows.clear()
        kept = [name for name in survey.columns if name not in survey.repeated - survey.own]
        first = [name for name in FIRST_COLUMNS if name in kept]
        columns = (*first, *(name for name in kept if name not in first))
        description = SourceDescription(
            format=self.name,
            columns=tuple(Column(name, "string") for name in columns),
            geometry_type=survey.geometry_type,
            crs=WGS84,
            crs_stated=False,
            encoding=encoding.title,
            encoding_why=encoding.why,
            rows=survey.rows,
            notes=(*encoding.notes(), *_notes(placemarks)),
        )
        yield Source(description, _batches(request.path, encoding, columns))


def _notes(found: Placemarks) -> Iterator[tuple[str, dict[str, Any]]]:
    if found.network_links:
        yield (
            gettext_noop("%(count)d network links in the file were not followed."),
            {"count": found.network_links},
        )
    if found.unread_shapes:
        yield (
            gettext_noop("%(count)d shapes have too few or unreadable ordinates."),
            {"count": found.unread_shapes},
        )


def _batches(path: Path, encoding: Encoding, columns: tuple[str, ...]) -> Iterator[Any]:
    placemarks, gathering = Placemarks(), Gathering(columns)
    for _ in parse(path, encoding, placemarks):
        for row in placemarks.rows:
            gathering.add(row)
            if gathering.full:
                yield gathering.taken()
        placemarks.rows.clear()
    if len(gathering):
        yield gathering.taken()
