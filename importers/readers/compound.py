"""The allocation table of a compound file ([MS-CFB]), which .xls is: does any chain go in a circle?

calamine follows chains without counting, and fills the memory where one of them never ends.
"""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from importers.phrases import gettext_noop
from importers.readers.specification import FileProblem

HEADER_BYTES = 512
NO_SECTOR = 0xFFFFFFFA
"""§2.1: sector numbers from here on are marks, of an end or of a free sector."""
FIRST_TABLE_SECTORS = struct.Struct("<109I")
SECTOR_SHIFTS = (9, 12)
OUT_OF_ORDER = "the sectors of the file are not in order"


def require_sound(path: Path) -> None:
    """Raises FileProblem for a file whose chains are circles or lead outside it."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        header = stream.read(HEADER_BYTES)
        shift = struct.unpack_from("<H", header, 30)[0] if len(header) == HEADER_BYTES else 0
        if shift not in SECTOR_SHIFTS:
            raise unreadable(OUT_OF_ORDER)
        sectors = _Sectors(stream, 1 << shift, max((size >> shift) - 1, 0))
        table = sectors.allocation_table(header)
        mini_start = struct.unpack_from("<I", header, 60)[0]
        mini = sectors.numbers(_chain(table, mini_start))
    if _has_circle(table) or _has_circle(mini):
        raise unreadable(OUT_OF_ORDER)


class _Sectors:
    def __init__(self, stream: IO[bytes], size: int, count: int) -> None:
        self._stream = stream
        self._size = size
        self._count = count

    def numbers(self, sectors: Sequence[int]) -> list[int]:
        """What the sectors hold, read as sector numbers."""
        found: list[int] = []
        for sector in sectors:
            self._stream.seek((sector + 1) * self._size)
            raw = self._stream.read(self._size)
            found += struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])
        return found

    def allocation_table(self, header: bytes) -> list[int]:
        """The sectors of the table stand in the header, and from 109 on in a chain of their own."""
        listed = list(FIRST_TABLE_SECTORS.unpack_from(header, 76))
        following = struct.unpack_from("<I", header, 68)[0]
        for _each in range(self._count):
            if following >= NO_SECTOR:
                break
            *more, following = self.numbers([following]) or [NO_SECTOR]
            listed += more
        return self.numbers([each for each in listed if each < NO_SECTOR][: self._count + 1])


def _chain(table: Sequence[int], start: int) -> list[int]:
    """The sectors of a chain; raises FileProblem where it comes back to itself."""
    found: list[int] = []
    seen: set[int] = set()
    while start < NO_SECTOR:
        if start in seen or start >= len(table):
            raise unreadable(OUT_OF_ORDER)
        seen.add(start)
        found.append(start)
        start = table[start]
    return found


def _has_circle(table: Sequence[int]) -> bool:
    """Every sector is gone through once: a chain that meets its own beginning is a circle."""
    walked = [0] * len(table)
    for first in range(len(table)):
        each = first
        while each < len(table) and not walked[each]:
            walked[each] = first + 1
            each = table[each]
        if each < len(table) and walked[each] == first + 1 and table[each] < NO_SECTOR:
            return True
    return False


def unreadable(reason: str) -> FileProblem:
    return FileProblem(
        gettext_noop("The workbook cannot be read: %(reason)s"),
        remedy=gettext_noop("Open it in a spreadsheet program and save it as .xlsx."),
        reason=reason,
    )
