"""What a review is made of: columns, words and names as the page shows them, and its own words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from importers.interpretation import PlaceSource
from layers.registry import Field, Kind

SURE, LIKELY = 0.9, 0.6
LEFT_EMPTY = "=empty"
"""What the form sends for a word that counts as an empty cell."""
SURENESS: dict[str, str | Promise] = {
    "stated": gettext_lazy("stated by you"),
    "sure": gettext_lazy("certain"),
    "likely": gettext_lazy("likely"),
    "doubtful": gettext_lazy("doubtful"),
    "none": gettext_lazy("not imported"),
}
FOUND_BY: dict[str, str | Promise] = {
    "name": gettext_lazy("by its name"),
    "label": gettext_lazy("by its label"),
    "alias": gettext_lazy("by another name"),
    "abbreviation": gettext_lazy("by an abbreviation"),
    "cut": gettext_lazy("by a cut name"),
    "content": gettext_lazy("by its content"),
    "profile": gettext_lazy("as last time"),
    "stated": gettext_lazy("stated by you"),
}
SOURCES: dict[str, str | Promise] = {
    PlaceSource.GEOMETRY: gettext_lazy("the file's geometry"),
    PlaceSource.COLUMNS: gettext_lazy("two columns"),
    PlaceSource.WKT: gettext_lazy("a column of text (WKT)"),
    PlaceSource.NONE: gettext_lazy("no places in the file"),
}
USED_FOR: dict[str, str | Promise] = {
    "place": gettext_lazy("used for the place"),
    "division": gettext_lazy("used for the division"),
}
NUMBERS = (Kind.INTEGER, Kind.DECIMAL)


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of the file: the field it fills, how sure that is, and what is in it."""

    index: int
    name: str
    field: str
    sureness: str
    word: str | Promise
    how: str | Promise
    samples: tuple[str, ...]
    factor: str
    factors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the file and the code it stands for, "" while nobody knows; `must`: a person has
    to say it before anything is loaded."""

    text: str
    code: str
    must: bool = False


@dataclass(frozen=True, slots=True)
class WordList:
    """The words of one column, and the codes there are."""

    field: Field
    column: str
    words: tuple[Word, ...]
    codes: tuple[tuple[str, str], ...]

    @property
    def open(self) -> int:
        return sum(not each.code for each in self.words)

    @property
    def must(self) -> bool:
        return any(each.must for each in self.words)


@dataclass(frozen=True, slots=True)
class DivisionName:
    """A name that the file has, the code it stands for ("" while undecided), and candidates."""

    name: str
    code: str
    candidates: tuple[tuple[str, str], ...]
