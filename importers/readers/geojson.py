"""GeoJSON (RFC 7946, and the older `crs` member where a file has one)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from importers.phrases import gettext_noop
from importers.readers.json_text import BOM, as_utf8, counted
from importers.readers.ogr import harmless, opened
from importers.readers.specification import Request, Source, SourceDescription

CHUNK = 1 << 20
CRS_MEMBER = re.compile(rb'"crs"\s*:\s*\{')
"""RFC 7946 §4 removed the member; a file that carries one means it. It stands near the top."""
KINDS = re.compile(
    rb'"type"\s*:\s*"(Feature|FeatureCollection|GeometryCollection|(Multi)?(Point|LineString|Polygon))"'
)
PARTS = re.compile(rb'"(features|properties|geometry|coordinates|type)"\s*:')
OGR_OPTIONS: dict[str, Any] = {"DATE_AS_STRING": "YES", "ARRAY_AS_STRING": "YES"}
"""Dates stay text: OGR's guess would turn "2020/5/1" and "20200501" into different types."""


class GeoJsonReader:
    name = "GeoJSON"
    drivers = ("GeoJSON",)

    def detect(self, head: bytes, path: Path) -> bool:
        text = head.removeprefix(BOM).lstrip()
        if not text.startswith(b"{") or b'"Topology"' in head:
            return False
        by_name = path.suffix.lower() in (".geojson", ".json") and PARTS.search(head)
        return bool(KINDS.search(head) or by_name)

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        request, encoding = as_utf8(request, ".geojson")
        path = harmless(request, ".geojson")
        with path.open("rb") as stream:
            stated = CRS_MEMBER.search(stream.read(CHUNK)) is not None
        with opened(path, count=False, **OGR_OPTIONS) as layer:
            description = SourceDescription(
                format=self.name,
                columns=layer.columns,
                geometry_type=layer.geometry_type,
                crs=layer.crs,
                crs_stated=stated,
                encoding=encoding.title,
                encoding_why=encoding.why
                if encoding.name != "utf-8"
                else gettext_noop("GeoJSON is UTF-8 by definition"),
                rows=counted(path),
                notes=encoding.notes(),
            )
            yield Source(description, layer.batches)
