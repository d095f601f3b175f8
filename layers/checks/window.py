"""Which rows of a layer a check looks at, as an SQL condition."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, NamedTuple

from psycopg2 import sql

from layers.access.policy import CODE_DIGITS, EVERYTHING, Scope
from layers.divisions import Bounds
from layers.models.division import Division

COUNTY_DIGITS = 6


class Range(NamedTuple):
    """Inclusive bounds of 12-digit division codes."""

    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Window:
    """Rows inside a scope, and, where given, a range of divisions, a box, some features."""

    scope: Scope = EVERYTHING
    divisions: Range | None = None
    bounds: Bounds | None = None
    feature_ids: tuple[int, ...] | None = None

    @property
    def ordered(self) -> bool:
        """Whether windows like this one cover the scope together: then a pair of features is found
        from the one with the smaller id, else from both."""
        return self.bounds is None and self.feature_ids is None

    def condition(self, alias: str) -> sql.Composed:
        """For the rows that are looked at."""
        clauses = [self.visible(alias)]
        column = sql.Identifier(alias, "division")
        if self.divisions is not None:
            low, high = map(sql.Literal, self.divisions)
            clauses.append(sql.SQL("{} BETWEEN {} AND {}").format(column, low, high))
        if self.bounds is not None:
            box = sql.SQL(", ").join(map(sql.Literal, self.bounds))
            place = sql.Identifier(alias, "geom_3857")
            inside = sql.SQL("{} && ST_Transform(ST_MakeEnvelope({}, 4490), 3857)")
            clauses.append(inside.format(place, box))
        if self.feature_ids is not None:
            ids = sql.Literal(list(self.feature_ids))
            clauses.append(sql.SQL("{} = ANY({})").format(sql.Identifier(alias, "id"), ids))
        return sql.SQL(" AND ").join(clauses)

    def visible(self, alias: str) -> sql.Composed:
        """For the rows that may be compared with: what lies outside the scope is not there."""
        text, values = self.scope.sql(f"{alias}.division")
        return bound(text, values)

    def pairs(self, one: str, other: str) -> sql.Composed:
        """For two rows of which one is looked at: each pair once over all windows, if possible."""
        sign = sql.SQL("<" if self.ordered else "<>")
        ids = (sql.Identifier(one, "id"), sign, sql.Identifier(other, "id"))
        return sql.SQL("{} {} {}").format(*ids)


def bound(text: str, values: Iterable[Any]) -> sql.Composed:
    """A condition with %s places as one whose values are quoted in place."""
    pieces = [sql.SQL(piece) for piece in text.split("%s")]
    filled = zip(pieces[1:], map(sql.Literal, values), strict=True)
    return reduce(lambda done, each: done + each[1] + each[0], filled, sql.Composed([pieces[0]]))


def partition(window: Window) -> list[Window]:
    """The window cut at county codes: pieces that one query looks through in bounded time. Their
    ranges leave no gap, so that a feature with a code no county has is looked at, too."""
    if not window.ordered:
        return [window]
    counties = sorted(
        Division.objects.filter(level=Division.Level.COUNTY).values_list("code", flat=True)
    )
    return [
        replace(window, divisions=piece)
        for low, high in window.scope.ranges()
        for piece in _cut(Range(low, high), counties)
    ]


def _cut(whole: Range, counties: Iterable[str]) -> Iterable[Range]:
    low = whole.low
    for code in counties:
        if low < code <= whole.high:
            yield Range(low, str(int(code) - 1).rjust(CODE_DIGITS, "0"))
            low = code
    yield Range(low, whole.high)
