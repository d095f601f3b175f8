"""Esri's own JSON, as feature services of ArcGIS answer: `attributes` where GeoJSON has
`properties`."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from importers.phrases import gettext_noop
from importers.readers.json_text import BOM, as_utf8
from importers.readers.ogr import harmless, opened
from importers.readers.specification import Request, Source, SourceDescription

SIGNS = re.compile(rb'"(attributes|geometryType|fieldAliases|objectIdFieldName)"\s*:')


class EsriJsonReader:
    name = "Esri JSON"
    drivers = ("ESRIJSON",)

    def detect(self, head: bytes, path: Path) -> bool:
        del path
        text = head.removeprefix(BOM).lstrip()
        return text.startswith(b"{") and len(set(SIGNS.findall(head))) >= 1 and b"esri" in head

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        request, encoding = as_utf8(request, ".json")
        with opened(harmless(request, ".json")) as layer:
            description = SourceDescription(
                format=self.name,
                columns=layer.columns,
                geometry_type=layer.geometry_type,
                crs=layer.crs,
                crs_stated=layer.crs is not None,
                encoding=encoding.title,
                encoding_why=encoding.why
                if encoding.name != "utf-8"
                else gettext_noop("JSON is UTF-8 by definition"),
                rows=layer.rows,
                notes=encoding.notes(),
            )
            yield Source(description, layer.batches)
