"""Columns of invented rows, and the CSV that COPY reads; numpy and Arrow, never a loop a row."""

from collections.abc import Mapping, Sequence
from typing import IO, Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from layers.crs import CGCS2000
from layers.demonstration.territory import XY

Column = Any
"""An Arrow or numpy array or a list, one value a row."""

Columns = Mapping[str, Column]

_HEX = np.frombuffer(b"".join(b"%02X" % value for value in range(256)), dtype=np.uint16)

_POINT_HEAD = np.frombuffer(
    b"\x01" + (0x20000001).to_bytes(4, "little") + CGCS2000.to_bytes(4, "little"), dtype=np.uint8
)
"""EWKB of a point with an SRID: little-endian mark, type, SRID."""

_OPTIONS = pyarrow.csv.WriteOptions(include_header=False, batch_size=16_384)


def csv_chunk(columns: Columns) -> IO[bytes]:
    """The rows as CSV for COPY: null is an empty field, an empty text is quoted."""
    sink = pa.BufferOutputStream()
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    pyarrow.csv.write_csv(table, sink, _OPTIONS)
    return cast("IO[bytes]", pa.BufferReader(sink.getvalue()))


def of_list(values: Sequence[str | None], indices: NDArray[np.integer]) -> pa.Array:
    """A column of few different texts; an index of -1 is a null."""
    mask = indices < 0 if (indices < 0).any() else None
    return pa.DictionaryArray.from_arrays(
        pa.array(indices, mask=mask), pa.array(values, pa.string())
    )


def constant(value: object, count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(count, dtype=np.int8)), pa.array([value])
    )


def decimals(
    values: NDArray[np.float64], places: int, mask: NDArray[np.bool_] | None = None
) -> pa.Array:
    """Numbers rounded to so many decimals; masked ones are null."""
    return pa.array(np.round(values, places), pa.float64(), mask=mask)


def points(xy: XY) -> pa.Array:
    """EWKB in hex, 50 characters a point."""
    raw = np.empty((len(xy), 25), dtype=np.uint8)
    raw[:, :9] = _POINT_HEAD
    raw[:, 9:] = np.ascontiguousarray(xy, dtype="<f8").view(np.uint8).reshape(len(xy), 16)
    return _fixed(_HEX[raw].view(np.uint8).reshape(len(xy), 50))


def numbered(
    prefix: str, stems: NDArray[np.str_], serials: NDArray[np.integer], digits: int
) -> pa.Array:
    """Codes `{prefix}{stem}-{serial}`: ASCII stems of one length, serials with leading zeros."""
    head = np.frombuffer(prefix.encode("ascii"), dtype=np.uint8)
    width = stems.dtype.itemsize // 4
    codes = np.empty((len(stems), len(head) + width + 1 + digits), dtype=np.uint8)
    codes[:, : len(head)] = head
    # A numpy text is UCS-4: of ASCII, every first byte of four.
    letters = np.ascontiguousarray(stems).view(np.uint8).reshape(len(stems), width, 4)[:, :, 0]
    codes[:, len(head) : len(head) + width] = letters
    codes[:, len(head) + width] = ord("-")
    powers = 10 ** np.arange(digits - 1, -1, -1)
    codes[:, -digits:] = serials[:, None] // powers % 10 + ord("0")
    return _fixed(codes)


def _fixed(letters: NDArray[np.uint8]) -> pa.Array:
    """ASCII texts of one length, shape (rows, length)."""
    rows, length = letters.shape
    offsets = np.arange(0, (rows + 1) * length, length, dtype=np.int32)
    data = pa.py_buffer(np.ascontiguousarray(letters))
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), data)
