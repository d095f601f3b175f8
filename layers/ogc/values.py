"""Statements with the values they bind; built by pure functions, run by items.py."""

from dataclasses import dataclass, field
from typing import Any

from psycopg2 import sql

from layers.access.policy import Scope


@dataclass
class Values:
    """Gathers bound values while a statement is composed, and names them."""

    named: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any) -> sql.Placeholder:
        name = f"v{len(self.named)}"
        self.named[name] = value
        return sql.Placeholder(name)

    def scope(self, scope: Scope, column: str) -> sql.Composable:
        """The policy's condition; `column` is ours, never a user's."""
        text, bound = scope.sql(column)
        pieces = text.split("%s")
        parts: list[sql.Composable] = [sql.SQL(pieces[0])]
        for value, piece in zip(bound, pieces[1:], strict=True):
            parts += [self.bind(value), sql.SQL(piece)]
        return sql.Composed(parts)


@dataclass(frozen=True, slots=True)
class Statement:
    """`walks`: it is written to be read along an index. The planner, which takes each span for a
    two-hundredth of the table, would gather bitmaps of whole counties for it."""

    text: sql.Composable
    values: dict[str, Any]
    walks: bool = False


def all_of(conditions: list[sql.Composable]) -> sql.Composable:
    return sql.SQL(" AND ").join(conditions) if conditions else sql.SQL("TRUE")
