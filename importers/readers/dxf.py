"""DXF drawings: entities with their layer and text. Reference system and attributes they have none.

Drawings of AutoCAD before 2007 name the code page of their text ($DWGCODEPAGE: ANSI_936), later
ones are UTF-8; exporters get both wrong, so the bytes decide, value by value.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from importers.phrases import gettext_noop
from importers.readers.ogr import harmless, opened
from importers.readers.specification import (
    UNREADABLE_COLUMN,
    FileProblem,
    Request,
    Source,
    SourceDescription,
)
from importers.text import CARRIER, Encoding, decode_mixed, named_codec
from importers.text.tables import evidence_of_stream

START = re.compile(rb"\s*(999\r?\n[^\n]*\n\s*)*0\r?\n\s*SECTION\s*\r?\n")
BINARY = b"AutoCAD Binary DXF"
CODE_PAGE = re.compile(rb"\$DWGCODEPAGE\s*\r?\n\s*3\s*\r?\n\s*([\w-]+)")
HEADER_BYTES = 1 << 16
_CARRIED = re.compile("[\x80-\xff]+")


class DxfReader:
    name = "DXF"
    drivers = ("DXF",)

    def detect(self, head: bytes, path: Path) -> bool:
        del path
        return head.startswith(BINARY) or START.match(head) is not None

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        import pyogrio  # see importers.readers.ogr

        encoding = _encoding(request.path)
        pyogrio.set_gdal_config_options({"DXF_ENCODING": CARRIER})
        with opened(harmless(request, ".dxf")) as layer:
            description = SourceDescription(
                format=self.name,
                columns=layer.columns,
                geometry_type=layer.geometry_type,
                crs=None,
                crs_stated=False,
                encoding=encoding.title,
                encoding_why=encoding.why,
                rows=layer.rows,
                notes=encoding.notes(),
            )
            yield Source(description, (_decoded(each, encoding) for each in layer.batches))


def _encoding(path: Path) -> Encoding:
    with path.open("rb") as stream:
        head = stream.read(HEADER_BYTES)
    if head.startswith(BINARY):
        raise FileProblem(
            gettext_noop("The drawing is a binary DXF."),
            remedy=gettext_noop("Save it as DXF in text form (ASCII)."),
        )
    told = CODE_PAGE.search(head)
    page = told.group(1).decode("ascii", "ignore") if told else ""
    named = named_codec(page) if page else None
    return evidence_of_stream(path).verdict(
        named=named, named_by=gettext_noop("named by the drawing ($DWGCODEPAGE)")
    )


def _decoded(batch: pa.RecordBatch, encoding: Encoding) -> pa.RecordBatch:
    """Characters beyond the carrier's come from \\U+ escapes, and are right already."""

    def text(found: re.Match[str]) -> str:
        raw = found.group().encode(CARRIER)
        try:
            return decode_mixed(raw, encoding)
        except UnicodeDecodeError:
            return raw.decode(encoding.name, errors="replace")

    arrays = [
        pa.array(
            [None if each is None else _CARRIED.sub(text, each) for each in array.to_pylist()],
            pa.string(),
        )
        if pa.types.is_string(array.type) and name != UNREADABLE_COLUMN
        else array
        for name, array in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)
