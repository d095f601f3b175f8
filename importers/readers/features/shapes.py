"""Coordinates, as Arrow reads them from JSON, to WKB: whole columns at once."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from importers.readers.features import NotPlain

POINT_BYTES = 21
DEPTHS = {
    "Point": 1,
    "MultiPoint": 2,
    "LineString": 2,
    "MultiLineString": 3,
    "Polygon": 3,
    "MultiPolygon": 4,
}
"""How deep the coordinates of each kind are nested (RFC 7946, 3.1)."""
_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])


def wkb_of(geometry: pa.Array) -> tuple[pa.Array, str | None]:
    """WKB of a column of GeoJSON geometries, all of one kind, and that kind. Raises NotPlain."""
    if pa.types.is_null(geometry.type):
        return pa.nulls(len(geometry), pa.binary()), None
    names = {field.name for field in geometry.type}
    if not names <= {"type", "coordinates", "bbox"} or "coordinates" not in names:
        raise NotPlain("a geometry without coordinates")
    present = pc.and_(geometry.is_valid(), pc.struct_field(geometry, "coordinates").is_valid())
    kinds = pc.unique(pc.struct_field(geometry, "type").drop_null()).to_pylist()
    if not kinds and not pc.any(present).as_py():
        return pa.nulls(len(geometry), pa.binary()), None
    if len(kinds) != 1 or kinds[0] not in DEPTHS or not present.equals(geometry.is_valid()):
        raise NotPlain("several kinds of shapes")
    rows = present.to_numpy(zero_copy_only=False)
    coordinates = pc.struct_field(geometry, "coordinates").filter(present)
    offsets, places = _unwrapped(coordinates, DEPTHS[kinds[0]])
    if kinds[0] == "Point":
        return _points(places, rows), "Point"
    return _shapes(kinds[0], offsets, places, rows), str(kinds[0])


def _unwrapped(nested: pa.Array, depth: int) -> tuple[list[NDArray[np.int64]], NDArray[np.float64]]:
    """The offsets of each level from the outside in, and the places as (n, 2): heights dropped."""
    offsets: list[NDArray[np.int64]] = []
    for _level in range(depth):
        if not pa.types.is_list(nested.type) or nested.null_count:
            raise NotPlain("coordinates of another depth")
        offsets.append(nested.offsets.to_numpy().astype(np.int64))
        nested = nested.values
    if nested.null_count or not (
        pa.types.is_floating(nested.type) or pa.types.is_integer(nested.type)
    ):
        raise NotPlain("coordinates that are no numbers")
    innermost = offsets.pop()
    if (np.diff(innermost) < 2).any():
        raise NotPlain("a place of less than two numbers")
    numbers = nested.to_numpy(zero_copy_only=False).astype(np.float64)
    starts = innermost[:-1]
    return offsets, np.column_stack([numbers[starts], numbers[starts + 1]])


def _points(places: NDArray[np.float64], rows: NDArray[np.bool_]) -> pa.Array:
    written = np.empty(len(places), dtype=_POINT)
    written["order"], written["kind"] = 1, 1
    written["x"], written["y"] = places.T
    ends = np.concatenate([[0], np.cumsum(rows)]).astype(np.int32) * POINT_BYTES
    valid = pa.py_buffer(np.packbits(rows, bitorder="little"))
    buffers = [valid, pa.py_buffer(ends), pa.py_buffer(written)]
    return pa.Array.from_buffers(pa.binary(), len(rows), buffers)


def _shapes(
    kind: str,
    offsets: list[NDArray[np.int64]],
    places: NDArray[np.float64],
    rows: NDArray[np.bool_],
) -> pa.Array:
    made: Any = np.full(len(rows), None, dtype=object)
    try:
        made[rows] = shapely.from_ragged_array(
            shapely.GeometryType[kind.upper()], places, tuple(reversed(offsets))
        )
    except (ValueError, shapely.errors.GEOSException) as error:
        raise NotPlain("rings that are no rings") from error
    return pa.array(shapely.to_wkb(made).tolist(), pa.binary())
