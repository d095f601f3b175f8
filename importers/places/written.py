"""A whole place in one cell: "109.71,28.57", "109°42′E 28°34′N", WKT, GeoJSON, WKB in hex.

Texts of shapes are parsed here, not in the box, and GEOS ends the process in a recursion that is
deep enough: collections and deep brackets are turned away before it sees them.
"""

import re
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from importers.phrases import Phrase, gettext_noop, said
from importers.places.ordinates import (
    BLANKS,
    PLAIN,
    Axis,
    Ordinate,
    OrdinateProblem,
    normal,
    read_ordinate,
)
from importers.places.wkb import shallow

Shapes = NDArray[np.object_]

_PAIR = rf"^\s*[(\[]?\s*(?P<a>{PLAIN})\s*[,;\s]\s*(?P<b>{PLAIN})\s*[)\]]?\s*$"
_WKT = re.compile(r"^(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b", re.IGNORECASE)
_SRID = re.compile(r"^SRID=\d+;\s*", re.IGNORECASE)
_HEX = re.compile(r"^[0-9A-F]{42,}$", re.IGNORECASE)
DEEPEST_BRACKETS = 5
"""A multipolygon as GeoJSON has four, and one brace."""


@dataclass(slots=True)
class WrittenPlaces:
    """By row: the shape or None; whether it is written as degrees; blank cells; problems."""

    shapes: Shapes
    sexagesimal: NDArray[np.bool_]
    blank: NDArray[np.bool_]
    ordered: NDArray[np.bool_]
    """Whether the cell itself says which ordinate is east."""
    problems: dict[int, Phrase] = field(default_factory=dict)


def read_places(cells: pa.Array) -> WrittenPlaces:
    """A column of texts."""
    texts = pc.cast(cells, pa.string())
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    count = len(texts)
    found = WrittenPlaces(
        np.full(count, None, dtype=object),
        np.zeros(count, dtype=bool),
        np.array(texts.is_null().to_numpy(zero_copy_only=False)),
        np.zeros(count, dtype=bool),
    )
    plain = _read_plain_pairs(texts, found)
    rest = np.flatnonzero(~plain & ~found.blank)
    given = texts.take(pa.array(rest)).to_pylist()
    written = [_SRID.sub("", text.strip()) for text in given]
    is_shape = np.array([_kind(text) != "" for text in written], dtype=bool)
    _read_shapes(
        rest[is_shape], [t for t, yes in zip(written, is_shape, strict=True) if yes], found
    )
    _read_pairs(
        rest[~is_shape], [t for t, yes in zip(given, is_shape, strict=True) if not yes], found
    )
    return found


def _read_plain_pairs(texts: pa.Array, found: WrittenPlaces) -> NDArray[np.bool_]:
    parts = pc.extract_regex(texts, _PAIR)
    plain = np.asarray(parts.is_valid().to_numpy(zero_copy_only=False))
    if plain.any():
        numbers = [pc.cast(pc.struct_field(parts.filter(plain), n), pa.float64()) for n in "ab"]
        found.shapes[plain] = shapely.points(np.column_stack([n.to_numpy() for n in numbers]))
    return plain


def _kind(text: str) -> str:
    if _WKT.match(text):
        return "wkt"
    if text.startswith("{"):
        return "geojson"
    return "hex" if _HEX.match(text) else ""


def _read_shapes(rows: NDArray[np.intp], texts: list[str], found: WrittenPlaces) -> None:
    parsers = {
        "wkt": shapely.from_wkt,
        "geojson": shapely.from_geojson,
        "hex": shapely.from_wkb,
    }
    safe = np.array([_kind(text) if _shallow(text) else "" for text in texts], dtype=object)
    given = np.array([*texts, None], dtype=object)[:-1]
    for kind, parse in parsers.items():
        those = safe == kind
        if those.any():
            shapes = parse(given[those], on_invalid="ignore")
            found.shapes[rows[those]] = shapely.set_srid(shapely.force_2d(shapes), 0)
    for row, text in zip(rows.tolist(), texts, strict=True):
        if found.shapes[row] is None:
            found.problems[row] = _no_place(text)


def _shallow(text: str) -> bool:
    kind = _kind(text)
    if kind == "hex":
        return len(text) % 2 == 0 and shallow(bytes.fromhex(text))
    if "COLLECTION" in text.upper():
        return False
    depth = deepest = 0
    for sign in re.findall(r"[\[\](){}]", text):
        depth += 1 if sign in "[({" else -1
        deepest = max(deepest, depth)
    return deepest <= DEEPEST_BRACKETS


def _read_pairs(rows: NDArray[np.intp], texts: list[str], found: WrittenPlaces) -> None:
    known: dict[str, tuple[Ordinate, Ordinate] | Phrase | None] = {}
    for row, text in zip(rows.tolist(), texts, strict=True):
        if text not in known:
            known[text] = _read_pair(text)
        pair = known[text]
        if pair is None:
            found.blank[row] = True
        elif isinstance(pair, Phrase):
            found.problems[row] = pair
        else:
            _keep(row, pair, found)


def _keep(row: int, pair: tuple[Ordinate, Ordinate], found: WrittenPlaces) -> None:
    first, second = pair
    said_axes = {first.axis, second.axis}
    if said_axes == {Axis.EAST} or said_axes == {Axis.NORTH}:
        found.problems[row] = said(gettext_noop("Both ordinates name the same direction."))
        return
    if first.axis is Axis.NORTH or second.axis is Axis.EAST:
        first, second = second, first
    found.ordered[row] = said_axes != {Axis.UNSAID}
    found.sexagesimal[row] = first.sexagesimal or second.sexagesimal
    found.shapes[row] = shapely.Point(first.value, second.value)


def _read_pair(text: str) -> tuple[Ordinate, Ordinate] | Phrase | None:
    plain = normal(text).strip("()[] ")
    if plain in BLANKS:
        return None
    for parts in _partings(plain):
        try:
            return read_ordinate(parts[0].strip()), read_ordinate(parts[1].strip())
        except OrdinateProblem:
            continue  # Another way to part it may do; the problem told is that of the whole cell.
    return _no_place(text)


def _partings(text: str) -> list[list[str]]:
    """The ways to take a cell apart into two ordinates, the surest first."""
    ways = [re.split(r"\s*[;|/、]\s*", text), re.split(r"\s*,\s*", text), text.split()]
    ways.append(re.split(r"(?<=[EN])(?=\d)", text))
    ways.append(re.split(r"(?<=[\d°'\"])(?=[EN东北])", text))
    words = text.split()
    if len(words) % 2 == 0:
        half = len(words) // 2
        ways.append([" ".join(words[:half]), " ".join(words[half:])])
    return [[part for part in way if part] for way in ways if sum(map(bool, way)) == 2]


def _no_place(text: str) -> Phrase:
    return said(gettext_noop("“%(text)s” cannot be read as a place."), text=text[:40])
