"""Invented roads: a connected network from county roads to the hamlets."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from layers.crs import CGCS2000
from layers.demonstration import network, upkeep
from layers.demonstration.columns import Columns, decimals, of_list
from layers.demonstration.county import CountyPlan, marked
from layers.demonstration.joining import COUNTY, GROUP, TOWNSHIP, VILLAGE, Joined, joined_places
from layers.demonstration.names import PREFIX, SURNAMES, committee, township_office
from layers.demonstration.routes import Routes, route_codes, routed
from layers.demonstration.streams import Stream

ELLIPSOID = Geod(a=6378137.0, rf=298.257222101)
"""CGCS2000's own (GB 22021-2008)."""


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of road: class, use, how it is built (shares by code), widths, and its patrols."""

    admin_class: str
    use: str
    grades: dict[str, float]
    surfaces: dict[str, float]
    widths_m: tuple[float, ...]
    speed_kmh: int
    mqi: float
    patrol_days: int
    letter: str
    title: str


SORTS = (
    Sort(
        "county", "", {"class_2": 0.15, "class_3": 0.55, "class_4": 0.3},
        {"asphalt": 0.7, "cement": 0.3}, (6.5, 7.0, 7.5), 40, 86, 7, "X", "公路",
    ),
    Sort(
        "township", "", {"class_3": 0.2, "class_4": 0.8},
        {"asphalt": 0.35, "cement": 0.62, "simple": 0.03}, (4.5, 5.0, 5.5, 6.0), 30, 83, 14,
        "Y", "公路",
    ),
    Sort(
        "village", "through", {"class_4": 0.85, "unclassified": 0.15},
        {"asphalt": 0.1, "cement": 0.84, "simple": 0.06}, (3.5, 4.0, 4.5), 20, 80, 30,
        "C", "通村路",
    ),
    Sort(
        "village", "group", {"class_4": 0.5, "unclassified": 0.5},
        {"cement": 0.78, "simple": 0.12, "unpaved": 0.1}, (3.0, 3.5), 15, 76, 30,
        "C", "通组路",
    ),
    Sort(
        "special", "industry", {"class_4": 0.5, "unclassified": 0.5},
        {"cement": 0.7, "simple": 0.15, "unpaved": 0.15}, (3.0, 3.5, 4.0), 15, 75, 30,
        "Z", "产业路",
    ),
    Sort(
        "special", "resource", {"unclassified": 1.0},
        {"cement": 0.3, "simple": 0.3, "unpaved": 0.4}, (3.0, 3.5), 15, 70, 30, "Z", "资源路",
    ),
    Sort(
        "special", "tourism", {"class_4": 0.9, "unclassified": 0.1},
        {"asphalt": 0.6, "cement": 0.4}, (4.5, 5.0, 6.0), 20, 84, 30, "Z", "旅游路",
    ),
)  # fmt: skip


def roads(plan: CountyPlan, count: int) -> Iterator[Columns]:
    """At most `count` sections: the trunk first, then what it carries, so that it stays joined."""
    rng = plan.stream("roads")
    joined = joined_places(plan, rng, count)
    if not joined.edges:
        return
    edges = np.array(joined.edges)
    xy = np.array(joined.xy)
    lines = network.meandering(rng, plan.settlement.territory, xy[edges[:, 0]], xy[edges[:, 1]])
    # Straight lines that were not tried against the border (to hamlets) can leave it.
    kept = np.flatnonzero(shapely.covers(plan.settlement.territory.polygon, lines))
    sorts = np.array(joined.sorts)[kept]
    yield _columns(plan, rng, joined, edges[kept], sorts, lines[kept])


def _columns(
    plan: CountyPlan,
    rng: Stream,
    joined: Joined,
    edges: NDArray[np.int64],
    sorts: NDArray[np.int64],
    lines: NDArray[np.object_],
) -> Columns:
    lengths = np.round(lengths_m(lines), 1)
    letters = [SORTS[sort].letter for sort in sorts.tolist()]
    routes = routed(edges.tolist(), letters, lengths)
    codes = route_codes(plan.county, letters, routes.route)
    sections = [f"{number:03}" for number in routes.section.tolist()]
    count = len(edges)
    cycles = np.array([sort.patrol_days for sort in SORTS])[sorts]
    collected = shapely.multilinestrings(lines, indices=np.arange(count))
    wkb = shapely.to_wkb(
        shapely.set_srid(collected, CGCS2000), hex=True, include_srid=True, flavor="extended"
    )
    return {
        "code": [code + section for code, section in zip(codes, sections, strict=True)],
        "route_code": codes,
        "section_no": sections,
        "geom": pa.array(wkb.tolist(), pa.string()),
        "length_m": decimals(lengths, 1),
        "start_stake_km": decimals(routes.start_m / 1000, 3),
        "end_stake_km": decimals((routes.start_m + lengths) / 1000, 3),
        **marked(count),
        **upkeep.drawn(rng, cycles, plan.diligence, plan.day).columns(plan.day),
        **_between(plan, joined, edges, sorts),
        **_built(plan, rng, sorts),
        **_use(rng, edges, sorts),
        **_kept(plan, rng, joined, edges, sorts, routes),
    }


def lengths_m(lines: NDArray[np.object_]) -> NDArray[np.float64]:
    """Lengths in metres on the ellipsoid, all lines at once."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    _azimuth, _back, distance = ELLIPSOID.inv(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
    lengths: NDArray[np.float64] = np.bincount(
        line[1:][same], weights=np.asarray(distance)[same], minlength=len(lines)
    ).astype(np.float64)
    return lengths


def _between(
    plan: CountyPlan, joined: Joined, edges: NDArray[np.int64], sorts: NDArray[np.int64]
) -> Columns:
    """Where a section leads, and the division it belongs to: the county's for county roads."""
    villages, townships = plan.settlement.villages, plan.settlement.townships
    starts = [joined.names[start] for start in edges[:, 0].tolist()]
    ends = [joined.names[end] for end in edges[:, 1].tolist()]
    divisions = []
    for end, sort in zip(edges[:, 1].tolist(), sorts.tolist(), strict=True):
        if sort == COUNTY:
            divisions.append(plan.settlement.territory.code)
        elif sort == TOWNSHIP:
            divisions.append(str(townships.codes[joined.townships[end]]))
        else:
            divisions.append(str(villages.codes[joined.villages[end]]))
    return {
        "division": divisions,
        "name": [
            f"{PREFIX}{start}至{end}{SORTS[sort].title}"
            for start, end, sort in zip(starts, ends, sorts.tolist(), strict=True)
        ],
        "start_name": starts,
        "end_name": ends,
    }


def _built(plan: CountyPlan, rng: Stream, sorts: NDArray[np.int64]) -> Columns:
    count = len(sorts)
    width = np.array(
        [
            SORTS[sort].widths_m[int(draw * len(SORTS[sort].widths_m))]
            for sort, draw in zip(sorts.tolist(), rng.random(count), strict=True)
        ]
    )
    built = plan.day.year - rng.integers(6, 24, count)
    rebuilt = built + rng.integers(4, 12, count)
    again = (rng.random(count) < 0.35) & (rebuilt < plan.day.year)
    mqi = np.clip(
        np.array([sort.mqi for sort in SORTS])[sorts] + again * 4 + rng.normal(0, 7, count), 38, 99
    )
    return {
        "technical_grade": _coded(rng, [sort.grades for sort in SORTS], sorts),
        "surface": _coded(rng, [sort.surfaces for sort in SORTS], sorts),
        "surface_width_m": decimals(width, 2),
        "roadbed_width_m": decimals(width + np.where(width >= 4.5, 1.5, 1.0), 2),
        "lanes": pa.array(np.where(width >= 6, 2, 1)),
        "design_speed_kmh": pa.array(np.array([sort.speed_kmh for sort in SORTS])[sorts]),
        "built_year": pa.array(built),
        "rebuilt_year": pa.array(rebuilt, mask=~again),
        "mqi": decimals(mqi, 1),
        "condition_standard": of_list(
            ("jtg_5210_2018", "jtg_5211_2024"), (rng.random(count) < 0.3).astype(np.int8)
        ),
    }


def _coded(rng: Stream, options: list[dict[str, float]], sorts: NDArray[np.int64]) -> pa.Array:
    """A code drawn for each road from the shares that its sort has."""
    names = list(dict.fromkeys(name for each in options for name in each))
    edges = np.cumsum([[each.get(name, 0.0) for name in names] for each in options], axis=1)
    found = (rng.random(len(sorts))[:, None] >= edges[sorts]).sum(axis=1)
    return of_list(names, np.minimum(found, len(names) - 1).astype(np.int8))


def _use(rng: Stream, edges: NDArray[np.int64], sorts: NDArray[np.int64]) -> Columns:
    count = len(sorts)
    met = np.bincount(edges.ravel())
    ends_here = (met[edges[:, 1]] == 1) & (sorts != COUNTY)
    return {
        "admin_class": of_list([sort.admin_class for sort in SORTS], sorts.astype(np.int8)),
        "use": of_list([sort.use for sort in SORTS], sorts.astype(np.int8)),
        "dead_end": pa.array(ends_here),
        "repeated": pa.array(rng.random(count) < np.where(sorts <= TOWNSHIP, 0.02, 0.0)),
        "all_weather": pa.array(rng.random(count) < np.where(sorts <= VILLAGE, 0.97, 0.8)),
    }


def _kept(
    plan: CountyPlan,
    rng: Stream,
    joined: Joined,
    edges: NDArray[np.int64],
    sorts: NDArray[np.int64],
    routes: Routes,
) -> Columns:
    """County roads by the county's station, township roads by the township, others by villages."""
    villages, townships = plan.settlement.villages, plan.settlement.townships
    keepers = []
    for end, sort in zip(edges[:, 1].tolist(), sorts.tolist(), strict=True):
        if sort == COUNTY:
            keepers.append(f"{plan.settlement.territory.name}农村公路养护站（演示）")
        elif sort == TOWNSHIP:
            keepers.append(township_office(str(townships.names[joined.townships[end]])))
        else:
            keepers.append(committee(str(villages.names[joined.villages[end]])))
    levels = ("县级", "乡级", "村级", "村级", "村级", "村级", "村级")
    by_route = rng.integers(0, len(SURNAMES), int(routes.route.max()) + 1)
    return {
        "keeper": keepers,
        "road_chief": [
            f"{SURNAMES[by_route[route]]}某某（{levels[sort]}路长）"
            for route, sort in zip(routes.route.tolist(), sorts.tolist(), strict=True)
        ],
        "listed_for_upkeep": pa.array(rng.random(len(sorts)) < np.where(sorts < GROUP, 0.97, 0.7)),
    }
