"""One ordinate a cell: numbers, and the many ways in which people write them as text.

Degrees come as 109.71, 109°42′36.5″, 109-42-36.5, 109:42:36, 109度42分36.5秒, E109°42′, 北纬28°34′;
metres with blanks or commas between thousands; all of it also in full-width characters. A column of
plain numbers is taken as a whole, any other cell once for each distinct text.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from importers.phrases import Phrase, gettext_noop, said

Floats = NDArray[np.float64]


class Axis(IntEnum):
    """Which way an ordinate counts, where its cell says so."""

    UNSAID = 0
    EAST = 1
    NORTH = 2


class Ordinate(NamedTuple):
    """`sexagesimal`: written with signs of degrees, so it is no plane ordinate."""

    value: float
    axis: Axis = Axis.UNSAID
    sexagesimal: bool = False


class OrdinateProblem(ValueError):
    """Why a cell is no ordinate, in both languages."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(phrase.en)
        self.phrase = phrase


@dataclass(slots=True)
class OrdinateColumn:
    """By row: the number (NaN where there is none), its axis, whether it is written as degrees.

    `blank` are cells without anything; `problems` tells of those that cannot be read.
    """

    values: Floats
    axes: NDArray[np.int8]
    sexagesimal: NDArray[np.bool_]
    blank: NDArray[np.bool_]
    problems: dict[int, Phrase] = field(default_factory=dict)


PLAIN = r"[+-]?\d+(?:\.\d+)?"
_PLAIN_CELL = rf"^\s*{PLAIN}\s*$"
BLANKS = frozenset({"", "-", "--", "/", "无", "空", "NULL", "NONE", "NAN", "N/A", "#N/A"})
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("º˚", "°"),
        **dict.fromkeys("分′’‘´`", "'"),
        **dict.fromkeys("秒″”“〃", '"'),
        **dict.fromkeys("—–−", "-"),
    }
)
"""Before NFKC, which would take º for the letter o and part ˚ and ´ from their blanks."""

_DEGREES_IN_WORDS = re.compile("(?<![经纬])度")

_AXES = {
    **dict.fromkeys(("东经", "经度", "EAST", "LONGITUDE", "LONG", "LON", "LNG", "E"), Axis.EAST),
    **dict.fromkeys(("北纬", "纬度", "NORTH", "LATITUDE", "LAT", "N"), Axis.NORTH),
    **dict.fromkeys(("X", "Y", "横坐标", "纵坐标"), Axis.UNSAID),
}
_WORD = "|".join(sorted(_AXES, key=len, reverse=True))
_WORDED = re.compile(rf"^(?P<before>{_WORD})?\s*[:=]?\s*(?P<rest>[^A-Z].*?)\s*(?P<after>{_WORD})?$")
_MARKED = re.compile(
    r"^(?P<d>\d{1,3}(?:\.\d+)?)\s*°\s*(?:(?P<m>\d{1,2}(?:\.\d+)?)\s*'?\s*"
    r"(?:(?P<s>\d{1,2}(?:\.\d+)?)\s*\"?)?)?$"
)
_PARTED = re.compile(r"^(?P<d>\d{1,3})([-: ])(?P<m>\d{1,2})\2(?P<s>\d{1,2}(?:\.\d+)?)$")
_NUMBER = re.compile(r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?$")
_GROUPED = re.compile(r"^[+-]?\d{1,3}(?:([, ])\d{3})(?:\1\d{3})*(?:\.\d+)?$")
_COMMA = re.compile(r"^([+-]?\d+),(\d+)$")
_LEAST_GROUPED = 150_000
"""109,712 is 109.712 degrees with a comma: no easting or northing of Hunan is that small."""


def read_column(cells: pa.Array) -> OrdinateColumn:
    """A column of numbers or text; dates, bytes and the like are problems of their rows."""
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    numbers = _numbers(cells)
    values = np.array(pc.fill_null(numbers, np.nan).to_numpy(zero_copy_only=False), dtype=float)
    column = OrdinateColumn(
        values,
        np.zeros(len(cells), dtype=np.int8),
        np.zeros(len(cells), dtype=bool),
        np.array(cells.is_null().to_numpy(zero_copy_only=False)),
    )
    if pa.types.is_floating(cells.type):
        column.blank |= np.isnan(values)
    _read_the_rest(cells, column)
    return column


def _numbers(cells: pa.Array) -> pa.Array:
    """What is a plain number, as float64; null elsewhere."""
    if _is_number(cells.type):
        return pc.cast(cells, pa.float64(), safe=False)
    if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
        plain = pc.match_substring_regex(cells, _PLAIN_CELL)
        return pc.cast(pc.utf8_trim_whitespace(pc.if_else(plain, cells, None)), pa.float64())
    return pa.nulls(len(cells), pa.float64())


def _is_number(kind: pa.DataType) -> bool:
    tests = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
    return any(test(kind) for test in tests)


def _read_the_rest(cells: pa.Array, column: OrdinateColumn) -> None:
    rows = np.flatnonzero(np.isnan(column.values) & ~column.blank)
    known: dict[object, Ordinate | Phrase | None] = {}
    for row, cell in zip(rows.tolist(), cells.take(pa.array(rows)).to_pylist(), strict=True):
        if cell not in known:
            known[cell] = _read(cell)
        found = known[cell]
        if found is None:
            column.blank[row] = True
        elif isinstance(found, Phrase):
            column.problems[row] = found
        else:
            column.values[row], column.axes[row], column.sexagesimal[row] = found


def _read(cell: object) -> Ordinate | Phrase | None:
    """The ordinate, what is wrong with the cell, or None for a blank one."""
    text = normal(str(cell))
    if text in BLANKS:
        return None
    try:
        return read_ordinate(text)
    except OrdinateProblem as problem:
        return problem.phrase


def normal(text: str) -> str:
    """In half width and capitals, with ° ' and " for degrees, minutes and seconds."""
    plain = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    plain = _DEGREES_IN_WORDS.sub("°", plain)
    return " ".join(plain.replace("''", '"').upper().split())


def read_ordinate(text: str) -> Ordinate:
    """Of a text in normal form. Raises OrdinateProblem."""
    worded = _WORDED.match(text)
    if not worded:
        raise _unreadable(text)
    words = [worded["before"], worded["after"]]
    axis = max(_AXES[word] if word else Axis.UNSAID for word in words)
    body = worded["rest"].strip()
    degrees = _marked(body)
    if degrees is not None:
        return Ordinate(degrees, axis, sexagesimal=True)
    return Ordinate(_number(body), axis)


def _marked(text: str) -> float | None:
    """Degrees, minutes and seconds; None where the text is not of that form."""
    text = re.sub(r"(?<=\d),(?=\d+[°'\"])", ".", text)
    found = _MARKED.match(text) or _PARTED.match(text)
    if not found:
        return None
    degrees, minutes, seconds = found["d"], found["m"] or "0", found["s"] or "0"
    broken = ("." in degrees and found["m"]) or ("." in minutes and found["s"])
    # Seconds that a spreadsheet rounded come as 60.0.
    if broken or float(minutes) >= 60 or float(seconds) > 60:
        raise OrdinateProblem(
            said(
                gettext_noop("“%(text)s” is no angle: minutes and seconds go up to 59."),
                text=text,
            )
        )
    return float(degrees) + float(minutes) / 60 + float(seconds) / 3600


def _number(text: str) -> float:
    text = text.removesuffix("米").strip()
    if _NUMBER.match(text):
        return float(text)
    grouped = _GROUPED.match(text)
    if grouped:
        value = float(text.replace(grouped[1], ""))
        if abs(value) >= _LEAST_GROUPED:
            return value
    comma = _COMMA.match(text)
    if comma:
        return float(f"{comma[1]}.{comma[2]}")
    raise _unreadable(text)


def _unreadable(text: str) -> OrdinateProblem:
    return OrdinateProblem(said(gettext_noop("“%(text)s” is no ordinate."), text=text[:40]))


def unpacked(values: Floats) -> Floats:
    """Degrees of numbers written as DD.MMSSs (109.42365 is 109°42′36.5″); NaN where they are none.

    Rounded to the eleventh place before it is taken apart: 28.34 must not become 28°33′99.999″.
    """
    sign, scaled = np.sign(values), np.round(np.abs(values) * 1e4, 7)
    seconds = scaled % 100
    minutes = scaled // 100 % 100
    degrees = scaled // 10_000 + minutes / 60 + seconds / 3600
    return np.asarray(np.where((minutes < 60) & (seconds < 60), sign * degrees, np.nan))
