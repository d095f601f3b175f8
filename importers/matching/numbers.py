"""Numbers as people write them: full width, thousands, a unit behind, stakes (K12+345)."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from importers.matching import units
from importers.matching.problems import CellProblem
from importers.matching.units import Unit, unit_named
from importers.phrases import gettext_noop, said
from layers.registry import Field, Kind

NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+"
_PLAIN = re.compile(rf"^(?:{NUMBER})(?:[eE][+-]?\d{{1,2}})?$")
_WITH_UNIT = re.compile(rf"^({NUMBER})\s*([^\d\s.,+-].*)$")
_STAKE = re.compile(r"^[a-z]{0,2}k(\d{1,4})(?:\+(\d{1,3}(?:\.\d+)?))?$", re.IGNORECASE)
_RANGE = re.compile(r"^\D{0,3}\d[\d.,]*\D{0,3}\s*[-~至到—–]+\s*\d[\d.,]*\D{0,4}$")
_ABOUT = re.compile(r"约|大概|大约|左右|以上|以下|不足|近|余|多|上下|[<>≥≤~≈±?]")
_NOTHING = frozenset({"/", "\\", "-", "--", "—", "——", "–", "―", "n/a", "na", "null", "nan"})
_YEAR = re.compile(
    r"^(\d{4})(?:年度?|年\d{1,2}月(?:份|\d{1,2}日)?|([-/.])\d{1,2}(?:\2\d{1,2}(?: [\d:.]+)?)?)$"
)
METRES_A_KILOMETRE = 1000


def says_nothing(text: str) -> bool:
    """What people put into a cell of a table to say that it does not apply."""
    return text.strip().casefold() in _NOTHING


def read_number(field: Field, kind: Kind, raw: Any, factor: Decimal | None = None) -> Any:
    """In the field's unit, as read_value takes it; None for a dash. Raises CellProblem.

    `factor` is the column's; a unit in the cell itself counts more.
    """
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, date):
        return raw.year if kind is Kind.YEAR else raw.isoformat()
    if isinstance(raw, (int, float, Decimal)):
        number = Decimal(str(raw))
        return _tidy(number * factor) if factor and number.is_finite() else raw
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    if says_nothing(text):
        return None
    if _PLAIN.match(text):
        return _tidy(_decimal(text) * (factor or 1))
    stake = _stake(field, text)
    if stake is not None:
        return _tidy(stake)
    if kind is Kind.YEAR:
        return _year(text)
    found = _WITH_UNIT.match(text)
    unit = unit_named(found[2]) if found else None
    if found is None or unit is None:
        raise _no_number(text)
    if not units.fits(unit, field):
        raise _other_unit(field, text)
    return _tidy(_decimal(found[1]) * (units.factor(unit, field) or 1))


def _year(text: str) -> str:
    """2019年, 2019年度; of a day or a month its year."""
    found = _YEAR.match(text)
    if found is None:
        raise _no_year(text)
    return found[1]


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _tidy(value: Decimal) -> str:
    """Without an exponent, and whole where it is: a whole-number column takes no "12.0"."""
    whole = value == value.to_integral_value()
    return str(int(value)) if whole else format(value.normalize(), "f")


def _stake(field: Field, text: str) -> Decimal | None:
    """K12+345.6 is 12.3456 km along the road."""
    wanted = units.unit_of(field)
    found = _STAKE.match(text.replace(" ", ""))
    if found is None or wanted is None or wanted != Unit("length", wanted.size):
        return None
    metres = Decimal(found[1]) * METRES_A_KILOMETRE + Decimal(found[2] or 0)
    return metres / Decimal(int(wanted.size))


def _no_number(text: str) -> CellProblem:
    if _RANGE.match(text):
        return CellProblem(
            said(gettext_noop("“%(value)s” is a range, not one number."), value=text),
            said(gettext_noop("Write one number, or split the row.")),
        )
    if _ABOUT.search(text):
        return CellProblem(
            said(gettext_noop("“%(value)s” is no exact number."), value=text),
            said(gettext_noop("Write the number alone, without words such as 约 or 左右.")),
        )
    return CellProblem(
        said(gettext_noop("“%(value)s” is no number."), value=text),
        said(gettext_noop("Write digits, with the field's unit or none.")),
    )


def _no_year(text: str) -> CellProblem:
    if _RANGE.match(text):
        return CellProblem(
            said(gettext_noop("“%(value)s” names several years."), value=text),
            said(gettext_noop("Write one year, such as 2020: that of completion.")),
        )
    return CellProblem(
        said(gettext_noop("“%(value)s” is no year."), value=text),
        said(gettext_noop("Write one year with four digits, such as 2020.")),
    )


def _other_unit(field: Field, text: str) -> CellProblem:
    return CellProblem(
        said(gettext_noop("The unit of “%(value)s” cannot be this field's."), value=text),
        said(gettext_noop("Write the number in %(unit)s."), unit=field.unit)
        if field.unit
        else said(gettext_noop("Write the number alone.")),
    )
