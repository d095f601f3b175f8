"""Whether a PNG is all there: GDAL's decoder shifts the rows of one that is cut short, silently.

The chunks of the standard (ISO/IEC 15948, 5.3): length, type, data, CRC over type and data.
"""

import struct
import zlib
from pathlib import Path
from typing import IO

from importers.phrases import gettext_noop
from importers.readers.specification import FileProblem

SIGNATURE_BYTES = 8
PIECE = 1 << 20
LAST = b"IEND"


def check_chunks(path: Path) -> None:
    """Raises FileProblem for a PNG that is cut short or changed on the way."""
    with path.open("rb") as stream:
        stream.seek(SIGNATURE_BYTES)
        while _checked(stream) != LAST:
            pass


def _checked(stream: IO[bytes]) -> bytes:
    """The type of the next chunk, whose data are as they were written."""
    head = stream.read(8)
    if len(head) < 8:
        raise _damaged(gettext_noop("The raster cannot be read: it ends in its middle."))
    length, kind = struct.unpack(">I4s", head)
    checksum = zlib.crc32(kind)
    while length:
        piece = stream.read(min(length, PIECE))
        if not piece:
            raise _damaged(gettext_noop("The raster cannot be read: it ends in its middle."))
        checksum = zlib.crc32(piece, checksum)
        length -= len(piece)
    if stream.read(4) != checksum.to_bytes(4, "big"):
        raise _damaged(gettext_noop("The raster cannot be read: a checksum is wrong."))
    return bytes(kind)


def _damaged(text: str) -> FileProblem:
    return FileProblem(
        text, remedy=gettext_noop("It may be damaged or cut short: export or send it again.")
    )
