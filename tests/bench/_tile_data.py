"""What the tiles are drawn from: points and lines that lie as the demonstration's do, only more."""

import os
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from typing import IO

from django.db import connection, transaction
from django.utils import timezone

from layers.demonstration import seeding
from layers.demonstration.accounts import seeder
from layers.demonstration.progress import Progress
from layers.demonstration.roads import roads
from layers.demonstration.scale import Scale
from layers.demonstration.toilets import sealed_in_village, toilets
from layers.editing import bulk
from layers.models import Changeset
from layers.registry import LAYERS
from layers.registry.specification import Layer
from tiles.overview.building import rebuild
from tiles.overview.folding import fold, vacuum

POINTS = LAYERS["toilets"]
LINES = LAYERS["roads"]
SEED = 1
FARTHEST_DEG = 0.01
"""How far a copy of a road lies from the road that was invented."""


def fill(points: int, lines: int) -> None:
    """Load what is missing of so many points and some so many lines. Minutes for 10⁷."""
    if not POINTS.rows.exists():
        request = seeding.Request(Scale.of(points), SEED, timezone.localdate())
        plans = seeding.plans_of(request)
        sealed = sealed_in_village(points, sum(len(p.settlement.villages) for p in plans))
        _load(POINTS, seeding.rows_of(plans, partial(toilets, sealed=sealed), points), points)
        _load(LINES, seeding.rows_of(plans, roads, min(lines, 100_000)), lines)
        _copy_lines(lines)
        seeding.analyse([POINTS, LINES])


def settle() -> None:
    """Fold, and clean up: as it is some seconds after a load."""
    fold()
    vacuum()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) tiles_cell")


def build() -> tuple[int, float]:
    """Count the points anew, as `fold_overview --rebuild` does: (features, seconds)."""
    began = time.perf_counter()
    count = rebuild(layer=POINTS.name, table=POINTS.table)
    spent = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) tiles_cell")
    return count, spent


def _load(layer: Layer, batches: Iterator[seeding.Columns], expected: int) -> None:
    progress = Progress(open(os.devnull, "w"))  # noqa: SIM115, PTH123
    with transaction.atomic():
        seeding.load(seeder(), layer, batches, expected, progress)


def _copy_lines(wanted: int) -> None:
    """The invented network is as large as its counties: further roads are copies moved a little."""
    there = LINES.rows.count()
    first = LINES.rows.order_by("id").values_list("id", flat=True)[0]
    for number in range(1, wanted // there):
        with transaction.atomic(), tempfile.TemporaryFile() as file:
            _write_moved(file, number, (first, first + there - 1))


def _write_moved(file: IO[bytes], number: int, ids: tuple[int, int]) -> None:
    columns = [
        field.column
        for field in LINES.model._meta.concrete_fields
        if not field.generated and field.column not in ("id", "changeset_id")
    ]
    moved = {
        "code": f"code || '-{number}'",
        "geom": f"ST_Translate(geom, {number} * {FARTHEST_DEG} / 10 * cos(id),"
        f" {number} * {FARTHEST_DEG} / 10 * sin(id))",
    }
    changeset = Changeset.objects.create(
        kind=Changeset.Kind.DEMONSTRATION, author=seeder(), layer=LINES.name, reason="benchmark"
    )
    selected = ", ".join(moved.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY (SELECT {selected}, {changeset.pk} FROM {LINES.table}"
            f" WHERE id BETWEEN {ids[0]} AND {ids[1]}) TO STDOUT (FORMAT csv)",
            file,
        )
    file.seek(0)
    bulk.load(
        actor=seeder(),
        layer=LINES,
        changeset=changeset,
        columns=[*columns, "changeset_id"],
        chunks=[file],
        expected_rows=ids[1] - ids[0],
    )
