"""Which state of a layer is drawn: as it is, as it was at a moment, or as a plan would make it."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from django.utils import timezone
from psycopg2 import sql

from layers.history.as_of import relation_at
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


@dataclass(frozen=True, slots=True)
class Present:
    day: date | None = None

    def rows(self, layer: Layer) -> Rows:
        return Rows(sql.Identifier(layer.table))


@dataclass(frozen=True, slots=True)
class Past:
    """Upkeep states are derived, not journalled: they are today's in any past state."""

    moment: datetime

    @property
    def day(self) -> date | None:
        return timezone.localdate(self.moment)

    def rows(self, layer: Layer) -> Rows:
        return Rows(relation_at(layer, self.moment))


@dataclass(frozen=True, slots=True)
class Planned:
    """The live rows, and over them what the edits that still fit would make of them.

    What a plan adds has no id yet, and no upkeep: state `none`.
    """

    plan: Plan
    day: date | None = None

    def rows(self, layer: Layer) -> Rows:
        last = self._last_effects(layer)
        if not last:
            return Rows(sql.Identifier(layer.table))
        touched = list(last)
        made = [_row(each, layer) for each in last.values() if each.after is not None]
        relation = sql.SQL(packaged_sql("planned", SQL)).format(
            table=sql.Identifier(layer.table), class_column=sql.Identifier(layer.classify)
        )
        return Rows(relation, {"touched": touched, "planned": json.dumps(made)})

    def _last_effects(self, layer: Layer) -> dict[int, Effect]:
        """What the plan makes of each feature in the end."""
        if self.plan.state in DONE:
            return {}
        effects = (each for found in rehearse(self.plan).effects.values() for each in found)
        return {each.feature_id: each for each in effects if each.layer == layer.name}


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
