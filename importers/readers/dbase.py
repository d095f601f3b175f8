"""The .dbf part of a Shapefile as bytes: its header, and the text of its character columns."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from importers.phrases import gettext_noop
from importers.readers.specification import FileProblem

HEADER = struct.Struct("<4xIHH17xB2x")
"""Record count, header length, record length; the language driver id (LDID) at byte 29."""
FIELD_BYTES = 32
END_OF_FIELDS = 0x0D
DELETED = ord("*")
RECORDS_AT_ONCE = 500
MOST_BLOCKS = 20


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A character column: where it starts in a record, and how many bytes it has."""

    offset: int
    width: int


@dataclass(frozen=True, slots=True)
class Table:
    path: Path
    records: int
    header_length: int
    record_length: int
    ldid: int
    names: tuple[bytes, ...]
    texts: tuple[TextColumn, ...]
    widths: tuple[int, ...]

    def text_values(self) -> Iterator[bytes]:
        """Non-ASCII values of the character columns, without their padding.

        All of them in a table of some ten thousand rows; of a longer one, from rows spread evenly.
        """
        with self.path.open("rb") as stream:
            for first in self._looked_at():
                stream.seek(self.header_length + first * self.record_length)
                block = stream.read(self.record_length * RECORDS_AT_ONCE)
                if block.isascii():
                    continue
                for start in range(0, len(block), self.record_length):
                    yield from self._values(block[start : start + self.record_length])

    def kept(self) -> NDArray[np.bool_]:
        """Of each record, whether it is still there: deleted ones stay until a file is packed."""
        flags = np.memmap(
            self.path,
            dtype=np.uint8,
            mode="r",
            offset=self.header_length,
            shape=(self.records, self.record_length),
        )[:, 0]
        return np.asarray(flags != DELETED)

    def _looked_at(self) -> list[int]:
        """The first record of each block that is looked at; the last ones are among them."""
        blocks = -(-self.records // RECORDS_AT_ONCE)
        chosen = list(range(blocks))
        if blocks > MOST_BLOCKS:
            chosen = sorted(
                {round(n * (blocks - 1) / (MOST_BLOCKS - 1)) for n in range(MOST_BLOCKS)}
            )
        return [block * RECORDS_AT_ONCE for block in chosen]

    def _values(self, record: bytes) -> Iterator[bytes]:
        if record.isascii():
            return
        for column in self.texts:
            value = record[column.offset : column.offset + column.width]
            if not value.isascii():
                yield value.rstrip(b" \x00")


def read_table(path: Path) -> Table:
    """Raises FileProblem for a header that makes no sense or a file shorter than it promises."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(FIELD_BYTES)
        if len(head) < FIELD_BYTES:
            raise _cut(0, 0)
        records, header_length, record_length, ldid = HEADER.unpack(head)
        fields = stream.read(max(header_length - FIELD_BYTES, 0))
    if (
        header_length <= FIELD_BYTES
        or record_length < 1
        or len(fields) < header_length - FIELD_BYTES
    ):
        raise _cut(records, 0)
    present = (size - header_length) // record_length
    if present < records:
        raise _cut(records, present)
    return _with_fields(path, (records, header_length, record_length, ldid), fields)


def _with_fields(path: Path, numbers: tuple[int, int, int, int], fields: bytes) -> Table:
    names: list[bytes] = []
    texts: list[TextColumn] = []
    widths: list[int] = []
    offset = 1
    for start in range(0, len(fields) - FIELD_BYTES + 1, FIELD_BYTES):
        one = fields[start : start + FIELD_BYTES]
        if one[0] == END_OF_FIELDS:
            break
        # A character column may be wider than 255: its decimals byte is the high byte then.
        width = one[16] + (one[17] << 8 if one[11:12] == b"C" else 0)
        names.append(one[:11].split(b"\x00")[0])
        widths.append(width)
        if one[11:12] == b"C":
            texts.append(TextColumn(offset, width))
        offset += width
    return Table(path, *numbers, tuple(names), tuple(texts), tuple(widths))


def _cut(promised: int, present: int) -> FileProblem:
    return FileProblem(
        gettext_noop("The .dbf is cut short: it promises %(promised)d rows and holds %(present)d."),
        remedy=gettext_noop("Export or copy the Shapefile again, all parts of it."),
        promised=promised,
        present=present,
    )
