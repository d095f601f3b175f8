"""Raw tiles beside the least SQL that makes one: the features of the tile's box as MVT."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

from layers.access import policy
from layers.models import User
from layers.registry.specification import Layer
from tests.bench._tile_http import cookie_of
from tests.bench._tile_samples import raw_tile
from tiles import serving
from tiles.coordinates import BUFFER, EXTENT
from tiles.hits.asking import PerThread
from tiles.overview.reading import TileReading
from tiles.rule import RAW_LIMIT


def standing_row(reading: TileReading) -> Any:
    statement = serving.asking(reading)
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.values)
        return cursor.fetchone()


def compared(layer: Layer, zoom: int, user: User, rounds: int) -> tuple[object, ...]:
    """A row of the table: the fullest raw tile of the zoom, in turns."""
    tile = raw_tile(layer, zoom, RAW_LIMIT)
    reading = TileReading(layer, tile, policy.scope(user))
    features = int(standing_row(reading)[0])
    asking = PerThread()
    session = cookie_of(user).partition("=")[2]

    def known_reader() -> None:
        """As tiles/hits does it: session, epoch of access, count and version, then the tile."""
        answer = asking.get().of_tile(reading, session)
        assert answer.alive
        serving.draw(reading, serving.standing(reading, answer.row).how, (), asking.get().row)

    def plainly(statement: str) -> Callable[[], None]:
        def run() -> None:
            with connection.cursor() as cursor:
                cursor.execute(statement, {**tile._asdict(), "margin": BUFFER / EXTENT})
                cursor.fetchall()

        return run

    with connection.cursor() as cursor:
        # As the service does it: starting two more processes takes longer than a tile.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    bare = _statement(layer)
    actions = (
        known_reader,
        lambda: serving.serve(layer.name, tile, user),
        plainly(bare),
        plainly(f"{bare} WHERE geom IS NOT NULL"),
    )
    # A new connection to the database grows into its memory.
    _in_turns(actions, rounds)
    ours, first, least, filtered = _in_turns(actions, rounds)
    asking.drop()
    return (
        zoom, f"{features:,}", f"{ours:.1f}", f"{first:.1f}", f"{least:.1f}", f"{filtered:.1f}",
        f"{ours / least:.2f}", f"{ours / filtered:.2f}",
    )  # fmt: skip


def _statement(layer: Layer) -> str:
    """As the manual of ST_AsMVT has it."""
    return (
        f"SELECT ST_AsMVT(tile, 'points', {EXTENT}, 'geom', 'id') FROM ("
        f" SELECT id, upkeep_state AS state, NULLIF({layer.classify}, '') AS class,"
        "  CASE WHEN %(z)s >= 13 THEN NULLIF(name, '') END AS name,"
        "  ST_AsMVTGeom(geom_3857, ST_TileEnvelope(%(z)s, %(x)s, %(y)s),"
        f"   {EXTENT}, {BUFFER}, true) AS geom"
        f" FROM {layer.table}"
        " WHERE geom_3857 && ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => %(margin)s)"
        ") AS tile"
    )


def _in_turns(actions: tuple[Callable[[], object], ...], rounds: int) -> list[float]:
    """The median of each in ms, of a run right after another one of the same: they use different
    connections, and a process of the database that has just run has its memory at hand."""
    times: list[list[float]] = [[] for _action in actions]
    for _round in range(rounds):
        for action, found in zip(actions, times, strict=True):
            action()
            began = time.perf_counter()
            action()
            found.append((time.perf_counter() - began) * 1000)
    return [statistics.median(found) for found in times]
