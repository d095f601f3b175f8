"""Makes the demonstration data: seats, five layers, and what contributors add. All or nothing."""

import itertools
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import IO, TextIO, TypeVar

import numpy as np
from django.db import connection, transaction
from psycopg2 import sql

from layers.demonstration import ground, seats, upkeep
from layers.demonstration.accounts import seeder
from layers.demonstration.assets import assets
from layers.demonstration.columns import Columns, constant, csv_chunk
from layers.demonstration.contributors import Seeding, contributors
from layers.demonstration.county import CountyPlan, Generator
from layers.demonstration.progress import Progress
from layers.demonstration.resettlement_sites import resettlement_sites
from layers.demonstration.roads import roads
from layers.demonstration.scale import Scale
from layers.demonstration.seats import Settlement
from layers.demonstration.streams import shares, stream
from layers.demonstration.territory import member_counties, territories
from layers.demonstration.toilets import sealed_in_village, toilets
from layers.demonstration.water_works import water_works
from layers.editing import bulk
from layers.models.access import User
from layers.models.division import Division
from layers.models.journal import Changeset
from layers.registry import LAYERS, Layer

SEAT_SOURCE = "demonstration"
DEFAULT_SEED = 20_220_501

HOME_COUNTY = "433124000000"
HOME_FACTOR = 3.0
"""花垣县, where the demonstration accounts work, gets more than its share."""


@dataclass(frozen=True)
class Request:
    """What to make: the numbers, the seed, the day that counts as today, and which counties."""

    scale: Scale
    seed: int
    day: date
    counties: tuple[str, ...] = field(default_factory=member_counties)


def anything_there() -> bool:
    """Whether a layer has rows or demonstration data is there; looks at one row of each."""
    return (
        any(layer.rows.exists() for layer in LAYERS.values())
        or Division.objects.filter(seat_source=SEAT_SOURCE).exists()
    )


@transaction.atomic
def seed(request: Request, output: TextIO) -> dict[str, int]:
    """Returns the number of rows by layer and by what contributors made."""
    actor = seeder()
    plans = plans_of(request)
    store_seats([plan.settlement for plan in plans])
    scale = request.scale
    sealed = sealed_in_village(scale.toilets, sum(len(p.settlement.villages) for p in plans))
    layers: dict[str, tuple[Generator, int]] = {
        "resettlement-sites": (resettlement_sites, scale.resettlement_sites),
        "roads": (roads, scale.roads),
        "water-works": (water_works, scale.water_works),
        "assets": (assets, scale.assets),
        "toilets": (partial(toilets, sealed=sealed), scale.toilets),
    }
    progress = Progress(output)
    made = {
        name: load(actor, LAYERS[name], rows_of(plans, generator, count), count, progress)
        for name, (generator, count) in layers.items()
    }
    seeding = Seeding(actor, request.seed, request.day, request.counties, progress.say)
    for contributor in contributors():
        made.update(contributor.seed(seeding))
    return made


def plans_of(request: Request) -> list[CountyPlan]:
    named = _names(request.counties)
    plans = []
    for territory in territories(request.counties):
        townships, villages = named[territory.county]
        settlement = seats.settled(
            stream(request.seed, "seats", territory.county), territory, townships, villages
        )
        plans.append(
            CountyPlan(
                settlement,
                ground.hamlets(stream(request.seed, "hamlets", territory.county), settlement),
                upkeep.diligence(stream(request.seed, "diligence", territory.county)),
                request.seed,
                request.day,
            )
        )
    return plans


def _names(counties: tuple[str, ...]) -> dict[str, tuple[seats.Named, seats.Named]]:
    """Townships and villages of each county (six digits), in the order of codes."""
    found: dict[str, tuple[seats.Named, seats.Named]] = {
        county[:6]: ([], []) for county in sorted(counties)
    }
    rows = (
        Division.objects.filter(level__in=[Division.Level.TOWNSHIP, Division.Level.VILLAGE])
        .order_by("code")
        .values_list("code", "name", "level")
    )
    for code, name, level in rows:
        if code[:6] in found:
            found[code[:6]][level == Division.Level.VILLAGE].append((code, name))
    return found


def store_seats(settlements: Iterable[Settlement]) -> None:
    """Seats of townships and villages; one that is not of demonstration is left as it is."""
    codes, longitudes, latitudes = [], [], []
    for settlement in settlements:
        for places in (settlement.townships, settlement.villages):
            codes += places.codes.tolist()
            longitudes += places.xy[:, 0].tolist()
            latitudes += places.xy[:, 1].tolist()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE layers_division
            SET seat = ST_SetSRID(ST_MakePoint(new.x, new.y), 4490), seat_source = %s
            FROM unnest(%s::text[], %s::float8[], %s::float8[]) AS new (code, x, y)
            WHERE layers_division.code = new.code
              AND (layers_division.seat IS NULL OR layers_division.seat_source = %s)
            """,
            [SEAT_SOURCE, codes, longitudes, latitudes, SEAT_SOURCE],
        )


def rows_of(plans: list[CountyPlan], generator: Generator, count: int) -> Iterator[Columns]:
    """All batches of a layer, county after county, shared out by the number of villages."""
    weights = [
        len(plan.settlement.villages)
        * (HOME_FACTOR if plan.settlement.territory.code == HOME_COUNTY else 1.0)
        for plan in plans
    ]
    by_county = shares(count, np.array(weights, dtype=np.float64))
    for plan, number in zip(plans, by_county.tolist(), strict=True):
        if number:
            yield from generator(plan, number)


def load(
    actor: User, layer: Layer, batches: Iterator[Columns], expected: int, progress: Progress
) -> int:
    changeset = Changeset.objects.create(
        kind=Changeset.Kind.DEMONSTRATION,
        reason="演示数据",
        author=actor,
        layer=layer.name,
        source_name="seed_demo",
    )
    first = next(batches, None)
    if first is None:
        return 0
    count = bulk.load(
        actor=actor,
        layer=layer,
        changeset=changeset,
        columns=[*first, "changeset_id"],
        chunks=progress.counted(_chunks(first, batches, changeset), layer.name, expected),
        expected_rows=expected,
    )
    progress.say(f"  {layer.name}: {count:,} rows")
    return count


def _chunks(
    first: Columns, others: Iterator[Columns], changeset: Changeset
) -> Iterator[tuple[int, IO[bytes]]]:
    def chunk(columns: Columns) -> tuple[int, IO[bytes]]:
        rows = len(columns["code"])
        return rows, csv_chunk({**columns, "changeset_id": constant(changeset.pk, rows)})

    return ahead(map(chunk, itertools.chain([first], others)))


Item = TypeVar("Item")


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The items, the next of which is made in a thread while one is being used.

    So one core makes rows while the database takes the rows before; making them asks the database
    nothing.
    """
    with ThreadPoolExecutor(max_workers=1) as maker:
        coming = maker.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = maker.submit(next, items, None)
            yield item


def analyse(layers: Iterable[Layer]) -> None:
    """Tell the planner what is there now, and mark pages as visible to all where that can be.

    Index-only scans (counts, grouped tiles) need the visibility map, which VACUUM alone makes, and
    VACUUM cannot run inside a transaction.
    """
    command = "ANALYZE {table}" if connection.in_atomic_block else "VACUUM (ANALYZE) {table}"
    with connection.cursor() as cursor:
        for layer in layers:
            cursor.execute(sql.SQL(command).format(table=sql.Identifier(layer.table)))
