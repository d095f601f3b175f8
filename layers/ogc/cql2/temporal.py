"""Temporal functions of CQL2: instants and intervals as a first and a last moment.

A day counts in full where it meets a timestamp: from 00:00 to the last microsecond, in UTC.
"""

from dataclasses import dataclass
from datetime import date, datetime

from psycopg2 import sql

from layers.ogc.properties import Type


@dataclass(frozen=True, slots=True)
class Span:
    start: sql.Composable
    end: sql.Composable
    type: Type

    def as_timestamps(self) -> "Span":
        if self.type is Type.TIMESTAMP:
            return self
        first = "(({})::timestamp AT TIME ZONE 'UTC')"
        last = "((({}) + 1)::timestamp AT TIME ZONE 'UTC' - interval '1 microsecond')"
        return Span(
            sql.SQL(first).format(self.start), sql.SQL(last).format(self.end), Type.TIMESTAMP
        )


def type_of(value: date | datetime) -> Type:
    return Type.TIMESTAMP if isinstance(value, datetime) else Type.DATE


def between(
    start: tuple[sql.Composable, Type] | None, end: tuple[sql.Composable, Type] | None
) -> Span:
    """An interval; an open end lies beyond every moment."""
    types = {each[1] for each in (start, end) if each}
    if types == {Type.DATE}:
        return Span(
            start[0] if start else sql.SQL("'-infinity'::date"),
            end[0] if end else sql.SQL("'infinity'::date"),
            Type.DATE,
        )
    first = Span(start[0], start[0], start[1]).as_timestamps().start if start else None
    last = Span(end[0], end[0], end[1]).as_timestamps().end if end else None
    return Span(
        first or sql.SQL("'-infinity'::timestamptz"),
        last or sql.SQL("'infinity'::timestamptz"),
        Type.TIMESTAMP,
    )


# Of the first and last moments a, b of the one and c, d of the other (Allen's relations).
_RELATIONS = {
    "t_after": "{a} > {d}",
    "t_before": "{b} < {c}",
    "t_contains": "{a} < {c} AND {b} > {d}",
    "t_disjoint": "({a} > {d} OR {b} < {c})",
    "t_during": "{a} > {c} AND {b} < {d}",
    "t_equals": "{a} = {c} AND {b} = {d}",
    "t_finishedby": "{a} < {c} AND {b} = {d}",
    "t_finishes": "{a} > {c} AND {b} = {d}",
    "t_intersects": "{a} <= {d} AND {b} >= {c}",
    "t_meets": "{b} = {c}",
    "t_metby": "{a} = {d}",
    "t_overlappedby": "{a} > {c} AND {a} < {d} AND {b} > {d}",
    "t_overlaps": "{a} < {c} AND {b} > {c} AND {b} < {d}",
    "t_startedby": "{a} = {c} AND {b} > {d}",
    "t_starts": "{a} = {c} AND {b} < {d}",
}


def condition(name: str, one: Span, other: Span) -> sql.Composable:
    if one.type is not other.type:
        one, other = one.as_timestamps(), other.as_timestamps()
    relation = sql.SQL(f"({_RELATIONS[name]})")
    return relation.format(a=one.start, b=one.end, c=other.start, d=other.end)
