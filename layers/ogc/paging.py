"""Keyset paging: a page ends at a row's keys, and the next one starts after them.

The token is opaque to clients. It says where a page begins, in which order and direction; it holds
nothing but keys of a row that its reader was shown.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from psycopg2 import sql

from layers.ogc.failures import BadParameter
from layers.ogc.properties import Type, read_value
from layers.ogc.values import Values, all_of

LONGEST_TOKEN = 4000


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key; rows without a value come last, in whichever direction."""

    name: str
    expression: sql.Composable
    type: Type
    descending: bool = False
    nullable: bool = True

    def ordering(self, *, backwards: bool) -> sql.Composable:
        down = self.descending != backwards
        nulls = sql.SQL((" NULLS FIRST" if backwards else " NULLS LAST") if self.nullable else "")
        return self.expression + sql.SQL(" DESC" if down else "") + nulls


@dataclass(frozen=True, slots=True)
class Position:
    """The keys of the row that a page begins after; `backwards` for the page before it."""

    keys: tuple[Any, ...]
    backwards: bool = False


def signature(keys: Sequence[Key]) -> str:
    return ",".join(("-" if key.descending else "") + key.name for key in keys)


def token(keys: Sequence[Key], row: str, *, backwards: bool) -> str:
    """`row` is the JSON array of the row's keys as PostgreSQL writes them."""
    content = json.dumps([signature(keys), int(backwards), json.loads(row)], ensure_ascii=False)
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def read_token(text: str, keys: Sequence[Key]) -> Position:
    """Raises BadParameter for a token that was not made by this order of this collection."""
    try:
        if len(text) > LONGEST_TOKEN:
            raise ValueError("longer than any token")
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        order, backwards, row = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if order != signature(keys) or backwards not in (0, 1) or len(row) != len(keys):
            raise ValueError("of another order")
        return Position(
            tuple(_value(key, each) for key, each in zip(keys, row, strict=True)), bool(backwards)
        )
    except (ValueError, TypeError, RecursionError) as error:
        raise BadParameter(
            "token",
            _("This is not the token of a page of this list."),
            remedy=_("Follow the next and prev links; start again without a token."),
        ) from error


def _value(key: Key, text: str | None) -> Any:
    if text is None:
        if not key.nullable:
            raise ValueError("a key without a value")
        return None
    return read_value(key.type, text)


def row_of_keys(keys: Sequence[Key]) -> sql.Composable:
    """The keys of a row as JSON texts that `_value` reads back without loss."""
    return sql.SQL("json_build_array({})").format(sql.SQL(", ").join(map(_as_text, keys)))


def _as_text(key: Key) -> sql.Composable:
    if key.type is Type.TIMESTAMP:
        form = sql.Literal('YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        return sql.SQL("to_char({} AT TIME ZONE 'UTC', {})").format(key.expression, form)
    return sql.SQL("({})::text").format(key.expression)


def ordering(keys: Sequence[Key], *, backwards: bool) -> sql.Composable:
    return sql.SQL(", ").join(key.ordering(backwards=backwards) for key in keys)


def after(keys: Sequence[Key], position: Position, values: Values) -> sql.Composable:
    """The rows behind the position: keys before are equal, the first other one is behind."""
    if not any(key.nullable for key in keys):
        return _row_comparison(keys, position, values)
    bound = [
        sql.SQL("{}::{}").format(values.bind(value), sql.SQL(key.type))
        for key, value in zip(keys, position.keys, strict=True)
    ]
    choices = []
    for index, key in enumerate(keys):
        equal = [
            sql.SQL("{} IS NOT DISTINCT FROM {}").format(keys[before].expression, bound[before])
            for before in range(index)
        ]
        behind = _behind(key, bound[index], position.keys[index], backwards=position.backwards)
        if behind is not None:
            choices.append(sql.SQL("({})").format(all_of([*equal, behind])))
    return sql.SQL("({})").format(sql.SQL(" OR ").join(choices)) if choices else sql.SQL("FALSE")


def _row_comparison(keys: Sequence[Key], position: Position, values: Values) -> sql.Composable:
    """One comparison of rows, which an index answers."""
    return sql.SQL("({}) {} ({})").format(
        sql.SQL(", ").join(key.expression for key in keys),
        sql.SQL("<" if position.backwards else ">"),
        sql.SQL(", ").join(map(values.bind, position.keys)),
    )


def _behind(
    key: Key, bound: sql.Composable, value: Any, *, backwards: bool
) -> sql.Composable | None:
    if value is None:  # last of all: only backwards is anything behind it
        return sql.SQL("{} IS NOT NULL").format(key.expression) if backwards else None
    down = key.descending != backwards
    compared = sql.SQL("{} {} {}").format(key.expression, sql.SQL("<" if down else ">"), bound)
    if backwards or not key.nullable:
        return compared
    return sql.SQL("({} OR {} IS NULL)").format(compared, key.expression)
