"""What people write in a cell, as the plain value the layers' own rules then check.

Codes are found by label, synonym or code name, never by a bare number: three systems number the
same toilet types differently (domain.md, attributes).
"""

import re
import unicodedata
from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from importers.matching import plain
from importers.phrases import Phrase, gettext_noop, said
from layers.models.code import CodeItem
from layers.registry import Field, Kind

YES = frozenset({"是", "有", "1", "y", "yes", "true", "t", "√", "对"})
NO = frozenset({"否", "无", "0", "n", "no", "false", "f", "×", "没有"})
_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T][\d:.]+)?$")
_COMPACT_DATE = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})$")
_WHOLE = re.compile(r"^([+-]?\d+)\.0*$")
_BARE_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")
_DIVISION_LENGTHS = (6, 9, 12)


class CellProblem(ValueError):
    """What is wrong with a cell, in both languages."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(phrase.en)
        self.phrase = phrase


class Vocabulary:
    """The code lists' words. `words[list][plain word]` is a set: two codes make it ambiguous."""

    def __init__(self, lists: set[str]) -> None:
        today = timezone.localdate()
        valid = CodeItem.objects.filter(list_name__in=lists)
        self.words: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for item in valid.exclude(valid_to__lt=today).exclude(valid_from__gt=today):
            for word in (item.code, item.zh, item.en, *item.synonyms):
                if not _BARE_NUMBER.match(word):
                    self.words[item.list_name][plain(word)].add(item.code)

    def code(self, field: Field, raw: Any) -> str:
        text = str(_whole(raw))
        if _BARE_NUMBER.match(unicodedata.normalize("NFKC", text)):
            raise CellProblem(
                said(
                    gettext_noop("The number %(value)s says nothing by itself: write the label."),
                    value=text,
                )
            )
        found = self.words[field.codes or ""].get(plain(text), set())
        if len(found) != 1:
            message = (
                gettext_noop("“%(value)s” can mean several codes.")
                if found
                else gettext_noop("“%(value)s” is not in the code list.")
            )
            raise CellProblem(said(message, value=text))
        return next(iter(found))


def plain_value(kind: Kind, raw: Any) -> Any:
    """A cell as layers.editing.values.read_value takes it; unreadable text is left to it."""
    if isinstance(raw, float) and raw != raw:
        return None
    if isinstance(raw, str):
        raw = raw.strip()
    if raw is None or raw == "":
        return None
    reading = _READINGS.get(kind)
    return reading(raw) if reading else _text(raw)


def _text(raw: Any) -> Any:
    if isinstance(raw, (datetime, date)):
        return raw.isoformat()
    if isinstance(raw, bytes):
        raise CellProblem(said(gettext_noop("The cell holds bytes, not a value.")))
    return str(_whole(raw)) if isinstance(raw, (int, float)) and not isinstance(raw, bool) else raw


def _whole(raw: Any) -> Any:
    """430121.0 is 430121: numeric columns hand on codes as floats."""
    return int(raw) if isinstance(raw, float) and raw.is_integer() else raw


def _number(raw: Any) -> Any:
    if not isinstance(raw, str):
        return raw
    text = unicodedata.normalize("NFKC", raw).strip()
    found = _WHOLE.match(text)
    return found[1] if found else text


def _year(raw: Any) -> Any:
    found = _number(raw)
    return found.removesuffix("年") if isinstance(found, str) else found


def _date(raw: Any) -> Any:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = unicodedata.normalize("NFKC", str(_whole(raw)))
    found = _DATE.match(text) or _COMPACT_DATE.match(text)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text


def _boolean(raw: Any) -> Any:
    if isinstance(raw, bool):
        return raw
    word = plain(str(_whole(raw)))
    if word in YES:
        return True
    if word in NO:
        return False
    raise CellProblem(said(gettext_noop("“%(value)s” is neither yes nor no."), value=str(raw)))


def _division(raw: Any) -> Any:
    """County, township and village codes are often written without their zeros."""
    text = unicodedata.normalize("NFKC", str(_whole(raw)))
    if not text.isdecimal() or len(text) not in _DIVISION_LENGTHS:
        raise CellProblem(
            said(
                gettext_noop("“%(value)s” is no division code of 6, 9 or 12 digits."),
                value=text,
            )
        )
    return text.ljust(12, "0")


_READINGS = {
    Kind.INTEGER: _number,
    Kind.DECIMAL: _number,
    Kind.YEAR: _year,
    Kind.DATE: _date,
    Kind.BOOLEAN: _boolean,
    Kind.DIVISION: _division,
}
