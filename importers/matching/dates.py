"""Days as people write them. A month without a day is its first day; nothing else is added.

The spreadsheet's serial numbers count days from 1899-12-30 (ECMA-376 §18.17.4.1, the 1900 system
with its wrong leap day), so 43952 is 2020-05-01.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

from importers.matching.numbers import says_nothing
from importers.matching.problems import CellProblem
from importers.phrases import Phrase, gettext_noop, said

_TIME = r"(?:[ T日]\s*\d{1,2}[:时][\d:.时分秒]*\s*(?:Z|[+-]\d\d:?\d\d)?)?"
_DAY = re.compile(rf"^(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})日?{_TIME}$")
_COMPACT = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})$")
_MONTH = re.compile(
    r"^(\d{4})\s*(?:年\s*(\d{1,2})月?份?|[-/]\s*(\d{1,2})|\.\s*(0\d|1[012]|[2-9]))$"
)
_COMPACT_MONTH = re.compile(r"^((?:19|20)\d{2})(0[1-9]|1[0-2])$")
_TENTH = re.compile(r"^\d{4}\.1$")
_YEAR = re.compile(r"^(?:19|20)\d{2}年?(?:度)?$")
_SERIAL = re.compile(r"^(\d{5})(?:\.\d+)?$")
_SHORT_YEAR = re.compile(r"^\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,4}日?$")
_CHINESE = re.compile(
    r"^([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})日)?$"
)
_DIGITS = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"零": "0", "○": "0"}
SERIAL_ZERO = date(1899, 12, 30)
SERIALS = range(20_000, 60_000)
"""From 1954 to 2064: smaller numbers are years, greater ones are no days of ours."""


def read_date(raw: Any) -> Any:
    """A date, its ISO text, or None for a dash; a day that is in no calendar is left to read_value.

    Raises CellProblem for what is no day, or could be two.
    """
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, bool):
        return raw
    number = isinstance(raw, (int, float))
    text = unicodedata.normalize("NFKC", _digits(raw)).strip()
    if says_nothing(text):
        return None
    found = _DAY.match(text) or _COMPACT.match(text)
    if found:
        return _iso(found[1], found[2], found[3])
    serial = _SERIAL.match(text)
    if serial and int(serial[1]) in SERIALS:
        return (SERIAL_ZERO + timedelta(days=int(serial[1]))).isoformat()
    found = _COMPACT_MONTH.match(text) or (None if number else _MONTH.match(text))
    if found:
        return _iso(found[1], next(part for part in found.groups()[1:] if part), "1")
    spelled = _CHINESE.match(text)
    if spelled:
        year = "".join(_DIGITS[character] for character in spelled[1])
        return _iso(year, str(_counted(spelled[2])), str(_counted(spelled[3] or "一")))
    raise CellProblem(said(gettext_noop("“%(value)s” is no date."), value=text), _advice(text))


def is_month_only(raw: Any) -> bool:
    """Whether read_date adds the first day to it."""
    text = unicodedata.normalize("NFKC", _digits(raw)).strip()
    return bool(_MONTH.match(text) or _COMPACT_MONTH.match(text)) and isinstance(raw, (str, int))


def _digits(raw: Any) -> str:
    return str(int(raw) if isinstance(raw, float) and raw.is_integer() else raw)


def _iso(year: str, month: str, day: str) -> str:
    return f"{year}-{int(month):02}-{int(day):02}"


def _counted(text: str) -> int:
    """二十三 is 23."""
    tens, ten, ones = text.rpartition("十")
    value = int(_DIGITS.get(ones, "0"))
    return value + 10 * int(_DIGITS.get(tens, "1")) if ten else value


def _advice(text: str) -> Phrase:
    if _YEAR.match(text):
        return said(gettext_noop("A year is no day: write the month at least, such as 2020-05."))
    if _TENTH.match(text):
        return said(
            gettext_noop("January, or October that lost its zero? Write 2020-01 or 2020-10.")
        )
    if _SHORT_YEAR.match(text):
        return said(gettext_noop("Write the year first and with four digits: 2020-05-01."))
    return said(gettext_noop("Write it as 2020-05-01."))
