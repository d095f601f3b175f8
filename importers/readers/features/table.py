"""Blocks of features to record batches with one schema.

A column's type is known only at the end of the file, so each block goes to a file in the scratch
folder as it was read, and is brought to the common types on the way out: one parse, little memory.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from importers.readers.features import NotPlain
from importers.readers.features.shapes import wkb_of
from importers.readers.specification import BATCH_ROWS, GEOMETRY_COLUMN, Column

PLAIN = (pa.types.is_string, pa.types.is_int64, pa.types.is_float64, pa.types.is_boolean)


class FeatureTable:
    """All features of a file, read when it is made. Raises NotPlain."""

    def __init__(self, blocks: Iterable[bytes], scratch: Path) -> None:
        self.rows = 0
        self.kinds: set[str] = set()
        self._types: dict[str, pa.DataType] = {}
        self._texts: set[str] = set()
        self._files: list[Path] = []
        self._identified = False
        for block in blocks:
            self._keep(self._read(block), scratch / f"block-{len(self._files)}.arrow")

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(Column(name, str(kind)) for name, kind in self._final().items())

    @property
    def geometry_type(self) -> str | None:
        if len(self.kinds) > 1:
            return "Unknown"
        return next(iter(self.kinds), None)

    def batches(self) -> Iterator[Any]:
        types = self._final()
        schema = pa.schema([*types.items(), (GEOMETRY_COLUMN, pa.binary())])
        for path in self._files:
            with pa.OSFile(str(path)) as stream:
                table = pa.ipc.open_file(stream).read_all()
            path.unlink()
            arrays = [
                table.column(name).cast(kind)
                if name in table.column_names
                else pa.chunked_array([pa.nulls(table.num_rows, kind)])
                for name, kind in types.items()
            ]
            whole = pa.table([*arrays, table.column(GEOMETRY_COLUMN)], schema=schema)
            yield from whole.combine_chunks().to_batches(max_chunksize=BATCH_ROWS)

    def _final(self) -> dict[str, pa.DataType]:
        """Columns that never had a value are text."""
        return {
            name: pa.string() if pa.types.is_null(kind) else kind
            for name, kind in self._types.items()
        }

    def _read(self, block: bytes) -> pa.Table:
        table = self._parsed(block)
        # Arrow takes texts that look like times for times; they stay what the file says.
        if self._note_times(table):
            table = self._parsed(block)
        return table

    def _parsed(self, block: bytes) -> pa.Table:
        known = [("type", pa.string())]
        if self._identified:
            known.append(("id", pa.string()))
        if self._texts:
            texts = [(name, pa.string()) for name in sorted(self._texts)]
            known.append(("properties", pa.struct(texts)))
        try:
            return pj.read_json(
                pa.py_buffer(block),
                pj.ReadOptions(use_threads=False, block_size=len(block) + 1),
                pj.ParseOptions(
                    explicit_schema=pa.schema(known), unexpected_field_behavior="infer"
                ),
            ).combine_chunks()
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise NotPlain(str(error)[:200]) from error

    def _note_times(self, table: pa.Table) -> bool:
        """Whether a text came out as a time; what is text is known as text from now on."""
        mistaken = False
        if "id" in table.column_names and pa.types.is_timestamp(table.column("id").type):
            mistaken = self._identified = True
        if "properties" in table.column_names:
            for field in _fields(table.column("properties").type):
                is_time = pa.types.is_timestamp(field.type)
                mistaken = mistaken or is_time
                if is_time or pa.types.is_string(field.type):
                    self._texts.add(field.name)
        return mistaken

    def _keep(self, table: pa.Table, path: Path) -> None:
        names = table.column_names
        if "type" not in names or pc.unique(table.column("type")).to_pylist() != ["Feature"]:
            raise NotPlain("something that is no feature")
        columns = _properties(table)
        if "id" in names and pa.types.is_string(table.column("id").type):
            columns = {"id": table.column("id").combine_chunks(), **columns}
        for name, array in columns.items():
            self._types[name] = _wider(self._types.get(name, pa.null()), array.type)
        geometry = pa.nulls(table.num_rows, pa.null())
        if "geometry" in names:
            geometry = _whole(table.column("geometry"))
        shapes, kind = wkb_of(geometry)
        if kind:
            self.kinds.add(kind)
        if GEOMETRY_COLUMN in columns:
            raise NotPlain("a column named like the importer's own")
        batch = pa.table([*columns.values(), shapes], names=[*columns, GEOMETRY_COLUMN])
        with pa.OSFile(str(path), "wb") as stream, pa.ipc.new_file(stream, batch.schema) as sink:
            sink.write_table(batch)
        self.rows += table.num_rows
        self._files.append(path)


def _fields(kind: pa.DataType) -> list[pa.Field]:
    return list(kind) if pa.types.is_struct(kind) else []


def _whole(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _properties(table: pa.Table) -> dict[str, pa.Array]:
    """By name. Raises NotPlain for values that are not plain."""
    if "properties" not in table.column_names:
        return {}
    given = _whole(table.column("properties"))
    if pa.types.is_null(given.type):
        return {}
    if not pa.types.is_struct(given.type):
        raise NotPlain("properties that are none")
    return {
        field.name: _plain(field.name, pc.struct_field(given, [place]))
        for place, field in enumerate(given.type)
    }


def _plain(name: str, array: pa.Array) -> pa.Array:
    if not (pa.types.is_null(array.type) or any(is_kind(array.type) for is_kind in PLAIN)):
        raise NotPlain(f"{name} holds {array.type}")
    return array


def _wider(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    """The type that holds both. Raises NotPlain where none does without changing values."""
    if one.equals(other) or pa.types.is_null(other):
        return one
    if pa.types.is_null(one):
        return other
    if {str(one), str(other)} == {"int64", "double"}:
        return pa.float64()
    raise NotPlain(f"{one} and {other} in one column")
