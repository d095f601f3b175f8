"""Invented water works whose kind, capacity and population agree."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.demonstration import upkeep
from layers.demonstration.columns import Columns, decimals, numbered, of_list
from layers.demonstration.county import (
    CountyPlan,
    chosen_villages,
    days,
    marked,
    near,
    placed,
    village_columns,
)
from layers.demonstration.names import PREFIX, committee, township_office, village_name
from layers.demonstration.streams import Stream, picked


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of works: its share, the people it serves and the capacity it may have (m³/d)."""

    code: str
    share: float
    people: tuple[int, int]
    capacity: tuple[float, float]
    title: str


KINDS = (
    Kind("urban_extension", 0.03, (5_000, 40_000), (500.0, 9_000.0), "城镇管网延伸工程"),
    Kind("over_10000", 0.05, (10_000, 30_000), (1_000.0, 6_000.0), "千吨万人水厂"),
    Kind("over_1000", 0.2, (1_000, 9_999), (100.0, 999.0), "千人供水工程"),
    Kind("over_100", 0.42, (100, 999), (10.0, 99.9), "集中供水工程"),
    Kind("other_central", 0.2, (20, 99), (2.0, 9.9), "小型供水工程"),
    Kind("scattered", 0.1, (3, 19), (0.3, 1.9), "分散供水点"),
)
SOURCES = {"reservoir": 0.25, "river": 0.15, "spring": 0.4, "well": 0.2}
SMALL_SOURCES = {"spring": 0.5, "well": 0.42, "rain": 0.08}
DISINFECTION = ("chlorine_dioxide", "hypochlorite", "ultraviolet", "none")
GRADES = {"met": 0.78, "nearly": 0.17, "unmet": 0.05}
LITRES_A_PERSON = (80, 140)
PEOPLE_A_HOUSEHOLD = 3.4
DAILY_FROM_M3 = 1_000.0
DAILY, MONTHLY = 1, 30


def water_works(plan: CountyPlan, count: int) -> Iterator[Columns]:
    rng = plan.stream("water-works")
    village = chosen_villages(plan, rng, count)
    kind = picked(rng, np.array([each.share for each in KINDS]), count)
    people, capacity = _size(rng, kind)
    cycles = np.where(capacity >= DAILY_FROM_M3, DAILY, MONTHLY)
    stems = np.full(count, plan.county)
    yield {
        "code": numbered("DEMO-W", stems, np.arange(1, count + 1), 5),
        **village_columns(plan, village),
        **placed(near(plan, rng, plan.settlement.villages.xy[village], 600)),
        **marked(count),
        **upkeep.drawn(rng, cycles, plan.diligence, plan.day).columns(plan.day),
        **_service(rng, kind, people, capacity),
        **_quality(plan, rng, kind),
        **_responsibility(plan, rng, kind, village),
    }


def _size(rng: Stream, kind: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """People served, evenly on a logarithmic scale, and the capacity that so many need."""
    fewest = np.array([each.people[0] for each in KINDS])[kind]
    most = np.array([each.people[1] for each in KINDS])[kind]
    people = np.round(fewest * (most / fewest) ** rng.random(len(kind))).astype(np.int64)
    need = people * rng.uniform(*LITRES_A_PERSON, len(kind)) / 1000
    lowest = np.array([each.capacity[0] for each in KINDS])[kind]
    highest = np.array([each.capacity[1] for each in KINDS])[kind]
    return people, np.round(np.clip(need, lowest, highest), 1)


def _service(
    rng: Stream, kind: NDArray[np.int64], people: NDArray[np.int64], capacity: NDArray[np.float64]
) -> Columns:
    small = kind >= len(KINDS) - 2
    names = list(dict.fromkeys([*SOURCES, *SMALL_SOURCES]))
    large_source = picked(rng, np.array(list(SOURCES.values())), len(kind))
    small_source = picked(rng, np.array(list(SMALL_SOURCES.values())), len(kind))
    index = np.array([names.index(each) for each in SMALL_SOURCES])[small_source]
    priced = ~small & (rng.random(len(kind)) < 0.85)
    return {
        "kind": of_list([each.code for each in KINDS], kind.astype(np.int8)),
        "daily_capacity_m3": decimals(capacity, 1),
        "water_source": of_list(names, np.where(small, index, large_source).astype(np.int8)),
        "people_served": pa.array(people),
        "households_served": pa.array(np.maximum(1, people / PEOPLE_A_HOUSEHOLD).astype(np.int64)),
        "natural_villages_served": pa.array(np.maximum(1, people // 130)),
        "water_fee_per_m3": decimals(rng.uniform(1.2, 3.2, len(kind)), 1, mask=~priced),
    }


def _quality(plan: CountyPlan, rng: Stream, kind: NDArray[np.int64]) -> Columns:
    count = len(kind)
    small = kind >= len(KINDS) - 2
    disinfection = np.where(
        small & (rng.random(count) < 0.6), 3, picked(rng, np.array([0.4, 0.4, 0.2, 0.0]), count)
    )
    today = (plan.day - upkeep.EPOCH).days
    tested = ~small | (rng.random(count) < 0.4)
    reliability = np.where(small, rng.uniform(75, 96, count), rng.uniform(90, 99.5, count))
    return {
        "disinfection": of_list(DISINFECTION, disinfection.astype(np.int8)),
        "tested_on": days(today - rng.integers(1, 400, count), mask=~tested),
        "quality_ok": pa.array(rng.random(count) < np.where(small, 0.8, 0.97), mask=~tested),
        "quantity_ok": _graded(rng, count),
        "convenience": _graded(rng, count),
        "reliability_pct": decimals(reliability, 1),
    }


def _graded(rng: Stream, count: int) -> pa.Array:
    return of_list(
        list(GRADES), picked(rng, np.array(list(GRADES.values())), count).astype(np.int8)
    )


def _responsibility(
    plan: CountyPlan, rng: Stream, kind: NDArray[np.int64], village: NDArray[np.int64]
) -> Columns:
    """Three duties: the government's, the authority's, the operator's."""
    count = len(kind)
    county = plan.settlement.territory.name
    villages, townships = plan.settlement.villages, plan.settlement.townships
    large = kind <= 1
    operators = [*map(committee, villages.names), f"{county}农村供水服务中心（演示）"]
    offices = [*map(township_office, townships.names), f"{county}人民政府"]
    office = np.where(large, len(townships), villages.parent[village])
    titles = [
        f"{PREFIX}{village_name(villages.names[at])}{KINDS[of].title}"
        for at, of in zip(village.tolist(), kind.tolist(), strict=True)
    ]
    unmanaged = ~large & (rng.random(count) < 0.03)
    score = np.where(unmanaged, rng.integers(30, 60, count), rng.integers(62, 99, count))
    return {
        "name": pa.array(titles, pa.string()),
        "responsible_government": of_list(offices, office.astype(np.int32)),
        "supervisor": of_list([f"{county}水利局"], np.zeros(count, dtype=np.int8)),
        "operator": of_list(operators, np.where(large, len(villages), village).astype(np.int32)),
        "unmanaged": pa.array(unmanaged),
        "upkeep_score": pa.array(score),
        "built_year": pa.array(plan.day.year - rng.integers(1, 22, count)),
    }
