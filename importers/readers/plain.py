"""Columns as every part behind the readers expects them: text, whole and broken numbers, dates,
truth values, and the geometry as WKB under our name; nothing nested, nothing of a library's own."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from importers.phrases import gettext_noop
from importers.readers.specification import (
    GEOMETRY_COLUMN,
    ROW_COLUMN,
    UNREADABLE_COLUMN,
    Column,
    FileProblem,
)
from importers.text import decode_values

RESERVED = (GEOMETRY_COLUMN, UNREADABLE_COLUMN, ROW_COLUMN)


def told_apart(names: Sequence[str]) -> list[str]:
    """The names, those that come again with a number after them."""
    found: list[str] = []
    for name in names:
        number, free = 1, name
        while free in found:
            number += 1
            free = f"{name}_{number}"
        found.append(free)
    return found


def plain_columns(schema: pa.Schema, geometry: Sequence[str]) -> tuple[Column, ...]:
    """The columns that are no geometry, as they will be handed on. Raises FileProblem."""
    kept = [each for each in schema if each.name not in geometry]
    if any(each.name in RESERVED for each in kept):
        raise FileProblem(
            gettext_noop("A column is named like the importer's own: %(names)s."),
            remedy=gettext_noop("Rename the column."),
            names=", ".join(RESERVED),
        )
    names = told_apart([each.name for each in kept])
    return tuple(
        Column(name, str(plain_type(each.type))) for name, each in zip(names, kept, strict=True)
    )


def plain_type(given: pa.DataType) -> pa.DataType:
    """What a column of this type is handed on as; text where there is nothing closer."""
    if isinstance(given, pa.BaseExtensionType):
        return plain_type(given.storage_type)
    if pa.types.is_dictionary(given):
        return plain_type(given.value_type)
    if pa.types.is_uint64(given) or pa.types.is_float16(given):
        return pa.float64()
    for keeps in (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean):
        if keeps(given):
            return given
    if pa.types.is_date(given):
        return pa.date32()
    if pa.types.is_timestamp(given):
        return pa.timestamp("us", given.tz)
    return pa.string()


def plain_array(array: pa.Array) -> pa.Array:
    """Lists and structures as JSON, bytes that are no text as hex digits."""
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    wanted = plain_type(array.type)
    if array.type.equals(wanted):
        return array
    kind = array.type
    if pa.types.is_nested(kind):
        return pa.array([_as_json(value) for value in array.to_pylist()], pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return _as_text(array)
    if pa.types.is_timestamp(kind):
        return array.cast(wanted, safe=False)
    return array.cast(wanted)


def _as_json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _as_text(array: pa.Array) -> pa.Array:
    try:
        return array.cast(pa.string())
    except pa.ArrowInvalid:
        return pa.array([None if v is None else v.hex() for v in array.to_pylist()], pa.string())


def wkb_array(array: pa.Array) -> pa.Array:
    """A geometry column as plain binary."""
    array = array.storage if isinstance(array, pa.ExtensionArray) else array
    return array.cast(pa.binary())


def with_geometry(batch: pa.RecordBatch, geometry: str | None) -> pa.RecordBatch:
    """Plain columns, the geometry (all null where the source has none), and where text failed."""
    places = pa.nulls(batch.num_rows, pa.binary())
    kept: list[tuple[str, pa.Array]] = []
    for name, array in zip(batch.schema.names, batch.columns, strict=True):
        if name == geometry:
            places = wkb_array(array)
        else:
            kept.append((name, array))
    names = told_apart([name for name, _array in kept])
    failures = Failures(batch.num_rows)
    arrays = [
        failures.readable(name, plain_array(array))
        for name, (_name, array) in zip(names, kept, strict=True)
    ]
    return pa.RecordBatch.from_arrays(
        [*arrays, places, failures.column()], names=[*names, GEOMETRY_COLUMN, UNREADABLE_COLUMN]
    )


class Failures:
    """Which columns of which rows hold text that is in no encoding."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._columns: dict[int, list[str]] = {}

    def add(self, name: str, rows: Iterable[int]) -> None:
        for row in rows:
            self._columns.setdefault(row, []).append(name)

    def readable(self, name: str, array: pa.Array) -> pa.Array:
        """A column, its text made whole: programs write GBK where a format says UTF-8."""
        if not pa.types.is_string(array.type):
            return array
        try:
            array.validate(full=True)
        except pa.ArrowInvalid:
            values, failed = decode_values(array.view(pa.binary()).to_pylist())
            self.add(name, failed)
            return pa.array(values, pa.string())
        return array

    def column(self) -> pa.Array:
        if not self._columns:
            return pa.nulls(self._rows, pa.string())
        names = (self._columns.get(row) for row in range(self._rows))
        return pa.array([", ".join(each) if each else None for each in names], pa.string())
