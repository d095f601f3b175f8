"""Counts and indicators of a zone by county: always within a scope of the policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection
from django.db.models import Q, Sum
from psycopg2 import sql

from layers.access.policy import Scope
from layers.models import ResettlementSite, Road, UpkeepState, WaterWork
from layers.models.feature import NEEDS_WORK
from layers.registry import LAYERS, Layer

COUNTY_DIGITS = 6

# Grouped by the code's first digits, not by the generated column: so it is read from the index
# on (division, upkeep_state) alone.
BY_COUNTY = """
    SELECT left(division, {digits}), upkeep_state, count(*)
    FROM {table} WHERE {condition} GROUP BY 1, 2
"""


@dataclass
class States:
    """Features by upkeep state."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(UpkeepState.values, 0))

    def add(self, state: str, count: int) -> None:
        self.counts[state] += count

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def needing_work(self) -> int:
        return sum(self.counts[state] for state in NEEDS_WORK)

    @property
    def needing_percent(self) -> float:
        return 100 * self.needing_work / self.total if self.total else 0.0

    @property
    def segments(self) -> list[tuple[str, str, str]]:
        """State, start and width in percent of those there are, for a stacked bar."""
        found, start = [], 0.0
        for state, count in self.counts.items():
            width = 100 * count / self.total if count else 0.0
            if width:
                found.append((state, f"{start:.2f}", f"{width:.2f}"))
            start += width
        return found

    @property
    def present(self) -> list[tuple[str, int]]:
        return [(state, count) for state, count in self.counts.items() if count]


Counts = Mapping[str, Mapping[str, States]]
"""`counts[layer][county]`, the county by its six digits."""


def counts_by_county(scope: Scope, layers: Mapping[str, Layer] = LAYERS) -> Counts:
    """One grouped query a layer."""
    condition, values = scope.sql()
    found: dict[str, dict[str, States]] = {name: {} for name in layers}
    if scope.empty:
        return found
    for name, layer in layers.items():
        statement = sql.SQL(BY_COUNTY).format(
            digits=sql.Literal(COUNTY_DIGITS),
            table=sql.Identifier(layer.table),
            condition=sql.SQL(condition),
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            for county, state, count in cursor.fetchall():
                found[name].setdefault(county, States()).add(state, count)
    return found


def summed(states: Mapping[str, States]) -> States:
    result = States()
    for each in states.values():
        for state, count in each.counts.items():
            result.add(state, count)
    return result


def of_counties(counts: Counts) -> dict[str, States]:
    """All layers of each county together."""
    found: dict[str, States] = {}
    for counties in counts.values():
        for county, states in counties.items():
            target = found.setdefault(county, States())
            for state, count in states.counts.items():
                target.add(state, count)
    return found


@dataclass(frozen=True, slots=True)
class Indicators:
    """What the zone's features do for people. Shared road sections count once."""

    relocated_people: int
    road_km: Decimal
    water_people: int


def indicators(scope: Scope) -> Indicators:
    inside = scope.q()
    own_sections = Q(repeated=False) | Q(repeated__isnull=True)
    sites = ResettlementSite.objects.filter(inside).aggregate(total=Sum("people"))
    roads = Road.objects.filter(inside & own_sections).aggregate(total=Sum("length_m"))
    water = WaterWork.objects.filter(inside).aggregate(total=Sum("people_served"))
    metres = roads["total"] or Decimal(0)
    return Indicators(sites["total"] or 0, metres / 1000, water["total"] or 0)
