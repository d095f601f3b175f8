"""Invented assets in three classes, paid for by invented projects."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.demonstration import upkeep
from layers.demonstration.columns import Columns, decimals, numbered, of_list, points
from layers.demonstration.county import (
    CountyPlan,
    chosen_villages,
    days,
    marked,
    near,
    village_columns,
)
from layers.demonstration.names import (
    MARK,
    PREFIX,
    SURNAMES,
    committee,
    township_office,
    village_name,
)
from layers.demonstration.streams import Stream, picked


@dataclass(frozen=True, slots=True)
class Sort:
    """A class and subclass: its share, what such an asset is called, how large and how dear."""

    asset_class: str
    subclass: str
    share: float
    title: str
    unit: str
    quantity: tuple[float, float]
    yuan: tuple[float, float]
    programme: str


SORTS = (
    Sort("public", "road", 16, "通组公路", "公里", (0.3, 6), (150e3, 3e6), "道路建设"),
    Sort("public", "irrigation", 8, "灌溉渠道", "公里", (0.2, 5), (80e3, 1.2e6), "农田水利"),
    Sort("public", "water_supply", 9, "蓄水池及管网", "处", (1, 4), (60e3, 1.5e6), "饮水安全"),
    Sort("public", "sanitation", 6, "垃圾收集点", "处", (1, 6), (20e3, 300e3), "人居环境"),
    Sort("public", "education", 2, "教学点改造", "平方米", (80, 900), (100e3, 2e6), "教育"),
    Sort("public", "culture", 4, "文化广场", "平方米", (200, 2000), (60e3, 600e3), "公共服务"),
    Sort("public", "sport", 2, "篮球场", "处", (1, 2), (40e3, 200e3), "公共服务"),
    Sort("public", "health", 3, "村卫生室", "平方米", (60, 200), (80e3, 400e3), "公共服务"),
    Sort("public", "power", 2, "路灯", "盏", (10, 120), (30e3, 400e3), "人居环境"),
    Sort("public", "service", 4, "综合服务中心", "平方米", (150, 800), (200e3, 1.5e6), "公共服务"),
    Sort("operating", "base", 10, "茶叶基地", "亩", (20, 600), (100e3, 3e6), "产业发展"),
    Sort("operating", "processing", 4, "加工车间", "平方米", (200, 3000), (300e3, 5e6), "产业发展"),
    Sort("operating", "tourism", 3, "民宿", "平方米", (200, 1500), (300e3, 4e6), "产业发展"),
    Sort("operating", "commerce", 2, "电商服务站", "处", (1, 1), (50e3, 400e3), "产业发展"),
    Sort("operating", "solar", 4, "村级光伏电站", "千瓦", (50, 500), (300e3, 3e6), "产业发展"),
    Sort("operating", "equity", 4, "合作社股权", "万元", (10, 200), (100e3, 2e6), "产业发展"),
    Sort("household", "base", 10, "到户种苗", "株", (50, 800), (2e3, 20e3), "到户帮扶"),
    Sort("household", "processing", 7, "到户农机", "台", (1, 2), (3e3, 30e3), "到户帮扶"),
)
STATES = {
    "in_use": 0.86,
    "idle": 0.05,
    "inefficient": 0.04,
    "damaged": 0.02,
    "to_dispose": 0.015,
    "disposed": 0.01,
    "scrapped": 0.005,
}
CLOSED = ("disposed", "scrapped")
FUNDS = {"central": 0.5, "province": 0.22, "prefecture": 0.08, "county": 0.12, "other": 0.08}
MODES = ("self", "lease", "contract", "shares", "trust")
UPKEEP_FUNDING = ("fiscal", "collective", "fees", "income")
YEARS_BACK = 9
INSPECTION_DAYS = {"public": 90, "operating": 180, "household": upkeep.NO_UPKEEP}
LIFE_YEARS = 20

_EQUITY = next(index for index, sort in enumerate(SORTS) if sort.subclass == "equity")
_CLASS = np.array([sort.asset_class for sort in SORTS])


def assets(plan: CountyPlan, count: int) -> Iterator[Columns]:
    rng = plan.stream("assets")
    village = chosen_villages(plan, rng, count)
    sort = picked(rng, np.array([each.share for each in SORTS]), count)
    year = plan.day.year - rng.integers(1, YEARS_BACK + 1, count)
    xy = near(plan, rng, plan.settlement.villages.xy[village], 400)
    state = picked(rng, np.array(list(STATES.values())), count)
    yield {
        "code": numbered("DEMO-A", np.full(count, plan.county), np.arange(1, count + 1), 6),
        **village_columns(plan, village),
        "geom": pa.array(points(xy).to_pylist(), pa.string(), mask=sort == _EQUITY),
        **marked(count),
        **_what(plan, rng, village, sort, year),
        "state": of_list(list(STATES), state.astype(np.int8)),
        **upkeep.drawn(rng, _cycles(sort, state), plan.diligence, plan.day).columns(plan.day),
        **_money(plan, rng, sort, year, state),
        **_whose(plan, rng, village, sort),
    }


def _cycles(sort: NDArray[np.int64], state: NDArray[np.int64]) -> NDArray[np.int64]:
    """Days between inspections; a closed entry of the ledger has none."""
    cycles = np.array([INSPECTION_DAYS[each.asset_class] for each in SORTS])[sort]
    return np.where(_closed(state), upkeep.NO_UPKEEP, cycles)


def _closed(state: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.isin(state, [list(STATES).index(name) for name in CLOSED])


def project_name(county: str, year: int, programme: str) -> str:
    """The project that paid for an asset; the project library takes the same name."""
    return f"{PREFIX}{year}年{county}{programme}项目"


def _what(
    plan: CountyPlan,
    rng: Stream,
    village: NDArray[np.int64],
    sort: NDArray[np.int64],
    year: NDArray[np.int64],
) -> Columns:
    names = [village_name(name) for name in plan.settlement.villages.names[village]]
    sorts = [SORTS[index] for index in sort.tolist()]
    least = np.array([each.quantity[0] for each in SORTS])[sort]
    most = np.array([each.quantity[1] for each in SORTS])[sort]
    whole = np.array([each.quantity[0] >= 1 for each in SORTS])[sort]
    quantity = least + (most - least) * rng.random(len(sort))
    county = plan.settlement.territory.name
    first_day = _new_year(year + 1)
    today = (plan.day - upkeep.EPOCH).days
    titled = np.minimum(first_day + rng.integers(0, 300, len(sort)), today)
    return {
        "name": [f"{PREFIX}{at}{of.title}" for at, of in zip(names, sorts, strict=True)],
        "asset_class": of_list([each.asset_class for each in SORTS], sort.astype(np.int8)),
        "subclass": of_list([each.subclass for each in SORTS], sort.astype(np.int8)),
        "quantity": decimals(np.where(whole, np.round(quantity), quantity), 2),
        "quantity_unit": of_list([each.unit for each in SORTS], sort.astype(np.int8)),
        "acquired_year": pa.array(year),
        "titled_on": days(titled, mask=rng.random(len(sort)) < 0.08),
        "handed_over_on": days(np.minimum(titled + 30, today), mask=rng.random(len(sort)) < 0.12),
        "source_project": [
            project_name(county, at, of.programme)
            for at, of in zip(year.tolist(), sorts, strict=True)
        ],
    }


def _new_year(year: NDArray[np.int64]) -> NDArray[np.int64]:
    """1 January of the years, in days since 1970."""
    return (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)


def _money(
    plan: CountyPlan,
    rng: Stream,
    sort: NDArray[np.int64],
    year: NDArray[np.int64],
    state: NDArray[np.int64],
) -> Columns:
    """Value falls in a straight line over twenty years; equity keeps it, closed entries lose it."""
    least = np.array([each.yuan[0] for each in SORTS])[sort]
    most = np.array([each.yuan[1] for each in SORTS])[sort]
    original = np.round(least * (most / least) ** rng.random(len(sort)), -2)
    age = np.where(sort == _EQUITY, 0, plan.day.year - year)
    net = original * np.maximum(0.05, 1 - age / LIFE_YEARS)
    earns = (_CLASS[sort] == "operating") & (state == 0)
    return {
        "fund_source": of_list(
            list(FUNDS), picked(rng, np.array(list(FUNDS.values())), len(sort)).astype(np.int8)
        ),
        "funds_yuan": decimals(original, 2),
        "original_value_yuan": decimals(original, 2),
        "net_value_yuan": decimals(np.where(_closed(state), 0, net), 2),
        "yearly_income_yuan": decimals(
            np.round(original * rng.uniform(0.02, 0.09, len(sort)), -1), 2, mask=~earns
        ),
        "income_distribution": of_list(("", "村集体六成，脱贫户四成"), earns.astype(np.int8)),
    }


def _whose(
    plan: CountyPlan, rng: Stream, village: NDArray[np.int64], sort: NDArray[np.int64]
) -> Columns:
    count = len(sort)
    villages, townships = plan.settlement.villages, plan.settlement.townships
    household = _CLASS[sort] == "household"
    operating = _CLASS[sort] == "operating"
    townships_own = ~household & (rng.random(count) < 0.12)
    level = np.where(household, 2, np.where(townships_own, 0, 1))
    owners = [
        *map(committee, villages.names),
        *map(township_office, townships.names),
        f"农户（{MARK}）",
    ]
    owner = np.where(townships_own, len(villages) + villages.parent[village], village)
    owner = np.where(household, len(owners) - 1, owner).astype(np.int32)
    cooperatives = [f"{village_name(name)}合作社（{MARK}）" for name in villages.names]
    people = [f"{surname}某某" for surname in SURNAMES]
    nobody = len(MODES)
    return {
        "owner_level": of_list(("township", "village", "household"), level.astype(np.int8)),
        "owner": of_list(owners, owner),
        "keeper": of_list(owners, owner),
        "operator": of_list(
            [*cooperatives, ""], np.where(operating, village, len(cooperatives)).astype(np.int32)
        ),
        "operating_mode": of_list(
            (*MODES, ""),
            np.where(operating, rng.integers(0, nobody, count), nobody).astype(np.int8),
        ),
        "keeper_person": of_list(people, rng.integers(0, len(people), count).astype(np.int8)),
        "upkeep_funding": of_list(
            (*UPKEEP_FUNDING, ""),
            np.where(household, len(UPKEEP_FUNDING), rng.integers(0, 4, count)).astype(np.int8),
        ),
    }
