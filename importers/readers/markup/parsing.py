"""XML from strangers as a stream of elements: no document type, no entities, bounded depth.

A document type is what entity bombs and references to other files are made of; neither KML nor GPX
has one. Chinese programs write both formats in GBK, with or without saying so.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from importers.phrases import gettext_noop
from importers.readers.specification import FileProblem
from importers.text import Encoding, decode_mixed

CHUNK = 1 << 18
MOST_DEPTH = 64
MOST_TEXT = 64 << 20
"""Characters of one element: a line of some two million points."""
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']""")


class Elements(Protocol):
    """What takes the elements; names are without their name space."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str, text: str) -> None:
        """`text` is what stood directly in the element, trimmed."""


def parse(path: Path, encoding: Encoding, elements: Elements) -> Iterator[None]:
    """Feeds the file to `elements`, and pauses after each piece of it. Raises FileProblem."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    _State(parser, elements)
    try:
        for chunk in _utf8(path, encoding):
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise FileProblem(
            gettext_noop("The file is no complete XML: %(reason)s"),
            remedy=gettext_noop("It may be damaged or cut short: export it again."),
            reason=str(error),
        ) from error
    except UnicodeDecodeError as error:
        raise FileProblem(
            gettext_noop("The text of the file is in no encoding that can be read: %(reason)s"),
            remedy=gettext_noop("Save the file as UTF-8."),
            reason=str(error),
        ) from error


class _State:
    """Text and depth while the parser runs."""

    def __init__(self, parser: expat.XMLParserType, elements: Elements) -> None:
        self._elements = elements
        self._texts: list[list[str]] = []
        self._length = 0
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._document_type

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._texts) >= MOST_DEPTH:
            raise FileProblem(
                gettext_noop("The file nests elements more than %(most)d deep."),
                remedy=gettext_noop("Export it again from the program that holds the data."),
                most=MOST_DEPTH,
            )
        self._texts.append([])
        self._length = 0
        self._elements.start(_local(name), attributes)

    def _end(self, name: str) -> None:
        self._length = 0
        self._elements.end(_local(name), "".join(self._texts.pop()).strip())

    def _characters(self, text: str) -> None:
        self._length += len(text)
        if self._length > MOST_TEXT:
            raise FileProblem(
                gettext_noop("One element of the file holds more than %(megabytes)d MB of text."),
                remedy=gettext_noop("Simplify or split that feature."),
                megabytes=MOST_TEXT >> 20,
            )
        self._texts[-1].append(text)

    def _document_type(self, *_: object) -> None:
        raise FileProblem(
            gettext_noop("The file declares a document type, which may hide entities."),
            remedy=gettext_noop("Export it again, or remove the <!DOCTYPE …> part."),
        )


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def root_of(head: bytes) -> str:
    """The local name of the first element, "" where there is none; for telling formats apart."""
    text = head.removeprefix(codecs.BOM_UTF8)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = head.decode("utf-16", errors="ignore").encode()
    text = re.sub(
        rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", b"", text, flags=re.DOTALL
    )
    found = re.match(rb"\s*<([\w.:-]+)", text)
    return _local(found.group(1).decode("ascii", "ignore")) if found else ""


def _utf8(path: Path, encoding: Encoding) -> Iterator[bytes]:
    """The file as UTF-8. Raises UnicodeDecodeError."""
    with path.open("rb") as stream:
        if encoding.name == "utf-8" and not encoding.other:
            while chunk := stream.read(CHUNK):
                yield chunk
            return
        if encoding.mixed:
            for line in stream:
                yield decode_mixed(line, encoding).encode()
            return
        decoder = codecs.getincrementaldecoder(encoding.name)("strict")
        while chunk := stream.read(CHUNK):
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
