"""GeoJSON a feature a line: .geojsonl, .ndjson, and RFC 8142 with its record separators."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from importers.phrases import gettext_noop
from importers.readers.geojson import KINDS, OGR_OPTIONS
from importers.readers.json_text import BOM, RECORD_SEPARATOR, as_utf8, records_in
from importers.readers.ogr import harmless, opened
from importers.readers.specification import Request, Source, SourceDescription

WGS84 = "EPSG:4326"


class GeoJsonLinesReader:
    name = "GeoJSON lines"
    drivers = ("GeoJSONSeq",)

    def detect(self, head: bytes, path: Path) -> bool:
        text = head.removeprefix(BOM).lstrip()
        if text.startswith(RECORD_SEPARATOR):
            return KINDS.search(head) is not None
        first, newline, _more = text.partition(b"\n")
        by_name = path.suffix.lower() in (".geojsonl", ".geojsons", ".ndjson", ".jsonl")
        if not KINDS.search(head) or not text.startswith(b"{"):
            return False
        return by_name or (bool(newline) and _is_feature(first))

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        request, encoding = as_utf8(request, ".geojsonl")
        path = harmless(request, ".geojsonl")
        # Each line is a row, and OGR steps over a line that it cannot read.
        rows = records_in(path)
        with opened(path, expected=rows, **OGR_OPTIONS) as layer:
            description = SourceDescription(
                format=self.name,
                columns=layer.columns,
                geometry_type=layer.geometry_type,
                crs=layer.crs or WGS84,
                crs_stated=False,
                encoding=encoding.title,
                encoding_why=encoding.why
                if encoding.name != "utf-8"
                else gettext_noop("GeoJSON is UTF-8 by definition"),
                rows=rows,
                notes=encoding.notes(),
            )
            yield Source(description, layer.batches)


def _is_feature(line: bytes) -> bool:
    """Whether a line is a feature by itself, and so the lines after it are others."""
    try:
        found = json.loads(line)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("type") == "Feature"
