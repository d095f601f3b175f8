"""FlatGeobuf: a header, maybe an index, then features one after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from importers.phrases import gettext_noop
from importers.readers.ogr import harmless, opened
from importers.readers.specification import Request, Source, SourceDescription

MAGIC = b"fgb\x03fgb"
"""Of version 3, the only one in use; the next byte is the patch level."""


class FlatGeobufReader:
    name = "FlatGeobuf"
    drivers = ("FlatGeobuf",)

    def detect(self, head: bytes, path: Path) -> bool:
        del path
        return head.startswith(MAGIC)

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        with opened(harmless(request, ".fgb"), VERIFY_BUFFERS="YES") as layer:
            description = SourceDescription(
                format=self.name,
                columns=layer.columns,
                geometry_type=layer.geometry_type,
                crs=layer.crs,
                crs_stated=layer.crs is not None,
                encoding="UTF-8",
                encoding_why=gettext_noop("FlatGeobuf is UTF-8 by definition"),
                rows=layer.rows,
            )
            yield Source(description, layer.batches)
