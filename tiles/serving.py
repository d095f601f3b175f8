"""Runs a tile's statements and returns its bytes, with a tag that changes when they do."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple, TypeVar

from django.db import OperationalError, connection, transaction
from django.utils.http import parse_etags
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
from tiles.statements import REFERENCES, Statement, Steady

TIME_LIMIT_MS = 20_000
RETRY_AFTER_S = 10

HEADERS = {
    # What a reader sees depends on the account; a copy is asked about each time, so never stale.
    "Cache-Control": "private, no-cache",
    "Vary": "Cookie, Accept-Encoding",
}
"""Of every answer about a tile, besides its tag."""

T = TypeVar("T")
Row = Callable[[Statement | Steady], tuple[Any, ...]]
"""Runs a statement and returns its one row."""


class Served(NamedTuple):
    """A tile's tag, and its MVT: empty where there is nothing to see, None where it is known."""

    tag: str
    body: bytes | None


class Standing(NamedTuple):
    """What is known of a tile before it is drawn: how it is to be drawn, and its tag.

    `how` is a kind of tile, or of lines and areas the first zoom up to which they are drawn.
    Without a tag its bytes are its tag.
    """

    how: Kind | int
    tag: str | None


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


def tile_bytes(name: str, tile: Tile, user: Actor) -> bytes:
    """The MVT of one tile for one reader, whoever knows it already; see `serve`."""
    return serve(name, tile, user).body or b""


def _serve(reading: TileReading, known: Collection[str]) -> Served:
    found = standing(reading, one_row(asking(reading)))
    if found.tag is not None and found.tag in known:
        return Served(found.tag, None)
    return draw(reading, found.how, known, one_row)


def draw(reading: TileReading, how: Kind | int, known: Collection[str], row: Row) -> Served:
    """The tile drawn like that (see Standing), whatever has become of it in between."""
    if isinstance(how, Kind):
        version, body = row(statements.drawing(reading, how))
    else:
        *versions, body = row(statements.bands_drawing(reading, how))
        version = None if None in versions else (how, *versions)
    if version is None:
        return by_bytes(body, known)
    # The version that was read with the bytes, not the one of a moment before.
    return Served(_tag(reading, version), bytes(body))


def asking(reading: TileReading) -> Steady:
    """The statement whose row `standing` reads."""
    if reading.layer.geometry == "point":
        return statements.standing(reading)
    return statements.bands_standing(reading)


def standing(reading: TileReading, row: Sequence[Any]) -> Standing:
    """How the tile is to be drawn, and the tag it has now."""
    if reading.layer.geometry == "point":
        count, own, ring = row
        kind = kind_of(reading.tile, count)
        if own is None or ring is None:
            return Standing(kind, None)
        return Standing(kind, _tag(reading, own if kind is Kind.CELLS else own ^ ring))
    first_zoom, _drawn, *versions = row
    if first_zoom < 0 and not reading.counted:
        return Standing(Kind.GROUPED, None)
    return Standing(
        first_zoom, None if None in versions else _tag(reading, (first_zoom, *versions))
    )


def _tag(reading: TileReading, version: object) -> str:
    """The scope is in it: what one reader has is never taken for what another may see."""
    said = (DRAWN_BY, reading.layer.name, reading.layer.classify, reading.scope.prefixes, version)
    return _digest(repr(said).encode())


def by_bytes(body: bytes, known: Collection[str]) -> Served:
    tag = _digest(bytes(body))
    return Served(tag, None if tag in known else bytes(body))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def tags_in(header: str) -> set[str]:
    """The tags that an If-None-Match names, weak or strong, without their marks.

    >>> sorted(tags_in('"a", W/"b"'))
    ['a', 'b']
    """
    return {tag.removeprefix("W/").strip('"') for tag in parse_etags(header)}


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


def one_row(statement: Statement | Steady) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.values)
        row: tuple[Any, ...] = cursor.fetchone()
    return row
