"""JSON as text: UTF-8 by definition, but Chinese programs write it in GBK, too."""

import codecs
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from importers.phrases import gettext_noop
from importers.readers.specification import FileProblem, Request
from importers.text import Encoding, decode_mixed, encoding_of_stream

CHUNK = 1 << 20
BOM = codecs.BOM_UTF8
FEATURE = b'"Feature"'
RECORD_SEPARATOR = b"\x1e"


def as_utf8(request: Request, extension: str) -> tuple[Request, Encoding]:
    """The file itself where it is UTF-8; else a copy that is, in the scratch folder.

    Raises FileProblem for text in no encoding.
    """
    if _is_utf8(request.path):
        return request, Encoding("utf-8", gettext_noop("all text is strict UTF-8"))
    encoding = encoding_of_stream(request.path)
    copy = request.scratch / f"utf8{extension}"
    try:
        with request.path.open("rb") as source, copy.open("wb") as sink:
            for piece in _decoded(source, encoding):
                sink.write(piece.encode())
    except UnicodeDecodeError as error:
        raise FileProblem(
            gettext_noop("The text of the file is in no encoding that can be read: %(reason)s"),
            remedy=gettext_noop("Save the file as UTF-8."),
            reason=str(error),
        ) from error
    return replace(request, path=copy), encoding


def counted(path: Path) -> int:
    """How many features the file has, at a thousandth of the cost of reading them. A property whose
    value is "Feature" is counted, too: good enough for a remaining time."""
    count, rest = 0, b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            text = rest + chunk
            count += text.count(FEATURE)
            rest = text[-len(FEATURE) + 1 :]
    return count


def texts_in(path: Path) -> Iterator[bytes]:
    """The JSON texts of a file that has one a line, or one after each record separator."""
    with path.open("rb") as stream:
        separated = stream.read(len(BOM) + 1).removeprefix(BOM)[:1] == RECORD_SEPARATOR
        stream.seek(0)
        for text in _records(stream) if separated else stream:
            if text := text.removeprefix(BOM).strip():
                yield text


def _records(stream: IO[bytes]) -> Iterator[bytes]:
    """A record may go over several lines (RFC 8142, 2.1)."""
    rest = b""
    while chunk := stream.read(CHUNK):
        *whole, rest = (rest + chunk).split(RECORD_SEPARATOR)
        yield from whole
    yield rest


def _is_utf8(path: Path) -> bool:
    """Up to a last character that is cut in two: that is damage, and no other encoding."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(source: IO[bytes], encoding: Encoding) -> Iterator[str]:
    """Decoded from one quotation mark to the next: no character of any encoding contains one."""
    if encoding.name == "utf-16":
        yield from codecs.getreader("utf-16")(source)
        return
    rest = b""
    while chunk := source.read(CHUNK):
        *values, rest = (rest + chunk).split(b'"')
        for value in values:
            yield decode_mixed(value, encoding) + '"'
    yield decode_mixed(rest, encoding)
