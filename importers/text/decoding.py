"""Decoding value by value: strictly, each as what it is, so that nothing comes out garbled."""

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from importers.text.encoding import CARRIER, UTF8, Encoding
from importers.text.plausibility import plausibility

SEPARATOR = "\n"
"""No byte of a multi-byte character in UTF-8, GB18030 or Big5: whole columns decode at once."""
LONGEST_CUT = 3
_ASCII = rb"[\x00-\x09\x0b-\x7f]*"
_SOME_UTF8_VALUE = re.compile(
    rb"(?m)^(?:" + _ASCII + rb"(?:[\xe2-\xef][\x80-\xbf]{2}|[\xc2-\xdf][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}))+" + _ASCII + rb"(?:[\xe2-\xef][\x80-\xbf]?)?$"
)
"""Among values joined by SEPARATOR, one that is UTF-8 throughout (or was cut at its end)."""


def decoded(raw: bytes, codec: str) -> str | None:
    """The text, without a last character that the column end cut in two; None if undecodable."""
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        if error.start < len(raw) - LONGEST_CUT or error.end != len(raw) or error.start == 0:
            return None
        try:
            return raw[: error.start].decode(codec)
        except UnicodeDecodeError:
            return None


def decode_mixed(raw: bytes, encoding: Encoding) -> str:
    """One value of a table whose text is mostly in `encoding`, as what it really is.

    Strict UTF-8 with multi-byte characters is UTF-8, unless the table is not and the other reading
    is the more plausible (two bytes of GBK can be a letter in UTF-8). Raises UnicodeDecodeError for
    a value that is in neither.
    """
    if raw.isascii() or encoding.name.startswith("utf-16"):
        return raw.decode("ascii" if raw.isascii() else encoding.name)
    utf8 = _strictly(raw, "utf-8")
    if utf8 is not None and encoding.name == "utf-8":
        return utf8
    readings = [utf8, _strictly(raw, encoding.fallback)]
    # One that the column's end cut in two must be the more plausible to win over a whole one.
    readings += [decoded(raw, "utf-8"), decoded(raw, encoding.fallback)]
    possible = [text for text in readings if text is not None]
    return max(possible, key=plausibility) if possible else raw.decode(encoding.name)


def _strictly(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None


def decode_column(carried: pa.Array, encoding: Encoding) -> tuple[pa.Array, list[int]]:
    """A column of text as OGR carried it, decoded; and the rows whose value is in no encoding.

    The whole column goes through the codec at once wherever that cannot mix up two encodings.
    """
    joined = _joined(carried)
    if joined.isascii():
        return carried, []
    raw = joined.encode(CARRIER)
    if encoding.name == "utf-8" or not _SOME_UTF8_VALUE.search(raw):
        text = _strictly(raw, encoding.name)
        parts = text.split(SEPARATOR) if text is not None else []
        if len(parts) == len(carried):
            missing = carried.is_null().to_numpy(zero_copy_only=False)
            return pa.array(parts, pa.string(), mask=missing), []
    values, failed = decode_values(
        [None if each is None else each.encode(CARRIER) for each in carried.to_pylist()], encoding
    )
    return pa.array(values, pa.string()), failed


def _joined(values: pa.Array) -> str:
    """One text of all values, SEPARATOR between them."""
    ends = pa.array([0, len(values)], pa.int32())
    whole = pa.ListArray.from_arrays(ends, pc.fill_null(values, ""))
    text: str = pc.binary_join(whole, SEPARATOR)[0].as_py()
    return text


def decode_values(
    raw: Sequence[bytes | None], encoding: Encoding = UTF8
) -> tuple[list[str | None], list[int]]:
    """Values decoded one at a time; and the rows whose value is in no encoding.

    Those still come out as text, so that they can be shown, with U+FFFD where a byte made no sense.
    """
    values: list[str | None] = []
    failed: list[int] = []
    for row, value in enumerate(raw):
        try:
            values.append(None if value is None else decode_mixed(value, encoding))
        except UnicodeDecodeError:
            failed.append(row)
            values.append((value or b"").decode(encoding.name, errors="replace"))
    return values, failed
