"""What people write in a cell, as the plain value the layers' own rules then check.

Unreadable text is left to layers.editing.values.read_value where there is nothing more to say.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from importers.matching.damage import check_identifier
from importers.matching.dates import read_date
from importers.matching.names import plain
from importers.matching.numbers import read_number
from importers.matching.problems import CellProblem
from importers.phrases import gettext_noop, said
from layers.registry import Field, Kind

_YES_WORDS = """
是 有 对 已 通 具备 建有 已建 已配套 达标 已达标 合格 √ ✓ ✔ 1 y yes t true
"""
_NO_WORDS = """
否 无 没 未 没有 不是 未建 未配套 不达标 未达标 不合格 × ✗ ✘ x 0 n no f false
"""
YES, NO = (frozenset(map(plain, words.split())) for words in (_YES_WORDS, _NO_WORDS))
_NEGATIONS = ("非", "不", "未", "无", "没有")
_NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.YEAR})
SPREADSHEET_ERRORS = frozenset(
    {"#ref!", "#div/0!", "#value!", "#n/a", "#name?", "#null!", "#num!", "#getting_data"}
)


def plain_value(field: Field, kind: Kind, raw: Any, factor: Decimal | None = None) -> Any:
    """A cell as read_value takes it; codes and divisions are read elsewhere. Raises CellProblem."""
    raw = given(raw)
    if raw is None:
        return None
    if kind in _NUMBERS:
        return read_number(field, kind, raw, factor)
    if kind is Kind.DATE:
        return read_date(raw)
    if kind is Kind.BOOLEAN:
        return _boolean(field, raw)
    check_identifier(field.name, raw)
    return as_text(raw)


def given(raw: Any) -> Any:
    """The cell without blanks around it; None where it is empty. Raises CellProblem for #REF!."""
    if isinstance(raw, float) and raw != raw:
        return None
    if isinstance(raw, str):
        raw = raw.strip()
        if raw.casefold() in SPREADSHEET_ERRORS:
            raise CellProblem(
                said(gettext_noop("The cell holds the spreadsheet error %(value)s."), value=raw),
                said(gettext_noop("Mend the formula, or write the value itself.")),
            )
    return None if raw == "" else raw


def as_text(raw: Any) -> Any:
    if isinstance(raw, (datetime, date)):
        return raw.isoformat()
    if isinstance(raw, bytes):
        raise CellProblem(said(gettext_noop("The cell holds bytes, not a value.")))
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return str(whole(raw))
    return raw


def whole(raw: Any) -> Any:
    """430121.0 is 430121: numeric columns hand on codes as floats."""
    return int(raw) if isinstance(raw, float) and raw.is_integer() else raw


def _boolean(field: Field, raw: Any) -> bool:
    """Also by the field's own label: 断头路 and 非断头路, 列养 and 未列养."""
    if isinstance(raw, bool):
        return raw
    word, label = plain(str(whole(raw))), plain(field.label.zh)
    if word in YES or word in {label, f"已{label}"}:
        return True
    if word in NO or word in {f"{each}{label}" for each in _NEGATIONS}:
        return False
    raise CellProblem(
        said(gettext_noop("“%(value)s” is neither yes nor no."), value=str(raw)),
        said(gettext_noop("Write 是 or 否.")),
    )
