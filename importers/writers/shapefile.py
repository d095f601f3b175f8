"""A zipped Shapefile, UTF-8 or GBK, with its .cpg and a list of the fields' full names.

A .shp and a .dbf hold two gigabytes each (their offsets are signed): what is more goes into further
Shapefiles in the same zip, roads_2, roads_3, ….
"""

import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from importers.phrases import gettext_noop
from importers.writers.archives import zipped
from importers.writers.field_list import field_list
from importers.writers.naming import cut, cut_names
from importers.writers.ogr import written
from importers.writers.specification import (
    GEOMETRY_COLUMN,
    Column,
    Rows,
    WriteProblem,
    Written,
)

NAME_BYTES = 10
TEXT_BYTES = 254
MOST_BYTES = 2_000_000_000
SHAPE_HEADER_BYTES = 60
"""Of a record with its box, more than any kind of shape adds to its WKB."""
BYTES_A_CHARACTER = {"UTF-8": 3, "GBK": 2}


class ShapefileWriter:
    def __init__(self, encoding: str, *, most_bytes: int = MOST_BYTES) -> None:
        self.encoding = encoding
        self.most_bytes = most_bytes

    def write(self, rows: Rows, target: Path) -> Written:
        columns = tuple(self._fitted(column) for column in rows.columns)
        names = cut_names(columns, most=NAME_BYTES, encoding=self.encoding)
        texts = _Texts(columns, self.encoding)
        parts = _Parts(map(texts.checked, rows.batches), record_bytes(columns), self.most_bytes)
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            for number, batches in enumerate(parts, 1):
                name = rows.table if number == 1 else f"{rows.table}_{number}"
                shp = Path(scratch) / f"{name}.shp"
                self._part(rows, columns, shp, names, batches)
            zipped(Path(scratch), target, [field_list(rows, names)])
        return Written(list(_notes(number, texts.shortened)))

    def _part(
        self,
        rows: Rows,
        columns: tuple[Column, ...],
        shp: Path,
        names: Sequence[str],
        batches: Iterator[pa.RecordBatch],
    ) -> None:
        narrowed = rows.with_columns(columns)
        written(
            narrowed, shp, driver="ESRI Shapefile", names=names, batches=batches,
            layer=shp.stem, encoding=self.encoding,
        )  # fmt: skip
        shp.with_suffix(".cpg").write_text(self.encoding)

    def _fitted(self, column: Column) -> Column:
        """With the width in bytes: a .dbf has fields of fixed length."""
        if not pa.types.is_string(column.type):
            return column
        width = column.width * BYTES_A_CHARACTER[self.encoding] or TEXT_BYTES
        return column.with_width(min(width, TEXT_BYTES))


def _notes(parts: int, shortened: int) -> Iterator[tuple[str, dict[str, Any]]]:
    if parts > 1:
        text = gettext_noop("More than a Shapefile holds: the zip has %(parts)d of them.")
        yield text, {"parts": parts}
    if shortened:
        text = gettext_noop("%(count)d texts were cut to 254 bytes, the most a .dbf holds.")
        yield text, {"count": shortened}


def record_bytes(columns: Sequence[Column]) -> int:
    """Of a row of the .dbf, by GDAL's widths: N(24,15), N(18), N(9), D, C(width)."""

    def width(column: Column) -> int:
        if pa.types.is_string(column.type):
            return column.width
        return 8 if pa.types.is_date(column.type) else 24

    return 1 + sum(map(width, columns))


class _Parts:
    """Iterators over batches, one a Shapefile, each as long as a Shapefile may be.

    Each must be used up before the next is asked for. There is one at least, for no rows at all.
    """

    def __init__(self, batches: Iterator[pa.RecordBatch], record: int, most: int) -> None:
        self._batches = batches
        self._record = record
        self._most = most
        self._next: pa.RecordBatch | None = None

    def __iter__(self) -> Iterator[Iterator[pa.RecordBatch]]:
        self._next = next(self._batches, None)
        for number in count():
            if number and self._next is None:
                return
            yield self._part()

    def _part(self) -> Iterator[pa.RecordBatch]:
        table = shapes = 0
        while self._next is not None:
            batch = self._next
            table += batch.num_rows * self._record
            shapes += batch.num_rows * SHAPE_HEADER_BYTES + batch.column(GEOMETRY_COLUMN).nbytes
            first = table == batch.num_rows * self._record
            if not first and max(table, shapes) > self._most:
                return
            self._next = next(self._batches, None)
            yield batch


class _Texts:
    """Cuts texts that a .dbf cannot hold, and refuses those that the encoding cannot write."""

    def __init__(self, columns: Sequence[Column], encoding: str) -> None:
        self._positions = [
            position for position, each in enumerate(columns) if pa.types.is_string(each.type)
        ]
        self._columns = columns
        self._encoding = encoding
        self.shortened = 0

    def checked(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        arrays = list(batch.columns)
        for position in self._positions:
            arrays[position] = self._column(arrays[position], self._columns[position])
        return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)

    def _column(self, texts: pa.Array, column: Column) -> pa.Array:
        values = texts.drop_null().to_pylist()
        try:
            size = len("".join(values).encode(self._encoding))
        except UnicodeEncodeError as error:
            raise WriteProblem(
                gettext_noop("%(encoding)s has no character “%(character)s” (column %(column)s)."),
                remedy=gettext_noop("Choose the Shapefile in UTF-8, or another format."),
                encoding=self._encoding,
                character=error.object[error.start],
                column=column.header,
            ) from error
        if size <= column.width:
            return texts
        longest = pc.max(pc.utf8_length(texts)).as_py() or 0
        if longest * BYTES_A_CHARACTER[self._encoding] <= column.width:
            return texts
        return self._cut(texts, column.width)

    def _cut(self, texts: pa.Array, width: int) -> pa.Array:
        kept = [
            None if text is None else cut(text, width, self._encoding) for text in texts.to_pylist()
        ]
        changed = pc.sum(pc.not_equal(texts, pa.array(kept, pa.string()))).as_py() or 0
        self.shortened += changed
        return pa.array(kept, pa.string())
