"""Which rows of a layer a check looks at, as an SQL condition."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, NamedTuple

from django.db import connection
from psycopg2 import sql

from layers.access.policy import CODE_DIGITS, EVERYTHING, Scope
from layers.divisions import Bounds
from layers.registry.specification import Layer

COUNTY_DIGITS = 6
PIECE = 50_000


class Range(NamedTuple):
    """Inclusive bounds of 12-digit division codes; None: no bound."""

    low: str | None
    high: str | None


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
        for sign, code in zip((">=", "<="), self.divisions or (), strict=False):
            if code is not None:
                clauses.append(sql.SQL("{} " + sign + " {}").format(column, sql.Literal(code)))
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
        """For the rows there are: what lies outside the scope is not there."""
        text, values = self.scope.sql(f"{alias}.division")
        return bound(text, values)

    def comparable(self, alias: str) -> sql.Composed:
        """As visible, for rows that are looked up by their place, each for another row. Spelled so
        that no index serves it: the planner takes the place's for less choosy than it is, and would
        walk all of a county's divisions once a row (a county of 50,000: a minute, not a second)."""
        text, values = self.scope.sql(f"({alias}.division || '')")
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


def partition(layer: Layer, window: Window) -> list[Window]:
    """The window cut into ranges of divisions with some PIECE rows each, or one large county: what
    a query looks through in bounded time. The ranges leave nothing out, so that a division that
    does not exist is looked at, too."""
    if not window.ordered:
        return [window]
    counts = _rows_by_county(layer, window)
    if window.scope.everything:
        pieces = _cut(Range(None, None), counts)
    else:
        ranges = window.scope.ranges()
        pieces = [piece for each in ranges for piece in _cut(Range(*each), counts)]
    return [replace(window, divisions=piece) for piece in pieces]


def _rows_by_county(layer: Layer, window: Window) -> list[tuple[str, int]]:
    """County digits and rows, in order; read from the division index alone."""
    counting = "SELECT left(t.division, {}), count(*) FROM {} AS t WHERE {} GROUP BY 1 ORDER BY 1"
    statement = sql.SQL(counting).format(
        sql.Literal(COUNTY_DIGITS), sql.Identifier(layer.table), window.condition("t")
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _cut(whole: Range, counts: Iterable[tuple[str, int]]) -> list[Range]:
    pieces = []
    low, rows = whole.low, 0
    for county, count in counts:
        first, last = county.ljust(CODE_DIGITS, "0"), county.ljust(CODE_DIGITS, "9")
        if not county.isdigit() or last < (low or "") or first > (whole.high or last):
            continue
        if rows and rows + count > PIECE:
            pieces.append(Range(low, str(int(first) - 1).rjust(CODE_DIGITS, "0")))
            low, rows = first, 0
        rows += count
    return [*pieces, Range(low, whole.high)]
