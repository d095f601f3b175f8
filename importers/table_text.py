"""Encoding of a delimited file. Stands in for importers.text until that has the same names; then
this file goes, and importers/readers/{recoding,delimited,tail}.py take them from there."""

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importers.phrases import gettext_noop
from importers.text import CHINESE_WINDOWS

CHUNK = 1 << 20
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Encoding:
    name: str
    why: str

    @property
    def title(self) -> str:
        return self.name.upper()

    def notes(self) -> tuple[tuple[str, dict[str, Any]], ...]:
        return ()


def encoding_of_stream(path: Path) -> Encoding:
    """By the byte order mark; else strict UTF-8; else that of Windows in China."""
    with path.open("rb") as stream:
        head = stream.read(4)
        for mark, name in BYTE_ORDER_MARKS:
            if head.startswith(mark):
                return Encoding(name, gettext_noop("named by its byte order mark"))
        stream.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        try:
            while chunk := stream.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return Encoding(CHINESE_WINDOWS, gettext_noop("not UTF-8, so that of Windows in China"))
    return Encoding("utf-8", gettext_noop("all text is strict UTF-8"))


def decode_mixed(raw: bytes, encoding: Encoding) -> str:
    """One value: UTF-8 where it is that, or the table's encoding, or else GB18030.

    Raises UnicodeDecodeError for a value that is in none of them.
    """
    for name in ("utf-8", encoding.name):
        try:
            return raw.decode(name)
        except UnicodeDecodeError:
            continue
    return raw.decode(CHINESE_WINDOWS)
