"""A column of texts at a time, kept from running as formulas; see importers.formulas."""

import pyarrow as pa
import pyarrow.compute as pc

from importers.formulas import MARK, NUMBER_PATTERN, RUN_PATTERN, guarded

__all__ = ["guarded", "guarded_column"]

_NOT_IN_TABLES = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
REPLACEMENT = "\ufffd"


def guarded_column(texts: pa.Array) -> pa.Array:
    """The column as no spreadsheet runs it. A text that is just a number stays.

    Control characters, which XML has no place for, become U+FFFD.
    """
    clean = pc.replace_substring_regex(texts, pattern=_NOT_IN_TABLES, replacement=REPLACEMENT)
    runs = pc.and_not(
        pc.match_substring_regex(clean, pattern=f"^{RUN_PATTERN}"),
        pc.match_substring_regex(clean, pattern=f"^{NUMBER_PATTERN}$"),
    )
    if not pc.any(runs).as_py():
        return clean
    marked = pc.binary_join_element_wise(MARK, clean, "")
    return pc.if_else(runs, marked, clean)
