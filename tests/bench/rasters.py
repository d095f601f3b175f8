"""Raster tiles, beside the decoding of one block and the encoding of one picture, and titiler.

    bin/bench rasters         (BENCH_ROUNDS, 5 by default)

Every tile is one block of a file that the importer made. The bare limit reads that block and its
mask with rasterio from an open dataset and encodes the very same picture with the same settings;
whatever serves a tile has to do that much, unless the block is handed on as it is stored. Each
round opens the files anew, so that GDAL's cache has no block twice, and takes turns tile by tile.

Over HTTP each server answers one connection, one tile after the other; titiler reads the same
files. Everything happens in a scratch database and folder.
"""

import http.client
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisapp.settings")
django.setup()

import numpy as np  # noqa: E402
import rasterio  # noqa: E402
from django.conf import settings  # noqa: E402
from django.http import QueryDict  # noqa: E402
from rasterio.transform import Affine  # noqa: E402
from rasterio.windows import Window  # noqa: E402

from importers.rasters.importing import RasterOptions, import_raster  # noqa: E402
from importers.rasters.registering import Card  # noqa: E402
from layers.models import Division, Raster, RasterKind, User  # noqa: E402
from tests.bench import _scratch, _servers  # noqa: E402
from tiles.coordinates import Tile  # noqa: E402
from tiles.rasters.asking import Asked  # noqa: E402
from tiles.rasters.datasets import POOL  # noqa: E402
from tiles.rasters.drawing import draw  # noqa: E402
from tiles.rasters.encoding import encoded, means_values  # noqa: E402
from tiles.rasters.grid import TILE, block_of  # noqa: E402
from tiles.rasters.serving import TileRequest, drawn  # noqa: E402

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SIDE = 3600
STEP = 0.00001
WEST, NORTH = 109.45, 28.60
MOST_TILES = 40


@dataclass(frozen=True)
class Case:
    """One way to ask; `theirs` is titiler's query for the same, "" where it has none."""

    raster: str
    suffix: str
    query: str = ""
    theirs: str | None = None


CASES = (
    Case("picture", "jpg", theirs=""),
    Case("picture", "webp", theirs=""),
    Case("picture", "png", theirs=""),
    Case("sixteen", "png", theirs="rescale=1000,9000"),
    Case("classes", "png"),
    Case("heights", "png", theirs="rescale=0,1000&colormap_name=terrain"),
    Case("heights", "png", "render=terrain-rgb", theirs="algorithm=terrainrgb"),
    Case("heights", "webp", "render=hillshade", theirs="algorithm=hillshade&buffer=1"),
    Case("heights", "png", "render=slope", theirs="algorithm=slope&buffer=1"),
)


# --- The rasters --------------------------------------------------------------------------------


def sources() -> dict[str, tuple[RasterKind, np.ndarray[Any, Any]]]:
    row, column = np.mgrid[0:SIDE, 0:SIDE]
    waves = np.sin(column / 37) + np.cos(row / 53) + np.sin((row + column) / 190)
    noise = np.random.default_rng(1).normal(0, 9, (3, SIDE, SIDE))
    picture = (waves * 30 + 125 + noise).clip(0, 255).astype("uint8")
    return {
        "picture": (RasterKind.IMAGERY, picture),
        "sixteen": (RasterKind.IMAGERY, picture.astype("uint16") * 32 + 1000),
        "heights": (RasterKind.ELEVATION, (waves * 150 + 500).astype("float32")[np.newaxis]),
        "classes": (RasterKind.THEMATIC, ((waves * 3 + 10) % 9).astype("uint8")[np.newaxis]),
    }


def make_rasters(folder: Path) -> dict[str, Raster]:
    actor = User.objects.create_superuser("bench-rasters")
    division = Division.objects.get(pk="433124000000")
    made = {}
    for name, (kind, values) in sources().items():
        path = folder / f"{name}.tif"
        profile = {"driver": "GTiff", "crs": "EPSG:4490", "dtype": values.dtype, "tiled": True}
        place = Affine(STEP, 0, WEST, 0, -STEP, NORTH)
        with rasterio.open(
            path, "w", width=SIDE, height=SIDE, count=len(values), transform=place, **profile
        ) as sink:
            sink.write(values)
        card = Card(
            name=name, title=name, kind=kind, division=division, public=True, map_number="–"
        )
        report = import_raster(actor=actor, path=path, card=card, options=RasterOptions())
        assert report.raster is not None
        made[name] = report.raster
        path.unlink()
    return made


def whole_tiles(raster: Raster) -> list[Tile]:
    """Tiles of the finest zoom in which every pixel has a value."""
    with rasterio.open(raster.path) as dataset:
        first = block_of(dataset, raster.max_zoom, Tile(raster.max_zoom, 0, 0))
        found = []
        for row in range(dataset.height // TILE):
            for column in range(dataset.width // TILE):
                window = Window(column * TILE, row * TILE, TILE, TILE)
                if dataset.read_masks(1, window=window).all():
                    found.append(Tile(raster.max_zoom, column - first.column, row - first.row))
    return found[:: max(1, len(found) // MOST_TILES)][:MOST_TILES]


# --- In one process -----------------------------------------------------------------------------


def asked(case: Case, raster: Raster) -> Asked:
    return Asked.of(QueryDict(case.query), raster)


def in_process(case: Case, raster: Raster, tiles: list[Tile]) -> tuple[float, float, int]:
    """Milliseconds a tile: bare and ours, medians over the rounds; and bytes."""
    wish = asked(case, raster)
    exact = means_values(raster, wish)
    with POOL.lent(raster) as dataset:
        pictures = [draw(dataset, raster, tile, wish) for tile in tiles]
        blocks = [block_of(dataset, raster.max_zoom, tile) for tile in tiles]
        masked = dataset.nodata is None
    size = 0
    bare_times, our_times = [], []
    for _round in range(ROUNDS):
        POOL.close()
        with POOL.lent(raster):
            pass  # open, as it is after the first tile
        bare = ours = 0.0
        with rasterio.open(raster.path, sharing=False) as dataset:
            for tile, block, picture in zip(tiles, blocks, pictures, strict=True):
                began = time.perf_counter()
                window = Window(block.column * TILE, block.row * TILE, TILE, TILE)
                dataset.read(window=window)
                if masked:
                    dataset.read_masks(1, window=window)
                encoded(picture, case.suffix, exact=exact)
                between = time.perf_counter()
                size += len(drawn(TileRequest(raster, tile, wish, case.suffix)))
                ours += time.perf_counter() - between
                bare += between - began
        bare_times.append(bare)
        our_times.append(ours)
    scale = 1000 / len(tiles)
    return (
        statistics.median(bare_times) * scale,
        statistics.median(our_times) * scale,
        size // ROUNDS // len(tiles),
    )


# --- Over HTTP ----------------------------------------------------------------------------------


@contextmanager
def connection_to(address: str) -> Iterator[http.client.HTTPConnection]:
    made = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    try:
        yield made
    finally:
        made.close()


def each(address: str, paths: list[str], headers: Callable[[int], dict[str, str]]) -> list[Any]:
    """Milliseconds, status, ETag of each request, on one connection."""
    answers = []
    with connection_to(address) as to:
        for number, path in enumerate(paths):
            began = time.perf_counter()
            to.request("GET", path, headers=headers(number))
            answer = to.getresponse()
            answer.read()
            spent = (time.perf_counter() - began) * 1000
            answers.append((spent, answer.status, answer.headers.get("ETag", "")))
    return answers


def middle(answers: list[Any], status: int) -> float:
    assert all(each[1] == status for each in answers), answers[:3]
    return statistics.median(each[0] for each in answers)


def over_http(
    case: Case, raster: Raster, tiles: list[Tile], ours: str, titiler: str
) -> tuple[float, float, float, float | None]:
    """Medians in ms: ours cold, from the cache, as 304; titiler's."""
    query = f"?{case.query}" if case.query else ""
    paths = [f"/rasters/{raster.name}/{t.z}/{t.x}/{t.y}.{case.suffix}{query}" for t in tiles]
    cold = each(ours, paths, lambda _n: {})
    hits = each(ours, paths, lambda _n: {})
    known = each(ours, paths, lambda n: {"If-None-Match": cold[n][2]})
    theirs = None
    if case.theirs is not None:
        tail = f"?url={quote(str(raster.path))}&{case.theirs}"
        base = "/tiles/WebMercatorQuad"
        paths = [f"{base}/{t.z}/{t.x}/{t.y}.{case.suffix}{tail}" for t in tiles]
        theirs = middle(each(titiler, paths, lambda _n: {}), 200)
    return middle(cold, 200), middle(hits, 200), middle(known, 304), theirs


def main() -> None:
    with tempfile.TemporaryDirectory() as name, _scratch.scratch_database():
        settings.MEDIA_ROOT = Path(name) / "media"
        rasters = make_rasters(Path(name))
        tiles = {name: whole_tiles(raster) for name, raster in rasters.items()}
        print(f"{', '.join(f'{len(found)} tiles of {name}' for name, found in tiles.items())}\n")
        print("| tile | kB | bare, ms | ours, ms | ours / bare |")
        print("|---|---|---|---|---|")
        for case in CASES:
            raster = rasters[case.raster]
            bare, mine, size = in_process(case, raster, tiles[case.raster])
            label = f"{case.raster} .{case.suffix} {case.query}".strip()
            print(
                f"| {label} | {size / 1000:.0f} | {bare:.2f} | {mine:.2f} | {mine / bare:.2f} |",
                flush=True,
            )
        print("\n| tile over HTTP, ms | ours | from the cache | 304 | titiler | titiler / ours |")
        print("|---|---|---|---|---|---|")
        more = {"DATABASE_URL": _servers.django_url(), "MEDIA_ROOT": str(settings.MEDIA_ROOT)}
        with _servers.ours(**more) as ours, _servers.titiler() as titiler:
            for case in CASES:
                raster = rasters[case.raster]
                cold, hit, known, theirs = over_http(
                    case, raster, tiles[case.raster], ours, titiler
                )
                label = f"{case.raster} .{case.suffix} {case.query}".strip()
                peer = "–" if theirs is None else f"{theirs:.1f}"
                ratio = "–" if theirs is None else f"{theirs / cold:.1f}"
                print(
                    f"| {label} | {cold:.1f} | {hit:.1f} | {known:.1f} | {peer} | {ratio} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
