"""Runs a tile's statements and returns its bytes, with a tag that changes when they do."""

import hashlib
from collections.abc import Callable, Collection
from typing import Any, NamedTuple, TypeVar

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import QueryCanceled

from layers.access import policy
from layers.access.policy import Actor
from layers.errors import Busy, NotFound
from layers.registry import layer_named
from tiles import statements
from tiles.coordinates import DEEPEST, Tile
from tiles.drawing import DRAWN_BY
from tiles.overview.reading import TileReading
from tiles.rule import Kind, kind_of
from tiles.statements import REFERENCES, Statement

TIME_LIMIT_MS = 20_000
RETRY_AFTER_S = 10

T = TypeVar("T")


class Served(NamedTuple):
    """A tile's tag, and its MVT: empty where there is nothing to see, None where it is known."""

    tag: str
    body: bytes | None


class Standing(NamedTuple):
    """What is known of a tile before it is drawn. Without a version its bytes are its tag."""

    kind: Kind
    version: int | None


def serve(name: str, tile: Tile, user: Actor, known: Collection[str] = ()) -> Served:
    """One tile for one reader. A tile whose tag is among the `known` is not drawn.

    Raises NotFound for an unknown layer or a tile that does not exist, Busy on the time limit.
    """
    if not tile.exists:
        raise NotFound(_("There is no such tile; zooms are 0 to %(most)d.") % {"most": DEEPEST})
    if name in REFERENCES:
        return by_bytes(within_time(lambda: one_row(statements.reference(name, tile))[0]), known)
    layer = layer_named(name)
    scope = policy.scope(user)
    if scope.empty:
        return by_bytes(b"", known)
    reading = TileReading(layer, tile, scope)
    return within_time(lambda: _serve(reading, known))


def _serve(reading: TileReading, known: Collection[str]) -> Served:
    found = standing(reading)
    if found.version is not None and (tag := _tag(reading, found.version)) in known:
        return Served(tag, None)
    version, body = one_row(statements.drawing(reading, found.kind))
    if version is None:
        return by_bytes(body, known)
    # The version that was read with the bytes, not the one of a moment before.
    return Served(_tag(reading, version), bytes(body))


def standing(reading: TileReading) -> Standing:
    """How the tile is to be drawn, and which version it has now."""
    count, own, ring = one_row(statements.standing(reading))
    kind = kind_of(reading.tile, count)
    if own is None or ring is None:
        return Standing(kind, None)
    return Standing(kind, own if kind is Kind.CELLS else own ^ ring)


def _tag(reading: TileReading, version: int) -> str:
    """The scope is in it: what one reader has is never taken for what another may see."""
    said = (DRAWN_BY, reading.layer.name, reading.layer.classify, reading.scope.prefixes, version)
    return _digest(repr(said).encode())


def by_bytes(body: bytes, known: Collection[str]) -> Served:
    tag = _digest(bytes(body))
    return Served(tag, None if tag in known else bytes(body))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def within_time(read: Callable[[], T]) -> T:
    """Reads within the time limit, in one process: starting two more takes longer than a tile."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true),"
                " set_config('max_parallel_workers_per_gather', '0', true)",
                [str(TIME_LIMIT_MS)],
            )
            return read()
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise Busy(
            _("This tile takes too long to draw."),
            remedy=_("Zoom in, or try again in some seconds."),
            detail={"retry_after": RETRY_AFTER_S},
        ) from error


def one_row(statement: Statement) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.values)
        row: tuple[Any, ...] = cursor.fetchone()
    return row
