"""What spreadsheets do to identifiers: exponents, digits beyond the fifteenth, lost zeros.

Such a cell cannot be mended, only sent again as text.
"""

import re
import unicodedata
from typing import Any

from importers.matching.problems import CellProblem
from importers.phrases import Phrase, gettext_noop, said

IDENTIFIERS = frozenset({"code", "route_code", "section_no", "id_number", "phone"})
"""Fields whose digits are a name, not a number."""
KEPT_DIGITS = 15
EXPONENT = r"^\s*\d(?:\.\d+)?[eE]\+\d{2}\s*$"
_EXPONENT = re.compile(EXPONENT)
_RESIDENT = re.compile(
    r"^[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$"
)
_SHAPE_OF_RESIDENT = re.compile(r"^\d{17}[\dX]$")
_SHORTENED_RESIDENT = re.compile(r"^\d(?:\.\d+)?E\+17$")
_LANDLINE_WITHOUT_ZERO = re.compile(r"^(?!400|800)[2-9]\d{8,9}$")
_CHECK = "10X98765432"
"""GB 11643: the check character by the sum of digit × 2^(17-place) modulo 11."""


def has_valid_check_digit(text: str) -> bool:
    """Whether a resident identity number of 18 characters is one that can have been given."""
    if not _RESIDENT.match(text):
        return False
    total = sum(int(digit) * pow(2, 17 - place) for place, digit in enumerate(text[:17]))
    return _CHECK[total % 11] == text[17]


def may_be_identity_number(text: str) -> bool:
    """Whether it is one, or what mistyping or a spreadsheet makes of one: 4.33124E+17."""
    text = text.strip().upper()
    return bool(_SHAPE_OF_RESIDENT.match(text)) or bool(_SHORTENED_RESIDENT.match(text))


def check_identifier(field_name: str, raw: Any) -> None:
    """Raises CellProblem where a spreadsheet has damaged it; says nothing of what it held."""
    if field_name not in IDENTIFIERS or isinstance(raw, bool):
        return
    if isinstance(raw, float) and abs(raw) >= 10**KEPT_DIGITS:
        raise CellProblem(_digits_lost(), _as_text())
    if not isinstance(raw, (str, int, float)):
        return
    text = unicodedata.normalize("NFKC", str(raw)).strip().upper()
    if _EXPONENT.match(text):
        raise CellProblem(
            said(gettext_noop("The spreadsheet shortened the number to an exponent.")), _as_text()
        )
    if field_name == "id_number" and _was_rounded(text):
        raise CellProblem(_digits_lost(), _as_text())
    if field_name == "phone" and _LANDLINE_WITHOUT_ZERO.match(text.removesuffix(".0")):
        raise CellProblem(
            said(gettext_noop("The number seems to have lost its leading zero.")), _as_text()
        )


def _was_rounded(text: str) -> bool:
    ended = text.endswith("0" * (18 - KEPT_DIGITS)) and bool(_SHAPE_OF_RESIDENT.match(text))
    return ended and not has_valid_check_digit(text)


def _digits_lost() -> Phrase:
    return said(gettext_noop("The spreadsheet kept 15 digits of the number; the others are lost."))


def _as_text() -> Phrase:
    return said(gettext_noop("Format the column as text, enter the number again and send it so."))
