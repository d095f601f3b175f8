"""The encoding of a text table (CSV, TSV): by its byte order mark, else by its values."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from importers.phrases import gettext_noop
from importers.text.encoding import Encoding
from importers.text.evidence import Evidence

WHOLE_BYTES = 8 << 20
"""A file up to here is looked at altogether; of a longer one, pieces spread evenly."""
PIECES, PIECE_BYTES = 32, 1 << 18
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_VALUE = re.compile(rb"(?<![^,;\t|\r\n\"])[^,;\t|\r\n\"]*[\x80-\xff][^,;\t\r\n\"]*")
"""A stretch between separators with at least one byte beyond ASCII. "|" may be part of a character
in GBK or Big5, so only one that comes first is left out. It is looked for where a stretch begins
and nowhere in it: from each of its bytes, an endless row without a separator would take hours."""


def encoding_of_stream(path: Path) -> Encoding:
    """The encoding most of the table is in, with counts of both where it is in two.

    A UTF-8 byte order mark is no proof for what follows: tables get rows of others appended. With
    "utf-16" the whole file must be decoded by that codec; a mark at the front is in all cases for
    the caller to skip. Raises OSError.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    marked = next((name for mark, name in BYTE_ORDER_MARKS if head.startswith(mark)), None)
    named_by = gettext_noop("named by its byte order mark")
    if marked == "utf-16":
        return Encoding("utf-16", named_by)
    return evidence_of_stream(path).verdict(named=marked, named_by=named_by)


def evidence_of_stream(path: Path) -> Evidence:
    """What the values in a file of text say, whatever separates them."""
    evidence = Evidence()
    evidence.look_at(_values(path))
    return evidence


def _values(path: Path) -> Iterator[bytes]:
    for piece in _pieces(path):
        yield from _VALUE.findall(piece)


def _pieces(path: Path) -> Iterator[bytes]:
    """Whole lines, but for one longer than a piece."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        if size <= WHOLE_BYTES:
            while piece := stream.read(PIECE_BYTES):
                yield (piece + stream.readline(PIECE_BYTES)).removeprefix(codecs.BOM_UTF8)
            return
        for number in range(PIECES):
            stream.seek(size * number // PIECES)
            if number:
                stream.readline(PIECE_BYTES)
            piece = stream.read(PIECE_BYTES) + stream.readline(PIECE_BYTES)
            yield piece.removeprefix(codecs.BOM_UTF8)
