"""The densest tile of the toilets layer at each zoom: what it costs, beside its bare limit.

    bin/manage seed_demo --features 10000000
    bin/bench tiles           (measures the data the service has; BENCH_ROUNDS, 5 by default)

The bare limit is the count of the tile's features, read from the same index: whoever represents
every feature of the tile exactly has to touch them, unless they were counted beforehand.
"""

import os
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisapp.settings")
django.setup()

from django.db import connection  # noqa: E402

from layers.access.policy import EVERYTHING  # noqa: E402
from layers.registry import LAYERS  # noqa: E402
from tiles import serving, statements  # noqa: E402
from tiles.coordinates import MORTON_ZOOM, Tile  # noqa: E402
from tiles.overview.reading import TileReading  # noqa: E402
from tiles.rule import kind_of  # noqa: E402

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
LAYER = LAYERS["toilets"]
ZOOMS = range(17)


def densest(zoom: int) -> tuple[Tile, int]:
    """The tile with the most features, and how many it has."""
    shift = 2 * (MORTON_ZOOM - zoom)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT morton >> {shift}, count(*) FROM {LAYER.table} WHERE morton IS NOT NULL"
            " GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
        )
        code, count = cursor.fetchone()
    bits = [(code >> place) & 1 for place in range(2 * MORTON_ZOOM)]
    x = sum(bit << place for place, bit in enumerate(bits[0::2]))
    y = sum(bit << place for place, bit in enumerate(bits[1::2]))
    return Tile(zoom, x, y), count


def draw(tile: Tile) -> bytes:
    """The tile as it is served, before compression."""
    reading = TileReading(LAYER, tile, EVERYTHING)
    kind = serving.standing(reading).kind
    with connection.cursor() as cursor:
        statement = statements.drawing(reading, kind)
        cursor.execute(statement.text, statement.values)
        return bytes(cursor.fetchone()[1])


def count(tile: Tile) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {LAYER.table} WHERE morton BETWEEN %s AND %s", tile.morton_range
        )
        return int(cursor.fetchone()[0])


def best(action: Callable[[], object]) -> float:
    """Milliseconds of the quickest round: the others met somebody else's work."""
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def main() -> None:
    print(f"{LAYER.rows.count():,} features, best of {ROUNDS}\n")
    print("| zoom | features | drawn | ms | count alone, ms | ratio | kB |")
    print("|---|---|---|---|---|---|---|")
    for zoom in ZOOMS:
        tile, features = densest(zoom)
        drawn = kind_of(tile, features).value
        spent, bare = best(lambda t=tile: draw(t)), best(lambda t=tile: count(t))
        size = len(draw(tile)) / 1000
        print(
            f"| {zoom} | {features:,} | {drawn} | {spent:.0f} | {bare:.1f} "
            f"| {spent / bare:.1f} | {size:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
