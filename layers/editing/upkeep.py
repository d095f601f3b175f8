"""The upkeep state of features: derived from upkeep records, so it is not an edit of its own.

The records are the evidence; this column is what the map and the work lists are drawn from. It is
still a write to a layer table, and so it has its place here and nowhere else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from psycopg2 import sql

from layers.editing.guard import declare_writer
from layers.models.feature import UpkeepState
from layers.registry.specification import Layer

if TYPE_CHECKING:
    import pyarrow as pa

WARNING_DAYS = 14
"""A task is "due" from this many days before its day, or a third of its cycle if that is less:
with a weekly patrol one would otherwise never be in good order."""


def warning_days(cycle_days: int) -> int:
    """How long before its day a task of this cycle is due.

    >>> [warning_days(cycle) for cycle in (1, 7, 30, 365)]
    [0, 2, 10, 14]
    """
    return min(WARNING_DAYS, cycle_days // 3)


def state_on(day: date, due_on: date | None, warning: int = WARNING_DAYS) -> UpkeepState:
    """The state of a feature without defects, by the day its next upkeep is due."""
    if due_on is None:
        return UpkeepState.NONE
    if due_on < day:
        return UpkeepState.OVERDUE
    if due_on <= day + timedelta(days=warning):
        return UpkeepState.DUE
    return UpkeepState.OK


@dataclass(frozen=True, slots=True)
class Cycle:
    """Days between two upkeeps of a row, as an SQL expression over the layer's columns.

    NULL where the row needs none; `values` are bound to its named placeholders.
    """

    expression: sql.Composable
    values: dict[str, Any]


NO_CYCLE = Cycle(sql.SQL("NULL::int"), {})


RowCycles = Callable[[Mapping[str, "pa.Array"], int], "pa.Array"]
"""Days between two upkeeps of each of so many rows (int64), null where a row needs none; from texts
by column, as COPY takes them."""

_row_cycles: Callable[[Layer], RowCycles] | None = None


def register_row_cycles(reader: Callable[[Layer], RowCycles]) -> None:
    """Whoever keeps the rules says how rows that are not in the table yet are to be kept up."""
    global _row_cycles
    _row_cycles = reader


def row_cycles(layer: Layer) -> RowCycles | None:
    """The rules in force, read now: what it returns asks the database nothing. None: no rules."""
    return _row_cycles(layer) if _row_cycles is not None else None


Standing = tuple[date | None, UpkeepState]
"""The day the next upkeep is due, and the state that follows."""


def record_upkeep(
    *, layer: Layer, feature_id: int, due_on: date | None, state: UpkeepState
) -> None:
    record_upkeeps(layer, {feature_id: (due_on, state)})


@transaction.atomic
def record_upkeeps(layer: Layer, standings: Mapping[int, Standing]) -> None:
    """One statement, however many features."""
    declare_writer()
    statement = sql.SQL(
        """
        UPDATE {table} SET upkeep_due_on = wanted.due_on, upkeep_state = wanted.state
        FROM unnest(%s::bigint[], %s::date[], %s::text[]) AS wanted (id, due_on, state)
        WHERE {table}.id = wanted.id
        """
    ).format(table=sql.Identifier(layer.table))
    days = [due_on for due_on, _state in standings.values()]
    states = [state.value for _due_on, state in standings.values()]
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(standings), days, states])


@transaction.atomic
def refresh_states(layer: Layer, day: date, cycle: Cycle = NO_CYCLE) -> int:
    """Let time pass: ok becomes due, due becomes overdue. Returns the number of rows changed.

    Where the cycle is unknown a row is due WARNING_DAYS ahead (LEAST skips NULL).
    """
    declare_writer()
    statement = sql.SQL(
        """
        UPDATE {table} SET upkeep_state = reckoned.state
        FROM (SELECT id, CASE WHEN upkeep_due_on < %(day)s::date THEN 'overdue'
                              WHEN upkeep_due_on
                                   <= %(day)s::date + LEAST(%(warning)s, {cycle} / 3) THEN 'due'
                              ELSE 'ok' END AS state
              FROM {table}
              WHERE upkeep_due_on IS NOT NULL AND upkeep_state <> 'defective') AS reckoned
        WHERE {table}.id = reckoned.id AND {table}.upkeep_state <> reckoned.state
        """
    ).format(table=sql.Identifier(layer.table), cycle=cycle.expression)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**cycle.values, "day": day, "warning": WARNING_DAYS})
        return int(cursor.rowcount)


@transaction.atomic
def schedule_rows(layer: Layer, day: date, cycle: Cycle, *, changeset_id: int | None = None) -> int:
    """Give rows without a due day their first one, a cycle from `day`; returns how many got one.

    Only the rows of one changeset where it is given: what a load brought. A due day that came
    with the row stays.
    """
    declare_writer()
    statement = sql.SQL(
        """
        UPDATE {table} SET upkeep_state = 'ok', upkeep_due_on = %(day)s::date + {cycle}
        WHERE upkeep_state = 'none' AND upkeep_due_on IS NULL AND {cycle} IS NOT NULL
          AND (%(changeset)s::bigint IS NULL OR changeset_id = %(changeset)s)
        """
    ).format(table=sql.Identifier(layer.table), cycle=cycle.expression)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**cycle.values, "day": day, "changeset": changeset_id})
        return int(cursor.rowcount)
