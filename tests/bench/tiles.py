"""Vector tiles: cold, kept and after an edit; beside the bare SQL, static bytes and other servers.

    bin/bench tiles

BENCH_ROWS points (10 million by default), BENCH_LINES road segments (a million) and BENCH_AREAS
areas (200,000, in a layer made for this) in a scratch database; with BENCH_KEEP=1 it stays, and
the next run with the same variable begins with what is there. BENCH_ROUNDS (30) is how often the
densest tile of a zoom is drawn, BENCH_SPREAD (20) how many other tiles are, BENCH_PARTS which parts
run (see PARTS; all by default), BENCH_PAIRS (a million) how many reads after a commit are checked.

Every tile that is measured is decoded by another library, and what it represents is held against
a recount of the table. Cold through the service is its drawing function, scope and all; cold over
HTTP is the same from an emptied cache, compressed. Servers run as bin/serve runs them.
"""

import os
import shutil
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisapp.settings")
django.setup()

import brotli  # noqa: E402

from layers.access import policy  # noqa: E402
from layers.editing import service  # noqa: E402
from layers.editing.request import EditRequest  # noqa: E402
from layers.models import Operation, User  # noqa: E402
from layers.registry.specification import Layer  # noqa: E402
from tests.bench import (  # noqa: E402
    _scratch,
    _servers,
    _tile_areas,
    _tile_bare,
    _tile_data,
    _tile_hits,
    _tile_peers,
    _tile_writes,
)
from tests.bench._tile_http import Browser, account, cookie_of, path_of  # noqa: E402
from tests.bench._tile_samples import Sample, assert_complete, recount, sample  # noqa: E402
from tests.tiles import interleaving  # noqa: E402
from tests.tiles.areas import PLOTS  # noqa: E402
from tiles.coordinates import Tile  # noqa: E402
from tiles.overview.folding import fold  # noqa: E402
from tiles.overview.reading import TileReading  # noqa: E402
from tiles.serving import serve, standing  # noqa: E402
from tiles.statements import REFERENCES  # noqa: E402

ROWS = int(os.environ.get("BENCH_ROWS", "10000000"))
LINES = int(os.environ.get("BENCH_LINES", "1000000"))
PAIRS = int(os.environ.get("BENCH_PAIRS", "1000000"))
AREAS = int(os.environ.get("BENCH_AREAS", "200000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "30"))
SPREAD = int(os.environ.get("BENCH_SPREAD", "20"))
KEEP = os.environ.get("BENCH_KEEP", "") == "1"
EDITS = 5
ZOOMS = range(17)


@dataclass(frozen=True, slots=True)
class Setting:
    """What all parts work with."""

    user: User
    """A viewer of the whole province."""
    editor: User
    steward: User
    cache: Path
    statics: Path


def timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


def spent(times: Sequence[float]) -> str:
    """Best, median and 99th percentile, which of fewer than a hundred is the largest.

    The best tells what it costs where nothing else runs, the others what it did meanwhile.
    """
    ordered = sorted(times)
    last = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    return f"{ordered[0]:.1f} / {statistics.median(ordered):.1f} / {last:.1f}"


def table(*columns: str) -> None:
    print(f"\n| {' | '.join(columns)} |\n{'|---' * len(columns)}|", flush=True)


def row(*cells: object) -> None:
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


@contextmanager
def server(setting: Setting) -> Iterator[str]:
    more = {
        "DATABASE_URL": _servers.django_url(),
        "TILE_CACHE": str(setting.cache),
        "STATIC_ROOT": str(setting.statics),
    }
    with _servers.ours(workers=2, threads=4, **more) as address:
        yield address


# --- Parts --------------------------------------------------------------------------------------


def build(setting: Setting) -> None:
    print(f"load when it began: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    count, seconds = _tile_data.build()
    lines = _tile_data.LINES.rows.count()
    areas = PLOTS.rows.count()
    print(f"{count:,} points, {lines:,} lines, {areas:,} areas")
    print(f"the pyramid of the points built in {seconds:.1f} s")


def drawn(setting: Setting) -> None:
    """Through the service's own function: the densest tile, and a spread of others."""
    for layer in (_tile_data.POINTS, _tile_data.LINES, PLOTS):
        print(f"\n### {layer.name}, drawn (best / median / p99, ms)")
        table("zoom", "features", "drawn", "densest", "others", "kB", "kB br", "unrepresented")
        for zoom in ZOOMS:
            _drawn_row(setting, layer, sample(layer, zoom, SPREAD))
    print("\n### Boundaries, drawn (best / median / p99, ms): the tiles over the densest place")
    table("layer", *(f"z{zoom}" for zoom in ZOOMS[4:13]))
    for name in REFERENCES:
        row(name, *(_boundaries(setting, name, zoom) for zoom in ZOOMS[4:13]))


def _drawn_row(setting: Setting, layer: Layer, found: Sample) -> None:
    def draw(tile: Tile) -> bytes:
        return serve(layer.name, tile, setting.user).body or b""

    densest = found.tiles[0]
    body = draw(densest)
    missing = 0
    for tile in found.tiles:
        each = draw(tile)
        missing += recount(layer, tile) - assert_complete(layer, tile, each)
    reading = TileReading(layer, densest, policy.scope(setting.user))
    how = standing(reading, _tile_bare.standing_row(reading)).how
    times = [timed(lambda: draw(densest)) for _round in range(ROUNDS)]
    others = [timed(lambda t=tile: draw(t)) for _round in range(3) for tile in found.tiles[1:]]
    row(
        found.zoom, f"{found.features:,}", how, spent(times), spent(others) if others else "–",
        f"{len(body) / 1000:.0f}", f"{len(brotli.compress(body, quality=5)) / 1000:.0f}", missing,
    )  # fmt: skip


def _boundaries(setting: Setting, name: str, zoom: int) -> str:
    deepest = sample(_tile_data.POINTS, 12, 0).tiles[0]
    tile = Tile(zoom, deepest.x >> (12 - zoom), deepest.y >> (12 - zoom))
    return spent([timed(lambda: serve(name, tile, setting.user)) for _round in range(5)])


def over_http(setting: Setting) -> None:
    """The densest tile of the points as a browser gets it: cold, kept, known, after an edit."""
    layer = _tile_data.POINTS
    print(f"\n### {layer.name}, over HTTP (best / median / p99, ms): the densest tile of each zoom")
    table("zoom", "cold", "kept", "304", "after an edit", "kB sent")
    with server(setting) as address:
        browser = Browser(address, cookie_of(setting.user))
        _warm(setting, browser, layer)
        for zoom in ZOOMS:
            _http_row(setting, browser, layer, sample(layer, zoom, 0).tiles[0])
        browser.close()
    fold()


def _warm(setting: Setting, browser: Browser, layer: Layer) -> None:
    """Every thread of the server has drawn a tile of each kind: the first statements of a new
    connection to the database take a tenth of a second, and connections are kept for minutes."""
    for zoom in (8, 13, 16):
        path = path_of(layer.name, sample(layer, zoom, 0).tiles[0])
        for _thread in range(8):
            shutil.rmtree(setting.cache, ignore_errors=True)
            browser.get(path)


def _http_row(setting: Setting, browser: Browser, layer: Layer, tile: Tile) -> None:
    path = path_of(layer.name, tile)
    browser.get(path)
    cold = []
    for _round in range(max(5, ROUNDS // 3)):
        shutil.rmtree(setting.cache, ignore_errors=True)
        cold.append(browser.get(path).ms)
    kept = [browser.get(path) for _round in range(ROUNDS)]
    tag = kept[-1].tag
    known = [browser.get(path, known=tag) for _round in range(ROUNDS)]
    assert {each.status for each in kept} == {200}, kept[0].status
    assert {each.status for each in known} == {304}, known[0].status
    row(
        tile.z, spent(cold), spent([each.ms for each in kept]),
        spent([each.ms for each in known]), spent(_edited(setting, browser, layer, tile)),
        f"{len(kept[0].sent) / 1000:.0f}",
    )  # fmt: skip


def _edited(setting: Setting, browser: Browser, layer: Layer, tile: Tile) -> list[float]:
    """Reads right after a commit, by who knows the tile of before; each has the new feature."""
    times = []
    for _edit in range(EDITS):
        before, known = recount(layer, tile), browser.get(path_of(layer.name, tile)).tag
        _tile_in(setting.editor, layer, tile)
        answer = browser.get(path_of(layer.name, tile), known=known)
        times.append(answer.ms)
        assert answer.status == 200, "a tile from before the edit"
        assert assert_complete(layer, tile, answer.body) == before + 1, (tile, before)
    return times


def _tile_in(editor: User, layer: Layer, tile: Tile) -> None:
    """One more feature in the tile, where another one is."""
    low, high = tile.morton_range
    there = layer.rows.filter(morton__range=(low, high)).order_by("morton")[0]
    request = EditRequest(
        uid=uuid.uuid4(),
        layer=layer.name,
        operation=Operation.CREATE,
        geometry={"type": "Point", "coordinates": list(there.geom.coords)},
        properties={
            "category": "household",
            "toilet_type": "three_chamber",
            "division": there.division_id,
        },
    )
    outcome = service.submit(actor=editor, request=request)
    assert outcome.in_the_journal, outcome


def bare(setting: Setting) -> None:
    """Raw tiles beside the statement that nobody can do without."""
    layer = _tile_data.POINTS
    print("\n### Raw tiles beside ST_AsMVT alone (median of the rounds, ms)")
    columns = ("ours", "first", "bare", "filtered", "ours / bare", "ours / filtered")
    table("zoom", "features", *columns)
    for zoom in range(10, 17):
        row(*_tile_bare.compared(layer, zoom, setting.user, ROUNDS))


def hits(setting: Setting) -> None:
    """Requests a second for a kept tile and for a static file of as many bytes."""
    print("\n### Kept tiles beside static files of as many bytes, 8 connections (requests/s)")
    table("tile", "kB", "static", "kept", "kept / static", "304", "304 / static")
    tiles = [sample(_tile_data.POINTS, zoom, 0).tiles[0] for zoom in (6, 10, 14)]
    sizes = {}
    with server(setting) as address:
        browser = Browser(address, cookie_of(setting.user))
        for tile in tiles:
            sizes[tile] = len(browser.get(path_of(_tile_data.POINTS.name, tile)).sent)
        browser.close()
    _tile_hits.write_statics(setting.statics, sizes.values())
    with server(setting) as address:
        for tile, size in sizes.items():
            row(*_tile_hits.compared(address, cookie_of(setting.user), tile, size))


def peers(setting: Setting) -> None:
    """The densest tile of each zoom by other servers; one after the other, deepest zoom first."""
    layer = _tile_data.POINTS
    tiles = {zoom: sample(layer, zoom, 0).tiles[0] for zoom in reversed(ZOOMS)}
    columns: dict[str, dict[int, str]] = {}
    with server(setting) as address:
        browser = Browser(address, cookie_of(setting.user))
        _warm(setting, browser, layer)
        columns["ours"] = {}
        for zoom, tile in tiles.items():
            times = []
            for _round in range(5):
                shutil.rmtree(setting.cache, ignore_errors=True)
                answer = browser.get(path_of(layer.name, tile))
                times.append(answer.ms)
            columns["ours"][zoom] = f"{min(times):.0f} ({len(answer.sent) / 1000:,.0f})"
        browser.close()
    with _tile_peers.view_of(layer):
        for peer in _tile_peers.PEERS:
            if not peer.there:
                print(f"{peer.name}: {peer.program} is not on the PATH, left out")
                continue
            columns[peer.name] = _of_peer(peer, tiles)
    print("\n### Cold over HTTP beside others: ms of the best round (kB sent), the densest tiles")
    table("zoom", *columns)
    for zoom in ZOOMS:
        row(zoom, *(cells[zoom] for cells in columns.values()))


def _of_peer(peer: _tile_peers.Peer, tiles: dict[int, Tile]) -> dict[int, str]:
    """By zoom; tiles above one that took too long hold as much and more: they are not asked for."""
    cells = dict.fromkeys(tiles, "not asked")
    with peer.start() as ask:
        for zoom, tile in tiles.items():
            try:
                ms, size = _tile_peers.measured(ask, tile, 3)
            except _tile_peers.TooLong:
                cells[zoom] = f"> {_tile_peers.LIMIT_S} s"
                break
            cells[zoom] = f"{ms:,.0f} ({size / 1000:,.0f})"
    return cells


def writes(setting: Setting) -> None:
    """Edits by eight at once with and without the pyramid; the fold's rate and lag."""
    layer = _tile_data.POINTS
    seconds = float(os.environ.get("BENCH_WRITE_SECONDS", "10"))
    first = layer.rows.order_by("id").values_list("id", flat=True)[0]
    step = max(64, ROWS // 5_000)
    with_it, without, worst = [], [], []
    with _tile_writes.folding():
        for number in range(0, 6, 2):
            start = first + number * _tile_writes.WRITERS
            with _tile_writes.watched(layer) as behind:
                with_it.append(_tile_writes.writers(setting.editor, seconds, start, step))
            worst.append(behind)
            with _tile_writes.without_triggers(layer):
                start += _tile_writes.WRITERS
                without.append(_tile_writes.writers(setting.editor, seconds, start, step))
    _tile_data.build()
    _tile_writes.report(with_it, without, worst)
    rates = _tile_writes.fold_rate(layer, 10)
    print(f"fold: {statistics.median(rates):,.0f} deltas/s, in folds of {_tile_writes.DELTAS:,}")


def pairs(setting: Setting) -> None:
    """Reads after commits of every kind, by four at once while others fold and recount."""
    began = time.perf_counter()
    found = interleaving.run(setting.steward, writers=4, tiles=400, pairs=PAIRS)
    print(
        f"\n{found.read:,} reads after a commit in {time.perf_counter() - began:,.0f} s, none of a"
        f" tile from before; {found.recounted:,} snapshots recounted, none wrong"
    )
    fold()


PARTS = {
    "build": build,
    "drawn": drawn,
    "http": over_http,
    "bare": bare,
    "hits": hits,
    "peers": peers,
    "writes": writes,
    "pairs": pairs,
}


def main() -> None:
    wanted = [part for part in os.environ.get("BENCH_PARTS", "").split(",") if part] or [*PARTS]
    with (
        _scratch.scratch_database(keep=KEEP),
        tempfile.TemporaryDirectory() as name,
        account("viewer") as user,
        account("planner") as editor,
        account("steward") as steward,
    ):
        began = time.perf_counter()
        _tile_data.fill(ROWS, LINES)
        _tile_areas.register()
        _tile_areas.fill(AREAS)
        _tile_data.settle()
        print(f"data ready after {time.perf_counter() - began:.0f} s", flush=True)
        folder = Path(name)
        setting = Setting(user, editor, steward, folder / "cache", folder / "static")
        setting.statics.mkdir()
        for part in wanted:
            PARTS[part](setting)


if __name__ == "__main__":
    main()
