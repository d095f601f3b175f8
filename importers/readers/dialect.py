"""How the cells of a delimited text are separated and quoted, found from its beginning."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from importers.readers.recoding import LONGEST_ROW

DELIMITERS = ("\t", ",", ";", "|", "，", "、")
"""Of two that fit equally well the earlier one is taken: “、” stands in many Chinese texts."""
STAND_IN = "\x1f"
"""The unit separator of ASCII: parsers that want one byte get it for a full-width delimiter."""
RECORDS_LOOKED_AT = 200
OFTEN_ENOUGH = 0.5
"""The share of records that have the usual number of cells; titles and totals have others."""

csv.field_size_limit(LONGEST_ROW)


@dataclass(frozen=True, slots=True)
class Dialect:
    """`delimiter` as in the file; STAND_IN where a table has but one column."""

    delimiter: str
    quote: str = '"'
    escape: str | None = None

    @property
    def byte(self) -> str:
        """The delimiter as one byte."""
        return self.delimiter if self.delimiter.isascii() else STAND_IN

    @property
    def replaced(self) -> tuple[str, str] | None:
        """What has to be replaced in the text before it is parsed with `byte`."""
        return None if self.delimiter.isascii() else (self.delimiter, STAND_IN)

    def records(self, lines: Iterable[str]) -> Iterator[list[str]]:
        return csv.reader(
            lines,
            delimiter=self.byte,
            quotechar=self.quote,
            escapechar=self.escape,
            doublequote=True,
        )


@dataclass(frozen=True, slots=True)
class _Fit:
    share: float
    width: int


def dialect_of(text: str) -> Dialect:
    """The dialect in which most records have the same number of cells; whole lines are expected."""
    quote, escape = _quoting(text)
    best, best_fit = Dialect(STAND_IN, quote, escape), _Fit(0.0, 1)
    for delimiter in DELIMITERS:
        if delimiter not in text:
            continue
        dialect = Dialect(delimiter, quote, escape)
        fit = _fit(text, dialect)
        if fit.width > 1 and fit.share > best_fit.share:
            best, best_fit = dialect, fit
    return best


def fits(text: str, dialect: Dialect) -> bool:
    """Whether this looks like a table: several cells a row, in most rows equally many."""
    fit = _fit(text, dialect)
    return fit.width > 1 and fit.share > OFTEN_ENOUGH and "\n" in text.strip().replace("\r", "\n")


def _fit(text: str, dialect: Dialect) -> _Fit:
    if dialect.replaced:
        text = text.replace(*dialect.replaced)
    try:
        records = islice(dialect.records(lines_of(text)), RECORDS_LOOKED_AT)
        widths = Counter(len(record) for record in records if any(record))
    except csv.Error:
        return _Fit(0.0, 1)
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return _Fit(0.0, 1)
    width, count = max(several.items(), key=lambda each: (each[1], each[0]))
    return _Fit(count / widths.total(), width)


def _quoting(text: str) -> tuple[str, str | None]:
    """The quotation mark, and the backslash where that escapes one."""
    edges = {
        mark: len(
            re.findall(rf"(?:^|[,;\t|，]){mark}[^{mark}\n]*{mark}(?=[,;\t|，\r\n]|$)", text, re.M)
        )
        for mark in ('"', "'")
    }
    quote = "'" if edges["'"] > 2 and not edges['"'] else '"'
    escaped = f"\\{quote}" in text and quote * 2 not in text
    return quote, "\\" if escaped else None


def lines_of(text: str) -> list[str]:
    """Lines as files have them; str.splitlines would break at U+2028 and form feeds, too."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text)
