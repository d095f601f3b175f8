"""County boundaries for checks, and which features lie out of reach of their own."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from psycopg2 import sql
from shapely.geometry.base import BaseGeometry

from layers.checks.rows import rows_of, suspects
from layers.checks.specification import Subject
from layers.checks.window import COUNTY_DIGITS, Window
from layers.divisions import ELSEWHERE_LIMIT_M, METRES_A_DEGREE
from layers.editing.rows import GEOMETRY
from layers.models.division import Division
from layers.registry.specification import Layer

SIMPLER_BY_M = 50
PROVINCE = "430000000000"


@dataclass(frozen=True, slots=True)
class County:
    name: str
    boundary: BaseGeometry


def county_of(division: object) -> str:
    """The county's 12-digit code."""
    return f"{str(division)[:COUNTY_DIGITS]}000000"


def boundaries(codes: Iterable[str]) -> dict[str, County]:
    """Prepared boundaries by code, in one query; codes without one are left out."""
    found = {
        each.code: County(each.name, shapely.from_wkb(bytes(each.boundary.wkb)))
        for each in Division.objects.filter(pk__in=set(codes), boundary__isnull=False)
        if each.boundary
    }
    for county in found.values():
        shapely.prepare(county.boundary)
    return found


def metres_outside(
    boundary: BaseGeometry, shapes: NDArray[np.object_], limit_m: float
) -> NDArray[np.float64]:
    """Roughly how far each shape is from the boundary; 0 for all within the limit."""
    away = np.zeros(len(shapes))
    # Nearer shapes are told apart at the speed of a prepared predicate; the distance decides.
    far = ~shapely.dwithin(boundary, shapes, limit_m / METRES_A_DEGREE * 0.999)
    away[far] = shapely.distance(boundary, shapes[far]) * METRES_A_DEGREE
    away[away <= limit_m] = 0
    return away


@dataclass(frozen=True, slots=True)
class Displaced:
    """A feature over 600 m from its stated county; `county` is None where that has no boundary."""

    index: int
    shape: BaseGeometry
    metres: float
    county: str | None


def displaced(subjects: Sequence[Subject]) -> Iterator[Displaced]:
    """Those of many features, county by county."""
    by_county = defaultdict(list)
    for index, each in enumerate(subjects):
        if each.state.get(GEOMETRY):
            by_county[county_of(each.state["division"])].append(index)
    counties = boundaries(by_county)
    for code, members in by_county.items():
        county = counties.get(code)
        shapes = shapely.from_wkb([str(subjects[index].state[GEOMETRY]) for index in members])
        if county is None:
            away = np.full(len(shapes), np.inf)
        else:
            away = metres_outside(county.boundary, shapes, ELSEWHERE_LIMIT_M)
        for at in np.flatnonzero(away):
            name = county.name if county else None
            yield Displaced(members[at], shapes[at], float(away[at]), name)


def strays(layer: Layer, window: Window) -> Iterator[Subject]:
    """Features with a place that is not surely within reach of their county. The database asks
    whether a boundary drawn wider and simpler meets the place, which is cheap for a constant; of a
    few features the exact boundary is asked at once."""
    placed = sql.SQL("t.geom IS NOT NULL")
    if window.feature_ids is not None:
        return suspects(layer, window, placed, ("division",))
    reach = {code[:COUNTY_DIGITS]: _reach(each.boundary) for code, each in _counties(layer, window)}
    clauses = [sql.SQL("t.county <> ALL({})").format(sql.Literal(list(reach)))]
    for county, area in reach.items():
        clauses.append(
            sql.SQL("(t.county = {} AND NOT ST_Intersects({}::geometry, t.geom))").format(
                sql.Literal(county), sql.Literal(shapely.to_wkb(area, hex=True, include_srid=True))
            )
        )
    outside = sql.SQL("{} AND ({})").format(placed, sql.SQL(" OR ").join(clauses))
    return suspects(layer, window, outside, ("division",))


def _counties(layer: Layer, window: Window) -> list[tuple[str, County]]:
    """Those that rows of the window name."""
    statement = sql.SQL("SELECT DISTINCT t.county FROM {} AS t WHERE {}").format(
        sql.Identifier(layer.table), window.condition("t")
    )
    return sorted(boundaries(county_of(county) for (county,) in rows_of(statement)).items())


def _reach(boundary: BaseGeometry) -> BaseGeometry:
    """All within it is within the limit: simplifying moves a line by no more than its tolerance."""
    tolerance = SIMPLER_BY_M / METRES_A_DEGREE
    wider = boundary.buffer(ELSEWHERE_LIMIT_M / METRES_A_DEGREE - 2 * tolerance, quad_segs=4)
    return shapely.set_srid(wider.simplify(tolerance), 4490)
