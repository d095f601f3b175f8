"""What the pyramid costs those who write, and how well the fold keeps up with them."""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, connections, transaction

from layers.models import User
from layers.registry.specification import Layer
from tests.bench import _servers
from tiles.overview.folding import fold, vacuum
from tiles.overview.lag import lag
from tiles.overview.watching import look_again, look_away

WRITERS = 8
DELTAS = 10_000
"""A fold begins anew without a pause after so many."""


@dataclass(frozen=True, slots=True)
class Run:
    """What writers did at once: edits a second, and the median of one in ms."""

    rate: float
    middle_ms: float


@dataclass(slots=True)
class Worst:
    """The furthest that the fold was behind."""

    deltas: int = 0
    seconds: float = 0.0


def writers(user: User, seconds: float, first: int, step: int) -> Run:
    """WRITERS processes edit for so long, each other features, all from the same moment on."""
    running = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.bench._tile_writer"),
                *map(str, (user.pk, seconds, first + number, step)),
            ],
            env=_environ(), cwd=_servers.PROJECT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        for number in range(WRITERS)
    ]  # fmt: skip
    for each in running:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n", "a writer could not start"
    for each in running:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    spent = [ms for each in running for ms in json.loads(each.communicate()[0])]
    return Run(len(spent) / seconds, statistics.median(spent))


def _environ() -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": _servers.django_url()}


@contextmanager
def without_triggers(layer: Layer) -> Iterator[None]:
    """The pyramid does not see what the body writes: it has to be built anew afterwards."""
    with transaction.atomic():
        look_away(layer.table)
    try:
        yield
    finally:
        with transaction.atomic():
            look_again(layer.table)


@contextmanager
def folding() -> Iterator[None]:
    """The fold as bin/serve runs it."""
    command = [sys.executable, "manage.py", "fold_overview", "--forever"]
    process = subprocess.Popen(
        command,
        env=_environ(),
        cwd=_servers.PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(5)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def watched(layer: Layer) -> Iterator[Worst]:
    """How far the fold is behind at worst while the body runs, looked at ten times a second."""
    worst, done = Worst(), threading.Event()

    def look() -> None:
        while not done.wait(0.1):
            waiting = lag()
            worst.deltas = max(worst.deltas, waiting.deltas)
            worst.seconds = max(worst.seconds, waiting.seconds)
        connections.close_all()

    looker = threading.Thread(target=look)
    looker.start()
    try:
        yield worst
    finally:
        done.set()
        looker.join()


def fold_rate(layer: Layer, folds: int) -> list[float]:
    """Deltas a second of each fold of DELTAS that come from cells all over the layer.

    Each cell is told of one feature more and of one less, so that the pyramid stays right.
    """
    rates = []
    for _fold in range(folds):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO tiles_cell_delta"
                " (layer, code, county, n_ok, n_due, n_overdue, n_defective, n_none, nonce)"
                " SELECT layer, code, county, change, 0, 0, 0, 0, tiles_nonce()"
                " FROM (SELECT layer, code, county FROM tiles_cell"
                "  WHERE layer = %s AND level = 16 ORDER BY random() LIMIT %s) AS cell,"
                " (VALUES (1), (-1)) AS both_ways (change)",
                [layer.name, DELTAS // 2],
            )
        began = time.perf_counter()
        count = fold()
        rates.append(count / (time.perf_counter() - began))
    vacuum()
    return rates


def report(with_it: list[Run], without: list[Run], worst: list[Worst]) -> None:
    """Medians of the turns, and the furthest behind of all."""
    ours, bare = (statistics.median(each.rate for each in runs) for runs in (with_it, without))
    ours_ms, bare_ms = (
        statistics.median(each.middle_ms for each in runs) for runs in (with_it, without)
    )
    print(f"\n### Edits by {WRITERS} at once, through the editing service (medians of turns)")
    print("\n| | edits/s | one edit, ms |\n|---|---|---|")
    print(f"| with the pyramid's triggers | {ours:.1f} | {ours_ms:.1f} |")
    print(f"| without | {bare:.1f} | {bare_ms:.1f} |")
    print(f"| with / without | {ours / bare:.2f} | {ours_ms / bare_ms:.2f} |")
    deltas, seconds = max(w.deltas for w in worst), max(w.seconds for w in worst)
    print(f"\nThe fold was behind by {deltas:,} deltas and {seconds:.1f} s at most.", flush=True)
