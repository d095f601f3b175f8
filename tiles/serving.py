"""Runs a tile's statements and returns its bytes."""

from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import QueryCanceled

from layers.access import policy
from layers.access.policy import Actor
from layers.errors import Busy, NotFound
from layers.registry import layer_named
from tiles import statements
from tiles.coordinates import DEEPEST, Tile
from tiles.statements import RAW_LIMIT, REFERENCES, Statement

TIME_LIMIT_MS = 20_000
RETRY_AFTER_S = 10


def tile_bytes(name: str, tile: Tile, user: Actor) -> bytes:
    """The MVT of one tile for one reader; empty where there is nothing to see.

    Raises NotFound for an unknown layer or a tile that does not exist, Busy on the time limit.
    """
    if not tile.exists:
        raise NotFound(_("There is no such tile; zooms are 0 to %(most)d.") % {"most": DEEPEST})
    if name in REFERENCES:
        return bytes(_limited(lambda: _value(statements.reference(name, tile))))
    layer = layer_named(name)
    scope = policy.scope(user)
    if scope.empty:
        return b""

    def read() -> Any:
        if _value(statements.probe(layer, tile, scope)) > RAW_LIMIT:
            return _value(statements.grouped(layer, tile, scope))
        return _value(statements.raw(layer, tile, scope))

    return bytes(_limited(read))


def _limited(read: Callable[[], Any]) -> Any:
    """Reads within the time limit. Each tile is one statement, so one snapshot."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(TIME_LIMIT_MS)])
            return read()
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise Busy(
            _("This tile takes too long to draw."),
            remedy=_("Zoom in, or try again in some seconds."),
            detail={"retry_after": RETRY_AFTER_S},
        ) from error


def _value(statement: Statement) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.values)
        row = cursor.fetchone()
    return row[0] if row else b""
