"""Seeding toilets against the bare COPY of the very same rows, as ratios in one run.

    bin/bench seed            (BENCH_ROWS sets the number of rows, a million by default)

The bare limit is COPY of the preformatted rows into a table that has the columns and nothing else:
no generated columns, no index, no check. Each rung below it adds one thing that the service needs.
Everything happens in a scratch database, in transactions that are rolled back.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import django
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisapp.settings")
django.setup()

from django.db import connection  # noqa: E402

from layers.demonstration import seeding  # noqa: E402
from layers.demonstration.accounts import seeder  # noqa: E402
from layers.demonstration.columns import Columns, constant, csv_chunk  # noqa: E402
from layers.demonstration.progress import Progress  # noqa: E402
from layers.demonstration.scale import Scale  # noqa: E402
from layers.demonstration.toilets import sealed_in_village, toilets  # noqa: E402
from layers.editing.guard import declare_writer  # noqa: E402
from layers.models import Changeset, Toilet  # noqa: E402
from layers.registry import LAYERS  # noqa: E402
from tests.bench import _scratch  # noqa: E402

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "2"))
ORM_ROWS = 20_000
SEED = 1
LAYER = LAYERS["toilets"]


def timed(action: Callable[[], object]) -> float:
    return _scratch.timed(action, ROUNDS)


def batches() -> Iterator[Columns]:
    """The rows that seed_demo would make for so many toilets."""
    request = seeding.Request(Scale.of(ROWS), SEED, timezone.localdate())
    plans = seeding.plans_of(request)
    sealed = sealed_in_village(ROWS, sum(len(plan.settlement.villages) for plan in plans))
    return seeding.rows_of(plans, partial(toilets, sealed=sealed), ROWS)


def preformatted(path: Path) -> list[str]:
    """Write the rows as CSV; returns their columns."""
    names: list[str] = []
    with path.open("wb") as stream:
        for columns in batches():
            marked = {**columns, "changeset_id": constant(1, len(columns["code"]))}
            names = list(marked)
            stream.write(csv_chunk(marked).read())
    return names


def copy(path: Path, table: str, names: list[str]) -> None:
    with connection.cursor() as cursor, path.open("rb") as stream:
        columns = ", ".join(names)
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN (FORMAT csv)", stream, 1 << 18)


def copy_into_like(path: Path, names: list[str], including: str, *, later: bool = False) -> None:
    """COPY into a table like the layer's; with `later`, then build the layer's indexes on it."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_toilet (LIKE {LAYER.table} {including})")
        copy(path, "bench_toilet", names)
        if later:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [LAYER.table])
            for number, (definition,) in enumerate(cursor.fetchall()):
                words = definition.replace(f"public.{LAYER.table} ", "bench_toilet ").split(" ")
                words[words.index("INDEX") + 1] = f"bench_index_{number}"
                cursor.execute(" ".join(words).replace("%", "%%"))


def seed_toilets() -> None:
    """What seed_demo does for the layer: make the rows and load them through the editing floor."""
    progress = Progress(open(os.devnull, "w"))  # noqa: SIM115, PTH123
    seeding.load(seeder(), LAYER, batches(), ROWS, progress)


def insert_by_orm() -> None:
    """The peer that everybody has: Django's bulk_create, 1,000 rows a statement."""
    declare_writer()
    author = seeder()
    changeset = Changeset.objects.create(kind=Changeset.Kind.DEMONSTRATION, author=author)
    Toilet.objects.bulk_create(
        [
            Toilet(
                code=f"ORM-{number}",
                division_id="433124110226",
                geom="SRID=4490;POINT(109.46 28.33)",
                category="household",
                toilet_type="three_chamber",
                demonstration=True,
                changeset=changeset,
            )
            for number in range(ORM_ROWS)
        ],
        batch_size=1000,
    )


def report(seconds: dict[str, float], rows: dict[str, int]) -> None:
    floor = rows["bare COPY"] / seconds["bare COPY"]
    sys.stdout.write(f"{'':44}{'seconds':>9}{'rows/s':>12}{'of bare COPY':>14}\n")
    for name, spent in seconds.items():
        rate = rows[name] / spent
        sys.stdout.write(f"{name:44}{spent:9.1f}{rate:12,.0f}{rate / floor:14.3f}\n")


def main() -> None:
    with _scratch.scratch_database(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "toilets.csv"
        began = time.perf_counter()
        names = preformatted(path)
        made = time.perf_counter() - began
        size = path.stat().st_size
        sys.stdout.write(f"{ROWS:,} toilets, {size / ROWS:.0f} bytes a row as CSV\n")
        like = partial(copy_into_like, path, names)
        without_indexes = "INCLUDING ALL EXCLUDING INDEXES"
        seconds = {
            "making the rows, no database": made,
            "bare COPY": timed(partial(like, "INCLUDING DEFAULTS INCLUDING IDENTITY")),
            "+ generated columns and checks": timed(partial(like, without_indexes)),
            "+ indexes built at the end": timed(partial(like, without_indexes, later=True)),
            "(indexes filled row by row)": timed(partial(like, "INCLUDING ALL")),
            "seed: making, loading, indexes, states": timed(seed_toilets),
            f"(ORM bulk_create, {ORM_ROWS:,} rows)": timed(insert_by_orm),
        }
        rows = dict.fromkeys(seconds, ROWS)
        rows[f"(ORM bulk_create, {ORM_ROWS:,} rows)"] = ORM_ROWS
        report(seconds, rows)


if __name__ == "__main__":
    main()
