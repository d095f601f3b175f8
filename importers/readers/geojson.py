"""GeoJSON (RFC 7946, and the older `crs` member where a file has one)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from importers.phrases import gettext_noop
from importers.readers.features import NotPlain
from importers.readers.features.blocks import collected, header_of
from importers.readers.features.table import FeatureTable
from importers.readers.json_text import BOM, as_utf8, counted
from importers.readers.ogr import harmless, opened
from importers.readers.specification import Column, Request, Source, SourceDescription
from importers.text import Encoding

CHUNK = 1 << 20
CRS_MEMBER = re.compile(rb'"crs"\s*:\s*\{')
"""RFC 7946 §4 removed the member; a file that carries one means it. It stands near the top."""
KINDS = re.compile(
    rb'"type"\s*:\s*"(Feature|FeatureCollection|GeometryCollection|(Multi)?(Point|LineString|Polygon))"'
)
PARTS = re.compile(rb'"(features|properties|geometry|coordinates|type)"\s*:')
WGS84 = "EPSG:4326"
EPSG_NAME = re.compile(r"(?:urn:ogc:def:crs:)?EPSG:[\d.]*:?(\d{4,5})", re.IGNORECASE)
CRS84_NAME = re.compile(r"(?:urn:ogc:def:crs:)?OGC:[\d.]*:?CRS84", re.IGNORECASE)


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
        try:
            yield self._plain(request, encoding)
        except NotPlain:
            with self._any(request, encoding) as source:
                yield source

    def _plain(self, request: Request, encoding: Encoding) -> Source:
        """Raises NotPlain."""
        header = header_of(request.path)
        crs = _named_crs(header)
        table = FeatureTable(collected(request.path), request.scratch)
        description = described(
            self.name,
            encoding,
            table.columns,
            table.geometry_type,
            crs,
            "crs" in header,
            table.rows,
        )
        return Source(description, table.batches())

    @contextmanager
    def _any(self, request: Request, encoding: Encoding) -> Iterator[Source]:
        path = harmless(request, ".geojson")
        with path.open("rb") as stream:
            stated = CRS_MEMBER.search(stream.read(CHUNK)) is not None
        with opened(path, count=False) as layer:
            description = described(
                self.name,
                encoding,
                layer.columns,
                layer.geometry_type,
                layer.crs,
                stated,
                counted(path),
            )
            yield Source(description, layer.batches)


def described(
    name: str,
    encoding: Encoding,
    columns: tuple[Column, ...],
    geometry_type: str | None,
    crs: str | None,
    crs_stated: bool,
    rows: int,
) -> SourceDescription:
    by_definition = encoding.name == "utf-8" and not encoding.other
    return SourceDescription(
        format=name,
        columns=columns,
        geometry_type=geometry_type,
        crs=crs,
        crs_stated=crs_stated,
        encoding=encoding.title,
        encoding_why=gettext_noop("GeoJSON is UTF-8 by definition")
        if by_definition
        else encoding.why,
        rows=rows,
        notes=encoding.notes(),
    )


def _named_crs(header: dict[str, Any]) -> str:
    """WGS 84 where none is named. Raises NotPlain for one that is more than an EPSG code."""
    if "crs" not in header:
        return WGS84
    match header["crs"]:
        case {"type": "name", "properties": {"name": str() as name}}:
            if found := EPSG_NAME.fullmatch(name):
                return f"EPSG:{found.group(1)}"
            if CRS84_NAME.fullmatch(name):
                return WGS84
    raise NotPlain("another reference system")
