"""The end of a delimited file: rows of totals and remarks below the table, which are no features.

They are counted in the last kilobytes before the file is read, so that they can be told, and left
out when its end has come.
"""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from importers.readers import cells
from importers.readers.dialect import Dialect, lines_of
from importers.readers.layout import Layout
from importers.text import Encoding, decode_mixed

TAIL_BYTES = 64 << 10
MOST_DROPPED = 20
"""A form has a handful of such rows; more of them are something else."""


def rows_to_drop(path: Path, encoding: Encoding, dialect: Dialect, layout: Layout) -> int:
    """How many rows at the end, blank ones not counted, are totals or remarks."""
    text = _tail(path, encoding)
    if dialect.replaced:
        text = text.replace(*dialect.replaced)
    try:
        records = list(dialect.records(lines_of(text)))
    except csv.Error:
        # The tail began inside quotation marks: nothing in it can be trusted.
        return 0
    count = 0
    for record in reversed(records):
        row = [record[column] if column < len(record) else "" for column in layout.columns]
        if all(cells.is_blank(cell) for cell in row):
            continue
        closing = cells.is_total(row) or cells.is_closing(row, len(row))
        if count == MOST_DROPPED or not closing:
            break
        count += 1
    return count


def _tail(path: Path, encoding: Encoding) -> str:
    """Lines from the end of the file; the first may begin anywhere and is left out."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        mark = stream.read(2)
        # A multiple of four bytes, so that no unit of UTF-16 is cut in two.
        stream.seek(max(size - TAIL_BYTES, 0) & ~3)
        raw = stream.read()
    if codecs.lookup(encoding.name).name.startswith("utf-16"):
        wide = "utf-16-be" if mark == codecs.BOM_UTF16_BE else "utf-16-le"
        return "".join(lines_of(raw.decode(wide, "replace"))[1:])
    return "".join(_line(line, encoding) for line in raw.splitlines(keepends=True)[1:])


def _line(raw: bytes, encoding: Encoding) -> str:
    try:
        return decode_mixed(raw, encoding)
    except UnicodeDecodeError:
        # What it says does not matter, but that it is neither a total nor a remark.
        return raw.decode("ascii", errors="replace")


def without_last(batches: Iterator[Any], count: int) -> Iterator[Any]:
    """All batches, but without the last `count` rows."""
    held: list[Any] = []
    for batch in batches:
        held.append(batch)
        while held and sum(each.num_rows for each in held[1:]) >= count:
            yield held.pop(0)
    left = sum(each.num_rows for each in held) - count
    for batch in held:
        kept = batch.slice(0, max(left, 0))
        left -= kept.num_rows
        if kept.num_rows:
            yield kept
