"""Invented toilets: households in hamlets, and a public toilet for some 400 of them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.access.personal import seal
from layers.demonstration import upkeep
from layers.demonstration.columns import Columns, constant, decimals, numbered, of_list
from layers.demonstration.county import CountyPlan, days, marked, near, placed, village_columns
from layers.demonstration.ground import MOST
from layers.demonstration.names import GIVEN_NAMES, PREFIX, SURNAMES, committee, village_name
from layers.demonstration.streams import Stream, picked, shares
from layers.registry import LAYERS

BATCH_ROWS = 100_000
HOUSEHOLD_SPREAD_M = 90.0
HOUSEHOLDS_A_PUBLIC_TOILET = 400

SEALED_LIMIT = 50_000
"""Personal fields are sealed one by one, some 15 times the cost of the rest of a row: with more
toilets than this only the first few of every village carry them."""

TYPES = {
    "three_chamber": 0.64,
    "sewer_flush": 0.12,
    "double_urn": 0.06,
    "biogas": 0.05,
    "double_pit": 0.03,
    "separating": 0.02,
    "one_two_chamber": 0.04,
    "bucket": 0.02,
    "open_pit": 0.01,
    "shed": 0.01,
    "public": 0.0,
}
NOT_SANITARY = ("one_two_chamber", "bucket", "open_pit", "shed")
WITH_TANK = ("three_chamber", "double_urn", "biogas", "one_two_chamber")
TANKS = ("brick", "precast", "plastic")
VOLUMES_M3 = {"three_chamber": 2.0, "double_urn": 1.1, "biogas": 8.0, "one_two_chamber": 0.9}
BENEFICIARIES = {"general": 0.72, "out_of_poverty": 0.2, "monitored": 0.03, "low_income": 0.05}
PROBLEMS = ("product", "works", "siting", "use")
RECTIFICATION = {"open": 0.15, "at_once": 0.1, "by_date": 0.25, "done": 0.2, "closed": 0.3}
TREATMENTS = {"sewer": 0.3, "tank_truck": 0.45, "farm_use": 0.25}
EMPTIED_DAYS = 365
CLEANED_DAYS = 1

_NAMES = list(TYPES)
_PUBLIC = _NAMES.index("public")


@dataclass(frozen=True)
class Batch:
    """Rows of one batch: village, number within the village, hamlet, and what decides the rest."""

    village: NDArray[np.int64]
    serial: NDArray[np.int64]
    hamlet: NDArray[np.int64]
    kind: NDArray[np.int64]

    @property
    def public(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.kind == _PUBLIC
        return found

    def is_kind(self, *names: str) -> NDArray[np.bool_]:
        wanted = [_NAMES.index(name) for name in names]
        found: NDArray[np.bool_] = np.isin(self.kind, wanted)
        return found


def sealed_in_village(toilets: int, villages: int) -> int:
    """Up to which number within its village a toilet carries personal data."""
    if toilets <= SEALED_LIMIT:
        return toilets
    return max(1, SEALED_LIMIT // max(villages, 1))


def toilets(plan: CountyPlan, count: int, sealed: int) -> Iterator[Columns]:
    """Village after village, so that neighbours in the map are neighbours on the disk."""
    rng = plan.stream("toilets")
    sizes = rng.lognormal(0, 0.5, len(plan.settlement.villages))
    by_village = shares(count, sizes)
    village = np.repeat(np.arange(len(by_village)), by_village)
    serial = np.arange(count) - np.repeat(np.cumsum(by_village) - by_village, by_village) + 1
    for start in range(0, count, BATCH_ROWS):
        rows = slice(start, start + BATCH_ROWS)
        yield _columns(plan, rng, _batch(plan, rng, village[rows], serial[rows]), sealed)


def _batch(
    plan: CountyPlan, rng: Stream, village: NDArray[np.int64], serial: NDArray[np.int64]
) -> Batch:
    hamlet = plan.hamlets.first[village] + (
        rng.random(len(village)) * plan.hamlets.count[village]
    ).astype(np.int64)
    kind = picked(rng, np.array(list(TYPES.values())), len(village))
    kind[rng.random(len(village)) < 1 / HOUSEHOLDS_A_PUBLIC_TOILET] = _PUBLIC
    return Batch(village, serial, hamlet, kind)


def _columns(plan: CountyPlan, rng: Stream, batch: Batch, sealed: int) -> Columns:
    count = len(batch.village)
    stems = plan.settlement.villages.codes[batch.village]
    return {
        "code": numbered("DEMO-T", stems, batch.serial, 6),
        **village_columns(plan, batch.village),
        **placed(near(plan, rng, plan.hamlets.xy[batch.hamlet], HOUSEHOLD_SPREAD_M)),
        **marked(count),
        **upkeep.drawn(rng, _cycles(batch), plan.diligence, plan.day).columns(plan.day),
        **_building(plan, rng, batch),
        **_problems(rng, batch),
        **_people(plan, rng, batch),
        "personal": _personal(rng, batch, sealed),
    }


def _cycles(batch: Batch) -> NDArray[np.int64]:
    cycles = np.where(batch.is_kind("three_chamber"), EMPTIED_DAYS, upkeep.NO_UPKEEP)
    return np.where(batch.public, CLEANED_DAYS, cycles)


def _building(plan: CountyPlan, rng: Stream, batch: Batch) -> Columns:
    count = len(batch.village)
    old = batch.is_kind(*NOT_SANITARY)
    age = np.where(old, rng.integers(4000, 9000, count), rng.integers(120, 4200, count))
    today = (plan.day - upkeep.EPOCH).days
    typical = np.array([VOLUMES_M3.get(name, 0.0) for name in _NAMES])[batch.kind]
    volume = np.round(typical * (0.75 + 0.75 * rng.random(count)), 1)
    area = np.where(batch.public, 25 + 55 * rng.random(count), 1.6 + 3 * rng.random(count))
    tank = np.where(batch.is_kind(*WITH_TANK), rng.integers(0, len(TANKS), count), len(TANKS))
    return {
        "category": of_list(("household", "public"), batch.public.astype(np.int8)),
        "toilet_type": of_list(_NAMES, batch.kind.astype(np.int8)),
        "tank_type": of_list((*TANKS, ""), tank.astype(np.int8)),
        "completed_on": days(today - age),
        "room_area_m2": decimals(area, 1),
        "tank_volume_m3": decimals(volume, 1, mask=typical == 0),
    }


def _problems(rng: Stream, batch: Batch) -> Columns:
    """Nine in a hundred have had a problem found; the older kinds more often."""
    count = len(batch.village)
    found = rng.random(count) < np.where(batch.is_kind(*NOT_SANITARY), 0.3, 0.07)
    progress = picked(rng, np.array(list(RECTIFICATION.values())), count)
    problem = rng.integers(0, len(PROBLEMS), count)
    return {
        "rectification": of_list(
            (*RECTIFICATION, "none"), np.where(found, progress, len(RECTIFICATION)).astype(np.int8)
        ),
        "problem_class": of_list(
            (*PROBLEMS, ""), np.where(found, problem, len(PROBLEMS)).astype(np.int8)
        ),
    }


def _people(plan: CountyPlan, rng: Stream, batch: Batch) -> Columns:
    count = len(batch.village)
    public = batch.public
    names = plan.settlement.villages.names
    group = [f"{number}组" for number in range(1, MOST + 1)]
    household = picked(rng, np.array(list(BENEFICIARIES.values())), count)
    treatment = picked(rng, np.array(list(TREATMENTS.values())), count)
    funded = ~batch.is_kind(*NOT_SANITARY) & (rng.random(count) < 0.9)
    at_public = np.where(public, batch.village, len(names)).astype(np.int32)
    return {
        "name": of_list([*(f"{PREFIX}{village_name(each)}公厕" for each in names), ""], at_public),
        "keeper": of_list([*(committee(each) for each in names), ""], at_public),
        "village_group": of_list(group, (plan.hamlets.number[batch.hamlet] - 1).astype(np.int8)),
        "beneficiary": of_list(
            (*BENEFICIARIES, ""), np.where(public, len(BENEFICIARIES), household).astype(np.int8)
        ),
        "treatment": of_list(
            (*TREATMENTS, ""), np.where(public, treatment, len(TREATMENTS)).astype(np.int8)
        ),
        "squat_places": pa.array(rng.integers(4, 17, count).astype(np.int16), mask=~public),
        "publicly_funded": pa.array(funded),
    }


def _personal(rng: Stream, batch: Batch, sealed: int) -> pa.Array:
    """Boxes of invented people for the first households of each village, as bytea text."""
    count = len(batch.village)
    chosen = np.flatnonzero((batch.serial <= sealed) & ~batch.public)
    if not len(chosen):
        return constant(None, count).cast(pa.string())
    layer = LAYERS["toilets"]
    boxes: list[str | None] = [None] * count
    draws = rng.integers(0, 1 << 30, (len(chosen), 3))
    for row, draw in zip(chosen.tolist(), draws.tolist(), strict=True):
        box = seal(layer, invented_person(*draw))
        boxes[row] = f"\\x{box.hex()}" if box else None
    return pa.array(boxes, pa.string())


def invented_person(one: int, two: int, three: int) -> dict[str, str]:
    """Someone who cannot exist.

    The region 999999 is no division and the check digit is one more than GB 11643 asks for; no
    telephone number in China begins with 100 0000.
    """
    surname = SURNAMES[one % len(SURNAMES)]
    born = f"{1945 + two % 55}{1 + three % 12:02}{1 + one % 28:02}"
    stem = f"999999{born}{three % 1000:03}"
    return {
        "householder": f"{surname}{GIVEN_NAMES[two % len(GIVEN_NAMES)]}（演示）",
        "id_number": f"{stem}{wrong_check_digit(stem)}",
        "phone": f"1000000{two % 10_000:04}",
    }


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


def check_digit(stem: str) -> str:
    """The check digit of 17 digits (GB 11643-1999: weights 2^(18-i) modulo 11)."""
    total = sum(int(digit) * weight for digit, weight in zip(stem, WEIGHTS, strict=True))
    return CHECK_DIGITS[total % 11]


def wrong_check_digit(stem: str) -> str:
    """A digit that the number must not end with, so that it can be nobody's."""
    return str((int(check_digit(stem).replace("X", "0")) + 1) % 10)
