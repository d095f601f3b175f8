"""Invented resettlement sites with households, people, facilities and gaps."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from layers.demonstration import upkeep
from layers.demonstration.columns import Columns, numbered, of_list
from layers.demonstration.county import (
    CountyPlan,
    chosen_villages,
    marked,
    near,
    placed,
    village_columns,
)
from layers.demonstration.names import PREFIX, committee, village_name

URBAN = 0.3
INSPECTION_DAYS = 90
LARGE_PEOPLE = 800
"""The smallest size class: from here on facilities are expected."""

FACILITIES = {
    "has_school": (0.25, 0.85),
    "has_clinic": (0.5, 0.95),
    "has_culture_venue": (0.45, 0.9),
    "has_property_management": (0.3, 0.92),
    "has_workshop": (0.3, 0.8),
}
"""The chance of each below and above that size; what is missing is a gap to be closed."""


def resettlement_sites(plan: CountyPlan, count: int) -> Iterator[Columns]:
    rng = plan.stream("resettlement-sites")
    villages = plan.settlement.villages
    village = chosen_villages(plan, rng, count)
    urban = rng.random(count) < URBAN
    households = np.where(
        urban, 60 + rng.lognormal(4.8, 0.9, count), 8 + rng.lognormal(3.2, 0.7, count)
    ).astype(np.int64)
    people = np.round(households * rng.uniform(3.3, 4.4, count)).astype(np.int64)
    large = people >= LARGE_PEOPLE
    names = [village_name(name) for name in villages.names[village]]
    kinds = np.where(urban, "集中安置区", "安置点")
    jobless = np.floor(households * rng.beta(1, 60, count)).astype(np.int64)
    yield {
        "code": numbered("DEMO-S", np.full(count, plan.county), np.arange(1, count + 1), 4),
        **village_columns(plan, village),
        **placed(near(plan, rng, villages.xy[village], 350)),
        **marked(count),
        **upkeep.drawn(rng, np.full(count, INSPECTION_DAYS), plan.diligence, plan.day).columns(
            plan.day
        ),
        "name": [f"{PREFIX}{name}{kind}" for name, kind in zip(names, kinds, strict=True)],
        "setting": of_list(("rural", "urban"), urban.astype(np.int8)),
        "households": pa.array(households),
        "people": pa.array(people),
        "dwellings": pa.array(households + (rng.random(count) < 0.15)),
        **{
            name: pa.array(rng.random(count) < np.where(large, likely, rare))
            for name, (rare, likely) in FACILITIES.items()
        },
        "zero_employment_households": pa.array(jobless),
        "managing_body": [committee(name) for name in villages.names[village]],
        "completed_year": pa.array(rng.integers(2016, 2021, count)),
    }
