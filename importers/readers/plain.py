"""Columns as every part behind the readers expects them: text, whole and broken numbers, dates,
truth values, and the geometry as WKB under our name; nothing nested, nothing of a library's own."""

import json
from collections.abc import Sequence
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

RESERVED = (GEOMETRY_COLUMN, UNREADABLE_COLUMN, ROW_COLUMN)


def plain_columns(schema: pa.Schema, geometry: Sequence[str]) -> tuple[Column, ...]:
    """The columns that are no geometry, as they will be handed on. Raises FileProblem."""
    columns = tuple(
        Column(each.name, str(plain_type(each.type)))
        for each in schema
        if each.name not in geometry
    )
    if any(each.name in RESERVED for each in columns):
        raise FileProblem(
            gettext_noop("A column is named like the importer's own: %(names)s."),
            remedy=gettext_noop("Rename the column."),
            names=", ".join(RESERVED),
        )
    return columns


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
    """Plain columns, then the geometry under our name; all null where the source has none."""
    names = [name for name in batch.schema.names if name != geometry]
    arrays = [plain_array(batch.column(name)) for name in names]
    places = (
        wkb_array(batch.column(geometry))
        if geometry in batch.schema.names
        else pa.nulls(batch.num_rows, pa.binary())
    )
    return pa.RecordBatch.from_arrays([*arrays, places], names=[*names, GEOMETRY_COLUMN])
