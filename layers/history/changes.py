"""What changed since a position of the chain: a cursor without gaps, in the order of commits."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg2 import sql

from layers.access.policy import Scope
from layers.history.as_of import SQL
from layers.journal.head import current_head
from layers.registry.specification import Layer
from layers.sql_files import packaged_sql

WINDOW = 10_000
"""Links looked at for one answer: a reader of one village gets an answer as quickly as any."""


@dataclass(frozen=True, slots=True)
class Change:
    """One link: an edit, or a load (of which only layer and changeset are said)."""

    position: int
    kind: str
    layer: str
    feature_id: int | None
    operation: str
    version: int | None
    uid: uuid.UUID | None
    changeset: int
    received_at: datetime
    removed: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """`next` is the position to ask from again; `more` says whether to do so at once.

    The head of the chain is not told: it would count what happens outside the reader's scope.
    """

    changes: tuple[Change, ...]
    next: int
    more: bool


def changes_since(
    position: int, *, scope: Scope, layers: Sequence[Layer], limit: int = 1000
) -> Changes:
    """Changes in the reader's scope after a position, at most `limit`; there may be none of them
    and still more to come."""
    head = current_head().position
    until = min(position + WINDOW, head)
    bound: dict[str, Any] = {
        "since": position,
        "until": until,
        "limit": limit,
        "layers": [layer.name for layer in layers],
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement(scope, layers), bound)
        found = tuple(Change(*row) for row in cursor.fetchall())
    last = found[-1].position if found else position
    if len(found) == limit:
        return Changes(found, last, more=last < head)
    return Changes(found, until, more=True) if until < head else Changes(found, last, more=False)


def _statement(scope: Scope, layers: Sequence[Layer]) -> sql.Composable:
    divisions = [
        sql.SQL("WHEN {} THEN (SELECT t.division FROM {} AS t WHERE t.id = e.feature_id)").format(
            sql.Literal(layer.name), sql.Identifier(layer.table)
        )
        for layer in layers
    ]
    loaded = [
        sql.SQL(
            "l.layer = {} AND EXISTS (SELECT FROM {} AS t"
            " WHERE t.changeset_id = l.changeset_id AND {})"
        ).format(sql.Literal(layer.name), sql.Identifier(layer.table), _inside(scope, "t.division"))
        for layer in layers
    ]
    return sql.SQL(packaged_sql("changes", SQL)).format(
        divisions=sql.SQL(" ").join(divisions),
        inside=_inside(scope, "stands.division"),
        loaded_inside=sql.SQL(" OR ").join(loaded),
    )


def _inside(scope: Scope, column: str) -> sql.Composable:
    condition, bounds = scope.sql(column)
    return sql.SQL(condition.replace("%s", "{}")).format(*map(sql.Literal, bounds))


def as_json(change: Change) -> dict[str, Any]:
    return {
        "position": change.position,
        "kind": change.kind,
        "layer": change.layer,
        "feature_id": change.feature_id,
        "operation": change.operation,
        "version": change.version,
        "uid": str(change.uid) if change.uid else None,
        "changeset": change.changeset,
        "received_at": change.received_at.isoformat(),
        "removed": change.removed,
    }
