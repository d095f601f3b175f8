"""Points as well-known binary, read and written as one block; and which WKB is safe to parse.

A point is 21 bytes: byte order, type, two doubles. A column of nothing but points is therefore a
table of bytes, and neither reading nor writing it needs an object for each.
"""

import struct

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.crs import CGCS2000

Ordinates = NDArray[np.float64]

_LITTLE = 1
_POINT_TYPES = {21: (1,), 29: (1001, 0x8000_0001)}
"""By length: plain, and with a height (ISO, and the older flag)."""
_EWKB_POINT = np.frombuffer(struct.pack("<BII", 1, 0x2000_0001, CGCS2000), np.uint8)
_HEX = np.frombuffer("".join(f"{byte:02X}" for byte in range(256)).encode(), np.uint16)

POINT, POLYGON, COLLECTION = 1, 3, 7


def read_points(column: pa.Array) -> Ordinates | None:
    """x and y, shape (n, 2), NaN where null; None unless all values are points of one form."""
    valid = np.asarray(column.is_valid().to_numpy(zero_copy_only=False))
    count = int(valid.sum())
    found = np.full((len(column), 2), np.nan)
    if not count:
        return found
    wide = pa.types.is_large_binary(column.type)
    if not (wide or pa.types.is_binary(column.type)):
        return None
    _nulls, offset_buffer, data = column.buffers()
    offsets = np.frombuffer(offset_buffer, np.int64 if wide else np.int32)
    offsets = offsets[column.offset : column.offset + len(column) + 1]
    lengths = np.diff(offsets)
    size = int(lengths[valid][0])
    if size not in _POINT_TYPES or (lengths != np.where(valid, size, 0)).any():
        return None
    rows = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]].reshape(count, size)
    kinds = np.ascontiguousarray(rows[:, 1:5]).view("<u4")[:, 0]
    if (rows[:, 0] != _LITTLE).any() or not np.isin(kinds, _POINT_TYPES[size]).all():
        return None
    found[valid] = np.ascontiguousarray(rows[:, 5:21]).view("<f8")
    return found


def write_points(lonlat: Ordinates, present: NDArray[np.bool_]) -> pa.Array:
    """As COPY takes a geometry: EWKB of EPSG:4490 in hex; null where there is no place."""
    count = int(present.sum())
    rows = np.empty((count, 25), np.uint8)
    rows[:, :9] = _EWKB_POINT
    rows[:, 9:] = np.ascontiguousarray(lonlat[present]).astype("<f8").view(np.uint8)
    text = _HEX[rows]
    offsets = np.concatenate([[0], np.cumsum(present)]).astype(np.int32) * 50
    bits = np.packbits(present, bitorder="little")
    return pa.Array.from_buffers(
        pa.string(), len(present), [pa.py_buffer(bits), pa.py_buffer(offsets), pa.py_buffer(text)]
    )


def shallow(value: bytes) -> bool:
    """Whether WKB is one shape, or a multi-shape of single ones, and ends where it says.

    GEOS follows shapes in shapes for as long as there are any and ends the process when its stack
    is full; a hundred thousand levels take no more than a megabyte.
    """
    try:
        end = _end(value, 0, may_be_multi=True)
    except (struct.error, ValueError):
        return False
    return end <= len(value)


def _end(value: bytes, start: int, *, may_be_multi: bool) -> int:
    """Where the shape at `start` ends. Raises struct.error, ValueError."""
    order = "<" if value[start : start + 1] == b"\1" else ">"
    (number,) = struct.unpack_from(f"{order}I", value, start + 1)
    kind, ordinates = number % 1000 if number < 4000 else number & 0xFF, 2
    ordinates += (number < 4000 and number // 1000 in (1, 3)) or bool(number & 0x8000_0000)
    ordinates += (number < 4000 and number // 1000 in (2, 3)) or bool(number & 0x4000_0000)
    at = start + (9 if number & 0x2000_0000 else 5)
    if kind == POINT:
        return at + 8 * ordinates
    (parts,) = struct.unpack_from(f"{order}I", value, at)
    at += 4
    if kind < POLYGON:
        return int(at + 8 * ordinates * parts)
    if kind > COLLECTION - 1 or (kind > POLYGON and not may_be_multi):
        raise ValueError(f"a shape of type {kind} in another")
    if parts > len(value):
        raise ValueError("more parts than bytes")
    for _part in range(parts):
        if kind > POLYGON:
            at = _end(value, at, may_be_multi=False)
        else:
            (points,) = struct.unpack_from(f"{order}I", value, at)
            at += 4 + 8 * ordinates * points
    return at
