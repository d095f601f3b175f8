"""Texts that a spreadsheet would run as a formula, kept from it: one cell, or a column at a time.

A spreadsheet runs what begins with = + - @ (in full-width forms, too), also behind blanks, a tab or
a line break, whether the file is .xlsx or CSV. An apostrophe before it does not let it.
"""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

MARK = "'"
_STARTS = "^[\u0020\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff]*[=+\\-@＝＋－＠\t\r\n]"
_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?$"
_NOT_IN_TABLES = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
REPLACEMENT = "\ufffd"


def guarded_column(texts: pa.Array) -> pa.Array:
    """The column as no spreadsheet runs it. A text that is just a number stays.

    Control characters, which XML has no place for, become U+FFFD.
    """
    clean = pc.replace_substring_regex(texts, pattern=_NOT_IN_TABLES, replacement=REPLACEMENT)
    runs = pc.and_not(
        pc.match_substring_regex(clean, pattern=_STARTS),
        pc.match_substring_regex(clean, pattern=_NUMBER),
    )
    if not pc.any(runs).as_py():
        return clean
    marked = pc.binary_join_element_wise(MARK, clean, "")
    return pc.if_else(runs, marked, clean)


def guarded(cell: Any) -> Any:
    """One cell; numbers, dates and None stay.

    >>> guarded("=1+1"), guarded("-3.5"), guarded(-3.5)
    ("'=1+1", '-3.5', -3.5)
    """
    if not isinstance(cell, str):
        return cell
    return guarded_column(pa.array([cell], pa.string()))[0].as_py()
