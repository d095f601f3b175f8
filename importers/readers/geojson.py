"""GeoJSON (RFC 7946, and the older `crs` member where a file has one)."""

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from importers.phrases import gettext_noop
from importers.readers.ogr import opened
from importers.readers.specification import FileProblem, Request, Source, SourceDescription

CHUNK = 1 << 20
BOM = b"\xef\xbb\xbf"
CRS_MEMBER = re.compile(rb'"crs"\s*:\s*\{')
"""RFC 7946 §4 removed the member; a file that carries one means it. It stands near the top."""


class GeoJsonReader:
    name = "GeoJSON"
    drivers = ("GeoJSON",)

    def detect(self, head: bytes, path: Path) -> bool:
        del path
        return head.removeprefix(BOM).lstrip()[:1] == b"{" and b'"type"' in head

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        _require_utf8(request.path)
        with request.path.open("rb") as stream:
            stated = CRS_MEMBER.search(stream.read(CHUNK)) is not None
        # Dates stay text: OGR's guess would turn "2020/5/1" and "20200501" into different types.
        options = {"DATE_AS_STRING": "YES", "ARRAY_AS_STRING": "YES"}
        with opened(request.path, **options) as layer:
            description = SourceDescription(
                format=self.name,
                columns=layer.columns,
                geometry_type=layer.geometry_type,
                crs=layer.crs,
                crs_stated=stated,
                encoding="UTF-8",
                encoding_why=gettext_noop("GeoJSON is UTF-8 by definition"),
                rows=layer.rows,
            )
            yield Source(description, layer.batches)


def _require_utf8(path: Path) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    done = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                raise FileProblem(
                    gettext_noop("GeoJSON must be UTF-8; byte %(position)d is not."),
                    remedy=gettext_noop("Save the file as UTF-8 (it may be GBK now)."),
                    position=done + error.start,
                ) from error
            done += len(chunk)
