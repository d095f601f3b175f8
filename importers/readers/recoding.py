"""The text of a file as UTF-8 bytes, whatever it is written in, a few megabytes at a time."""

import codecs
import re
from pathlib import Path

from importers.phrases import gettext_noop
from importers.readers.specification import FileProblem
from importers.text import Encoding, decode_mixed

CHUNK = 1 << 20
LONGEST_ROW = 8 << 20
"""Bytes of one row, or of a line without an end. The outline of a county in text is some 200 kB."""
LOST = "\ufffd"
_SEPARATORS = re.compile(rb"([,;\t\"\r\n]+)")
"""Bytes that are never part of a character in UTF-8, GB18030 or Big5; "|" can be."""
_CHINESE_IN_UTF8 = re.compile(
    rb"[\xe3-\xe9](?<=[,;\t\"\n].)[\x80-\xbf]{2}(?:[\xe3-\xe9][\x80-\xbf]{2})*(?=[,;\t\"\r\n])",
    re.DOTALL,
)
"""A whole value that is UTF-8: GB18030 can be read into it, as something nobody wrote. The rarest
byte is looked for first, and only then what stands before it: six times as fast."""


class Utf8Text:
    """A binary stream for pyarrow. `lost` becomes true when text could not be decoded: then LOST
    stands in its place.

    The file is cut at line ends: no byte of a character of UTF-8, GB18030 or Big5 is 0x0A or 0x0D,
    so each piece decodes by itself, and one in another encoding is found by its lines.
    """

    closed = False
    """pyarrow asks; it closes nothing itself."""

    def __init__(
        self, path: Path, encoding: Encoding, replaced: tuple[str, str] | None = None
    ) -> None:
        self._file = path.open("rb")
        self._encoding = encoding
        self._codec = codecs.lookup(encoding.name).name
        self._replaced = replaced
        self._wide = None
        if self._codec.startswith("utf-16"):
            self._wide = codecs.getincrementaldecoder(self._codec)("replace")
        self._kept = b""
        self._ready = b""
        self._ended = False
        self.lost = False
        if self._file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            self._file.seek(0)

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()

    def read(self, size: int) -> bytes:
        """Exactly so many bytes, fewer only at the end. Raises FileProblem for an endless line."""
        pieces = [self._ready]
        have = len(self._ready)
        while have < size and not self._ended:
            piece = self._next()
            pieces.append(piece)
            have += len(piece)
        together = b"".join(pieces)
        self._ready = together[size:]
        return together[:size]

    def _next(self) -> bytes:
        raw = self._file.read(CHUNK)
        self._ended = not raw
        if self._wide is not None:
            return self._finished(self._wide.decode(raw, final=self._ended))
        block = self._kept + raw
        end = len(block) if self._ended else max(block.rfind(b"\n"), block.rfind(b"\r")) + 1
        whole, self._kept = block[:end], block[end:]
        if len(self._kept) > LONGEST_ROW:
            raise row_too_long()
        return self._recoded(whole)

    def _recoded(self, raw: bytes) -> bytes:
        if self._codec == "utf-8" or not _CHINESE_IN_UTF8.search(b"\n" + raw):
            try:
                return self._finished(raw.decode(self._codec), raw)
            except UnicodeDecodeError:
                # Some value is in another encoding, or in none: find out which.
                return self._finished(self._by_value(raw))
        return self._finished(self._by_value(raw))

    def _by_value(self, raw: bytes) -> str:
        return "".join(self._value(piece) for piece in _SEPARATORS.split(raw))

    def _value(self, raw: bytes) -> str:
        try:
            return raw.decode("ascii") if raw.isascii() else decode_mixed(raw, self._encoding)
        except UnicodeDecodeError:
            return raw.decode(self._codec, errors="replace")

    def _finished(self, text: str, raw: bytes | None = None) -> bytes:
        """As UTF-8; `raw` where the text was decoded from that as a whole."""
        self.lost = self.lost or LOST in text
        if self._replaced:
            text = text.replace(*self._replaced)
        elif raw is not None and self._codec == "utf-8":
            return raw
        return text.encode()


def row_too_long() -> FileProblem:
    return FileProblem(
        gettext_noop("A row is longer than %(megabytes)d MB, or a quotation mark is never closed."),
        remedy=gettext_noop("Check the quotation marks, or send the shapes as GeoPackage."),
        megabytes=LONGEST_ROW >> 20,
    )
