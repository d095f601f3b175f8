"""How many kept tiles a second the server hands out, beside static files of as many bytes."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from tests.bench import _servers, _tile_data
from tests.bench._tile_http import Browser, path_of
from tiles.coordinates import Tile

CONNECTIONS = 8
SECONDS = float(os.environ.get("BENCH_HIT_SECONDS", "4"))
TURNS = 3


def write_statics(folder: Path, sizes: Iterable[int]) -> None:
    """Files of random bytes, so that the server does not compress them."""
    for size in sizes:
        (folder / f"bench-{size}.bin").write_bytes(os.urandom(size))


def compared(address: str, cookie: str, tile: Tile, size: int) -> tuple[object, ...]:
    """A row of the table: medians of turns, each of every kind once."""
    path = path_of(_tile_data.POINTS.name, tile)
    browser = Browser(address, cookie)
    tag = [browser.get(path).tag for _warming in range(4)][-1]
    browser.close()
    static = f"{settings.STATIC_URL}bench-{size}.bin"
    asked = {
        "static": (static, "", "200"),
        "kept": (path, "", "200"),
        "known": (path, f"If-None-Match: {tag}\r\n", "304"),
    }
    rates: dict[str, list[float]] = {name: [] for name in asked}
    for _turn in range(TURNS):
        for name, (what, more, status) in asked.items():
            rates[name].append(_rate(address, what, f"Cookie: {cookie}\r\n{more}", status))
    middle = {name: statistics.median(found) for name, found in rates.items()}
    return (
        f"z{tile.z}", f"{size / 1000:.0f}", f"{middle['static']:,.0f}", f"{middle['kept']:,.0f}",
        f"{middle['kept'] / middle['static']:.2f}", f"{middle['known']:,.0f}",
        f"{middle['known'] / middle['static']:.2f}",
    )  # fmt: skip


def _rate(address: str, path: str, headers: str, status: str) -> float:
    """Answers a second, all of which have this status."""
    place = urlsplit(address)
    request = f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\nAccept-Encoding: br\r\n{headers}\r\n"
    command = [sys.executable, "-m", "tests.bench._tile_load", str(place.hostname)]
    command += [str(place.port), str(SECONDS), str(CONNECTIONS)]
    done = subprocess.run(
        command, input=request.encode(), capture_output=True, check=True, cwd=_servers.PROJECT
    )
    found = json.loads(done.stdout)
    assert set(found["statuses"]) == {status}, (path, found)
    return float(found["statuses"][status] / found["seconds"])
