"""Which state of a layer is drawn: as it is, as it was at a moment, or as a plan would make it."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from django.utils import timezone
from psycopg2 import sql

from layers.history.as_of import difference_at, relation_at
from layers.models.plan import Plan
from layers.plans.rehearsal import Effect, rehearse
from layers.registry.specification import Layer
from layers.sql_files import packaged_sql

SQL = Path(__file__).parent / "sql"
DONE = frozenset({Plan.State.APPLIED, Plan.State.WITHDRAWN})
"""A plan that is done with changes nothing any more."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A relation to read in place of the table, and the values it binds by name."""

    relation: sql.Composable
    values: dict[str, Any] = field(default_factory=dict)


class State(Protocol):
    @property
    def day(self) -> date | None:
        """The day whose divisions and zones are shown; None for all there are."""

    def rows(self, layer: Layer) -> Rows: ...

    def difference(self, layer: Layer) -> Rows | None:
        """From what is live: rows (change, division, county, morton, upkeep_state), of which -1
        takes one away and 1 adds one. None where there is none."""


@dataclass(frozen=True, slots=True)
class Present:
    day: date | None = None

    def rows(self, layer: Layer) -> Rows:
        return Rows(sql.Identifier(layer.table))

    def difference(self, layer: Layer) -> Rows | None:
        return None


@dataclass(frozen=True, slots=True)
class Past:
    """Upkeep states are derived, not journalled: they are today's in any past state."""

    moment: datetime

    @property
    def day(self) -> date | None:
        return timezone.localdate(self.moment)

    def rows(self, layer: Layer) -> Rows:
        return Rows(relation_at(layer, self.moment))

    def difference(self, layer: Layer) -> Rows | None:
        return Rows(difference_at(layer, self.moment))


@dataclass(frozen=True)
class Planned:
    """The live rows, and over them what the edits that still fit would make of them.

    What a plan adds has no id yet, and no upkeep: state `none`.
    """

    plan: Plan
    day: date | None = None

    def rows(self, layer: Layer) -> Rows:
        return self._over(layer, "planned") or Rows(sql.Identifier(layer.table))

    def difference(self, layer: Layer) -> Rows | None:
        return self._over(layer, "planned_difference")

    def _over(self, layer: Layer, name: str) -> Rows | None:
        last = {each.feature_id: each for each in self._effects if each.layer == layer.name}
        if not last:
            return None
        made = [_row(each, layer) for each in last.values() if each.after is not None]
        names = {
            "table": sql.Identifier(layer.table),
            "class_column": sql.Identifier(layer.classify),
        }
        planned_rows = sql.SQL(packaged_sql("planned_rows", SQL)).format(**names)
        relation = sql.SQL(packaged_sql(name, SQL)).format(**names, planned_rows=planned_rows)
        return Rows(relation, {"touched": list(last), "planned": json.dumps(made)})

    @cached_property
    def _effects(self) -> list[Effect]:
        """In their order: what the plan makes of a feature in the end is its last effect."""
        if self.plan.state in DONE:
            return []
        return [each for found in rehearse(self.plan).effects.values() for each in found]


def _row(effect: Effect, layer: Layer) -> dict[str, Any]:
    """What a tile shows of a state in the journal's form; nothing personal."""
    state = effect.after or {}
    return {
        "id": effect.feature_id,
        "division": state["division"],
        "name": state.get("name") or "",
        "class": state.get(layer.classify) or "",
        "geom": state.get("geom"),
    }
