"""How much a column's heading is like a field's name, from 0 to 1, and by which of its names."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from importers.matching.abbreviations import initials_of, names_of, shortens
from importers.matching.headers import Header
from importers.matching.names import is_chinese, is_inside, plain
from layers.registry import Field, Layer

NAMED, ALIAS, CUT, INITIALS, SHORT_INITIALS, SHORT_WORDS = 1.0, 0.95, 0.85, 0.8, 0.65, 0.7
SHARED_INITIALS = 0.4
"""Initials of several fields: too little by itself."""
FIRST_LETTERS = 2
MOST_SIMILAR, LEAST_RATIO, LEAST_RATIO_LATIN = 0.7, 0.6, 0.8
LAST_CHARACTER_BYTES = 2
"""A cut may leave room for a part of a character."""


@dataclass(frozen=True, slots=True)
class Likeness:
    confidence: float
    how: str


NONE = Likeness(0.0, "")


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a format cuts names: after `length` bytes of `encoding`."""

    length: int
    encoding: str

    def reaches(self, name: str) -> bool:
        """Whether a column's name is so long that it may have been cut."""
        size = len(name.encode(self.encoding, "replace"))
        return size >= self.length - LAST_CHARACTER_BYTES

    def left_of(self, name: str) -> str:
        """安置点名称及编码 → 安置点名称 (10 bytes of GBK), 安置点 (of UTF-8)."""
        cut = name.encode(self.encoding, "replace")[: self.length]
        return plain(cut.decode(self.encoding, "ignore"))


class Names:
    """The names of one layer's fields, ready to be compared."""

    def __init__(self, layer: Layer, cut: Cut | None = None) -> None:
        self._initials = initials_of(layer)
        self._cut = cut
        self._known = {
            field.name: [
                (plain(name), _kind_of_name(rank)) for rank, name in enumerate(names_of(field))
            ]
            for field in layer.fields
        }
        self._cuts = {
            field.name: {cut.left_of(name) for name in names_of(field)} if cut else set()
            for field in layer.fields
        }

    def likeness(self, header: Header, field: Field) -> Likeness:
        """The best of all ways."""
        ways = (self._whole, self._cut_short, self._abbreviated, self._similar)
        return max((way(header, field) for way in ways), key=lambda each: each.confidence)

    def _whole(self, header: Header, field: Field) -> Likeness:
        best = NONE
        for spelling in header.spellings:
            for name, (confidence, how) in self._known[field.name]:
                if name == spelling.name and confidence * spelling.weight > best.confidence:
                    best = Likeness(confidence * spelling.weight, how)
        return best

    def _cut_short(self, header: Header, field: Field) -> Likeness:
        """A column that is the beginning of just one field's name."""
        if self._cut is None or not self._cut.reaches(header.column):
            return NONE
        beginning = plain(header.column)
        owners = [name for name, cuts in self._cuts.items() if beginning in cuts]
        return Likeness(CUT, "cut") if owners == [field.name] else NONE

    def _abbreviated(self, header: Header, field: Field) -> Likeness:
        best = NONE
        for name, weight in header.spellings:
            owners = self._initials.get(name, frozenset())
            if field.name in owners:
                sure = INITIALS if len(name) > FIRST_LETTERS else SHORT_INITIALS
                confidence = (sure if len(owners) == 1 else SHARED_INITIALS) * weight
                best = max(best, Likeness(confidence, "abbreviation"), key=_confidence)
        if shortens(header.parts, field):
            best = max(best, Likeness(SHORT_WORDS, "abbreviation"), key=_confidence)
        return best

    def _similar(self, header: Header, field: Field) -> Likeness:
        """Never sure. In Chinese one character changed for another means something else (户数 and
        人数, 起点 and 止点), so the shorter must be inside the longer; Latin may be mistyped.
        """
        best = NONE
        for spelling in header.spellings:
            for name, (_sure, how) in self._known[field.name]:
                confidence = _similarity(spelling.name, name) * spelling.weight
                if confidence > best.confidence:
                    best = Likeness(confidence, how)
        return best


def _kind_of_name(rank: int) -> tuple[float, str]:
    if rank == 0:
        return NAMED, "name"
    return (NAMED, "label") if rank <= len(("zh", "en")) else (ALIAS, "alias")


def _confidence(likeness: Likeness) -> float:
    return likeness.confidence


def _similarity(given: str, known: str) -> float:
    short, long = sorted((given, known), key=len)
    if len(short) < len("户数") or short == long:
        return 0.0
    least = LEAST_RATIO
    if is_chinese(long):
        if not is_inside(short, long):
            return 0.0
    else:
        least = LEAST_RATIO_LATIN
        if len(short) < len("name"):
            return 0.0
    ratio = SequenceMatcher(None, given, known, autojunk=False).ratio()
    return MOST_SIMILAR * ratio if ratio >= least else 0.0
