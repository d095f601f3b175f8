"""Text that a spreadsheet would run as a formula: kept from it on the way out, taken back on the
way in.

A spreadsheet runs a cell that begins with one of `= + - @`, in their full-width forms too in a
Chinese or Japanese Excel, whether the file is .xlsx or CSV; a tab or a carriage return before them
does not stop it. An apostrophe in front does (OWASP, "CSV Injection"), and is what a person types.
"""

import re
from typing import Any

STARTS = "=+-@＝＋－＠"
"""U+FF1D, U+FF0B, U+FF0D, U+FF20 are the full-width forms."""
MARK = "'"

BREAKS = "\t\r\n"
BLANKS = " \u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
"""What may stand before the sign without being seen."""
NUMBER_PATTERN = r"[+-]?[0-9]+(\.[0-9]+)?"
_NUMBER = re.compile(NUMBER_PATTERN)

RUN_PATTERN = f"[{BLANKS}]*[{re.escape(STARTS)}{BREAKS}]"
"""The beginning of what a spreadsheet runs, for RE2 and for `re`."""

GUARDED_PATTERN = f"^{MARK}({RUN_PATTERN})"
"""What `guarded` writes, for RE2 and for `re`: the first group is the text's own beginning."""
_GUARDED = re.compile(GUARDED_PATTERN)


def guarded(cell: Any) -> Any:
    """The cell as no spreadsheet runs it. Numbers, dates and texts that are a number stay.

    >>> guarded("=1+1"), guarded("-3.5"), guarded(-3.5), guarded(None)
    ("'=1+1", '-3.5', -3.5, None)
    """
    if not isinstance(cell, str) or not cell or _NUMBER.fullmatch(cell):
        return cell
    runs = cell.lstrip(BLANKS).startswith(tuple(STARTS + BREAKS))
    return f"{MARK}{cell}" if runs else cell


def unguarded(text: str) -> str:
    """What stood there before `guarded`; also what a person means who typed the apostrophe.

    >>> unguarded("'=1+1"), unguarded("'tis")
    ('=1+1', "'tis")
    """
    return _GUARDED.sub(r"\1", text) if text.startswith(MARK) else text
