"""What the names of columns tell: which are ordinates, which belong together, and of which datum.

A pair is two names that differ only in the word for the direction: 经度/纬度, POINT_X/POINT_Y,
高德经度/高德纬度, but never 起点经度/终点纬度. Which of the two is east is for the
cells to say: survey tables call north X, and columns get exchanged.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_PAIRS = (
    ("经度", "纬度"),
    ("东经", "北纬"),
    ("longitude", "latitude"),
    ("longtitude", "latitude"),
    ("long", "lat"),
    ("lng", "lat"),
    ("lon", "lat"),
    ("东坐标", "北坐标"),
    ("横坐标", "纵坐标"),
    ("easting", "northing"),
    ("经", "纬"),
    ("x", "y"),
    ("e", "n"),
)
_PLACE_WORDS = re.compile(
    r"坐标|经纬|位置|wkt|^geom|geom$|geometry|shape|location|coord|latlon|lonlat|latlng|lnglat|position"
)
_DATUMS = (
    ("gcj02", re.compile(r"gcj|高德|腾讯|火星|amap|gaode|tencent|微信")),
    ("bd09", re.compile(r"bd-?_?09|百度|baidu")),
    ("xian80", re.compile(r"西安|xi'?an")),
    ("beijing54", re.compile(r"北京54|北京1954|beijing")),
    ("wgs84", re.compile(r"wgs|gps")),
    ("cgcs2000", re.compile(r"cgcs|国家2000|大地2000|2000坐标|2000国家|2000大地")),
)
OFFSET = ("gcj02", "bd09")


@dataclass(frozen=True, slots=True)
class NamedColumns:
    """`second` is empty where one column holds both ordinates; `datum` as the names say, or ""."""

    first: str
    second: str
    datum: str


def named_datum_word(name: str) -> str:
    """gcj02, bd09, xian80, beijing54, wgs84, cgcs2000 or "": what a name says of the datum."""
    plain = _plain(name)
    return next((datum for datum, words in _DATUMS if words.search(plain)), "")


def named_pairs(names: Sequence[str]) -> list[NamedColumns]:
    """Likely pairs first: plain names before those of a web map, short before long ones."""
    found: dict[tuple[str, str], NamedColumns] = {}
    for east, north in _PAIRS:
        stems = {stem: name for name in names if (stem := _stem(name, north))}
        for name in names:
            other = stems.get(_stem(name, east) or "-")
            taken = {each for pair in found for each in pair}
            if other and other != name and not taken & {name, other}:
                datum = named_datum_word(name) or named_datum_word(other)
                found[name, other] = NamedColumns(name, other, datum)
    return sorted(
        found.values(), key=lambda pair: (pair.datum in OFFSET, len(pair.first + pair.second))
    )


def named_places(names: Sequence[str]) -> list[NamedColumns]:
    """Columns that may hold whole places."""
    return [
        NamedColumns(name, "", named_datum_word(name))
        for name in names
        if _PLACE_WORDS.search(_plain(name))
    ]


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _stem(name: str, word: str) -> str:
    """The name without its word for the direction, "" where it has none; Latin ones stand alone."""
    pattern = rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else word
    stem, count = re.subn(pattern, "*", _plain(name), count=1)
    return stem if count else ""
