"""GeoJSON a feature a line: .geojsonl, .ndjson, and RFC 8142 with its record separators."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from importers.readers.features import NotPlain
from importers.readers.features.blocks import gathered
from importers.readers.features.table import FeatureTable
from importers.readers.geojson import KINDS, WGS84, described
from importers.readers.json_text import BOM, RECORD_SEPARATOR, as_utf8, texts_in
from importers.readers.ogr import opened
from importers.readers.specification import Request, Source


class GeoJsonLinesReader:
    name = "GeoJSON lines"
    drivers = ("GeoJSON",)

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
        try:
            table = FeatureTable(gathered(texts_in(request.path)), request.scratch)
            description = described(
                self.name, encoding, table.columns, table.geometry_type, WGS84, False, table.rows
            )
            yield Source(description, table.batches())
        except NotPlain:
            path, rows = _as_collection(request)
            with opened(path, expected=rows) as layer:
                description = described(
                    self.name,
                    encoding,
                    layer.columns,
                    layer.geometry_type,
                    layer.crs or WGS84,
                    False,
                    rows,
                )
                yield Source(description, layer.batches)


def _as_collection(request: Request) -> tuple[Path, int]:
    """A copy as one collection, and how many features it has: OGR's driver for lines steps over
    what it cannot read, and guesses at dates."""
    path, rows = request.scratch / "collection.geojson", 0
    with path.open("wb") as sink:
        sink.write(b'{"type": "FeatureCollection", "features": [\n')
        for rows, text in enumerate(texts_in(request.path), start=1):
            sink.write((b",\n" if rows > 1 else b"") + text)
        sink.write(b"\n]}\n")
    return path, rows


def _is_feature(line: bytes) -> bool:
    """Whether a line is a feature by itself, and so the lines after it are others."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("type") == "Feature"
