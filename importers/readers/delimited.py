"""CSV and its relatives: any usual delimiter and encoding, titles above, sums below.

All cells stay text: ids keep their leading zeros and 18 digits theirs. pyarrow parses; Python looks
at the beginning, the end and the rows that have too few or too many cells.
"""

import csv
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import reduce
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from importers.formulas import GUARDED_PATTERN, MARK
from importers.phrases import gettext_noop
from importers.readers import cells
from importers.readers.dialect import Dialect, dialect_of, fits, lines_of
from importers.readers.layout import Layout, Notes, layout_of, position_name
from importers.readers.ragged import RaggedRows
from importers.readers.recoding import LONGEST_ROW, LOST, Utf8Text, row_too_long
from importers.readers.specification import (
    BATCH_ROWS,
    GEOMETRY_COLUMN,
    ROW_COLUMN,
    UNREADABLE_COLUMN,
    Column,
    FileProblem,
    Request,
    Source,
    SourceDescription,
)
from importers.readers.tail import rows_to_drop, without_last
from importers.text import Encoding, encoding_of_stream

SUFFIXES = frozenset({".csv", ".tsv", ".tab"})
HEAD_BYTES = 1 << 20
SAMPLE_RECORDS = 2000
_NO_TEXT = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1a\x1c-\x1e]|\x00{2}")
_OTHER_FORMATS = ("<", "{", "[", "%PDF", "PK", "MIME-Version")


class DelimitedReader:
    name = "CSV"
    drivers: tuple[str, ...] = ()

    def detect(self, head: bytes, path: Path) -> bool:
        text = _head_text(head)
        if _NO_TEXT.search(text) or text.lstrip().startswith(_OTHER_FORMATS):
            return False
        return path.suffix.lower() in SUFFIXES or fits(text, dialect_of(text))

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        encoding = encoding_of_stream(request.path)
        top = _Top(request.path, encoding)
        layout = top.layout
        dropped = rows_to_drop(request.path, encoding, top.dialect, layout)
        description = SourceDescription(
            format=self.name,
            columns=tuple(Column(name, "string") for name in layout.names),
            geometry_type=None,
            crs=None,
            crs_stated=False,
            encoding=encoding.title,
            encoding_why=encoding.why,
            rows=max(_lines_in(request.path) - layout.first_row, 0),
            notes=(
                *encoding.notes(),
                *layout.notes(),
                *top.notes(),
                *_dropped_notes(dropped),
            ),
        )
        with closing(Utf8Text(request.path, encoding, top.dialect.replaced)) as text:
            text.read(top.data_offset)
            yield Source(description, without_last(_batches(text, top), dropped))


def _lines_in(path: Path) -> int:
    """Line ends of any kind, and a last line without one; those within quotation marks, too."""
    count, last = 0, b"\n"
    with path.open("rb") as stream:
        while chunk := stream.read(HEAD_BYTES):
            pairs = (last + chunk[:1] == b"\r\n") + chunk.count(b"\r\n")
            count += chunk.count(b"\n") + chunk.count(b"\r") - pairs
            last = chunk[-1:]
    return count + (last not in b"\r\n")


def _head_text(head: bytes) -> str:
    """The first kilobytes as text, without a character that is cut in two."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "ignore")
    for encoding in ("utf-8-sig", "gb18030"):
        for cut in range(4):
            try:
                return head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    # Two encodings in one file: what is ASCII is the same in both.
    return head.decode("ascii", "replace")


class _Top:
    """What the first megabyte tells. Raises FileProblem where that holds no table."""

    def __init__(self, path: Path, encoding: Encoding) -> None:
        with closing(Utf8Text(path, encoding)) as stream:
            raw = stream.read(HEAD_BYTES)
        whole = len(raw) < HEAD_BYTES
        text = raw.decode("utf-8", "ignore")
        lines = lines_of(text)
        if not whole and len(lines) > 1:
            text = "".join(lines[:-1])
        self.dialect: Dialect = dialect_of(text)
        if self.dialect.replaced:
            text = text.replace(*self.dialect.replaced)
        self.records: list[list[str]] = []
        ends: list[int] = []
        for record, end in _records(text, self.dialect):
            self.records.append(record)
            ends.append(end)
        if not whole and len(self.records) > 1:
            # It may go on after the first megabyte.
            self.records.pop()
        usual = _usual([len(record) for record in self.records if len(record) > 1])
        self.layout: Layout = _without_surplus(layout_of(self.records), usual)
        self.width = max(usual, max(self.layout.columns) + 1)
        before = ends[self.layout.first_row - 1] if self.layout.first_row else 0
        self.data_offset = len(text[:before].encode())

    def notes(self) -> Notes:
        body = [record for record in self.records[self.layout.first_row :] if any(record)]
        notes: Notes = []
        if any(len(record) != self.width for record in body):
            text = gettext_noop(
                "Some rows have fewer or more cells than the header: missing cells are blank,"
                " rows with surplus cells are rejected."
            )
            notes.append((text, {}))
        scientific = [
            name
            for column, name in zip(self.layout.columns, self.layout.names, strict=True)
            if any(
                cells.SCIENTIFIC.fullmatch(record[column].strip())
                for record in body
                if column < len(record)
            )
        ]
        if scientific:
            text = gettext_noop(
                "Numbers such as 1.23E+11, of which the spreadsheet has lost digits: %(names)s"
            )
            notes.append((text, {"names": ", ".join(scientific)}))
        return notes


def _usual(lengths: list[int]) -> int:
    """How many cells most rows have."""
    return max(set(lengths), key=lengths.count) if lengths else 1


def _without_surplus(layout: Layout, usual: int) -> Layout:
    """Without columns that have no name and that most rows do not reach."""
    kept = [
        (column, name)
        for column, name in zip(layout.columns, layout.names, strict=True)
        if column < usual or name != position_name(column)
    ]
    columns, names = zip(*kept, strict=True)
    return replace(layout, columns=columns, names=names)


def _records(text: str, dialect: Dialect) -> Iterator[tuple[list[str], int]]:
    """Each record, and how many characters of the text it ends after."""
    done = 0

    def counted() -> Iterator[str]:
        nonlocal done
        for line in lines_of(text):
            done += len(line)
            yield line

    try:
        for record in islice(dialect.records(counted()), SAMPLE_RECORDS):
            yield record, done
    except csv.Error as error:
        raise row_too_long() from error


def _dropped_notes(dropped: int) -> Notes:
    text = gettext_noop("Totals and remarks below the table, not read: %(count)d")
    return [(text, {"count": dropped})] if dropped else []


def _batches(text: Utf8Text, top: _Top) -> Iterator[Any]:
    """Batches of the named columns with row numbers, without blank rows."""
    ragged = RaggedRows(top.dialect, top.width, first_number=top.layout.first_row + 1)
    try:
        with pa.csv.open_csv(
            pa.PythonFile(text, mode="r"),
            read_options=pa.csv.ReadOptions(
                column_names=[str(column) for column in range(top.width)],
                # Without threads the parser tells the number of a row that does not fit.
                use_threads=False,
                block_size=LONGEST_ROW,
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=top.dialect.byte,
                quote_char=top.dialect.quote,
                escape_char=top.dialect.escape or False,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=ragged.take,
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types={str(column): pa.string() for column in range(top.width)},
                strings_can_be_null=True,
                null_values=[""],
                check_utf8=False,
            ),
        ) as reader:
            for block in ragged.woven(reader):
                yield from _named(block, top, text)
    except pa.ArrowInvalid as error:
        if "Empty CSV file" in str(error):
            return
        if "straddling" in str(error):
            raise row_too_long() from error
        raise FileProblem(
            gettext_noop("The file cannot be read: %(reason)s"),
            remedy=gettext_noop("It may be damaged or cut short: export it again."),
            reason=str(error),
        ) from error


def _named(block: pa.RecordBatch, top: _Top, text: Utf8Text) -> Iterator[Any]:
    """The block as batches for the importer: named columns, place, what is unreadable, number."""
    layout = top.layout
    columns = [_plain(block.column(position), top.dialect) for position in layout.columns]
    names = [*layout.names, GEOMETRY_COLUMN, UNREADABLE_COLUMN, ROW_COLUMN]
    batch = pa.RecordBatch.from_arrays(
        [
            *columns,
            pa.nulls(block.num_rows, pa.binary()),
            _unreadable(block, columns, top, lost=text.lost),
            block.column(block.num_columns - 1),
        ],
        names=names,
    )
    filled = _filled(columns)
    batch = batch if filled is None else batch.filter(filled)
    for start in range(0, batch.num_rows, BATCH_ROWS):
        yield batch.slice(start, BATCH_ROWS)


def _plain(column: Any, dialect: Dialect) -> Any:
    """The cells as they were before they were guarded, and before the delimiter was replaced."""
    if dialect.replaced:
        delimiter, byte = dialect.replaced
        column = pc.replace_substring(column, byte, delimiter)
    if pc.any(pc.starts_with(column, MARK)).as_py():
        column = pc.replace_substring_regex(column, GUARDED_PATTERN, r"\1")
    return column


def _filled(columns: list[Any]) -> Any:
    """Which rows hold anything; None where all of them do."""
    if any(column.null_count == 0 for column in columns):
        return None
    return reduce(pc.or_, (pc.is_valid(column) for column in columns))


def _unreadable(block: pa.RecordBatch, columns: list[Any], top: _Top, *, lost: bool) -> Any:
    """By row the columns whose text was lost, and cells below no name; null where all is well."""
    found: dict[int, list[str]] = {}
    if lost:
        for name, column in zip(top.layout.names, columns, strict=True):
            for row in pc.indices_nonzero(pc.match_substring(column, LOST)).to_pylist():
                found.setdefault(row, []).append(name)
    nameless = set(range(top.width)) - set(top.layout.columns)
    for position in sorted(nameless):
        column = block.column(position)
        if column.null_count < len(column):
            for row in pc.indices_nonzero(pc.is_valid(column)).to_pylist():
                found.setdefault(row, []).append(position_name(position))
    surplus = block.column(block.num_columns - 2)
    if surplus.null_count < len(surplus):
        for row in pc.indices_nonzero(pc.is_valid(surplus)).to_pylist():
            found.setdefault(row, []).append(surplus[row].as_py())
    if not found:
        return pa.nulls(block.num_rows, pa.string())
    return pa.array(
        [", ".join(found[row]) if row in found else None for row in range(block.num_rows)],
        pa.string(),
    )
