"""Which tasks a feature has, and when each is due next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Max, Q
from django.utils import timezone
from psycopg2 import sql

from gisapp.maintenance import conditions
from gisapp.maintenance.conditions import Cells
from gisapp.maintenance.models import UpkeepRecord, UpkeepRule
from layers.editing.upkeep import NO_CYCLE, Cycle, RowCycles, warning_days
from layers.models import Feature
from layers.registry import Layer

LastDone = Mapping[int | None, date]
"""Day of the last upkeep by rule id; None for upkeep that counts for every rule."""


@dataclass(frozen=True, slots=True)
class Task:
    """One rule of one feature. `last` is the day it was last done, if it ever was."""

    rule: UpkeepRule
    last: date | None
    due_on: date

    @property
    def warning(self) -> int:
        return warning_days(self.rule.cycle_days)


def rules_in_force(layer: Layer, day: date | None = None) -> list[UpkeepRule]:
    on = day or timezone.localdate()
    in_force = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    in_force &= Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    return list(UpkeepRule.objects.filter(in_force, layer=layer.name))


def last_done(layer: Layer, feature_ids: Iterable[int]) -> dict[int, dict[int | None, date]]:
    """The last upkeep of each feature by rule, in one query."""
    found: dict[int, dict[int | None, date]] = defaultdict(dict)
    rows = (
        UpkeepRecord.objects.filter(
            layer=layer.name, feature_id__in=list(feature_ids), undone_at__isnull=True
        )
        .order_by()
        .values_list("feature_id", "rule_id")
        .annotate(last=Max("done_on"))
    )
    for feature_id, rule_id, last in rows:
        found[feature_id][rule_id] = last
    return found


def tasks_of(feature: Feature, rules: Iterable[UpkeepRule], done: LastDone) -> list[Task]:
    """The feature's tasks, the most pressing first.

    A task never done is due one cycle after the feature entered the service.
    """
    entered = timezone.localdate(feature.created_at)
    tasks = []
    for rule in rules:
        if conditions.matches(rule.condition, feature):
            days = [day for day in (done.get(rule.pk), done.get(None)) if day]
            last = max(days) if days else None
            due_on = (last or entered) + timedelta(days=rule.cycle_days)
            tasks.append(Task(rule, last, due_on))
    return sorted(tasks, key=lambda task: (task.due_on, task.rule.cycle_days))


def cycle_of(layer: Layer, day: date | None = None) -> Cycle:
    """The shortest cycle of each row of a layer, as SQL."""
    cases: list[sql.Composable] = []
    values: dict[str, Any] = {}
    for rule in rules_in_force(layer, day):
        condition, bound = conditions.as_sql(rule.condition, f"rule{rule.pk}")
        days = f"rule{rule.pk}_days"
        values |= {**bound, days: rule.cycle_days}
        case = sql.SQL("CASE WHEN {} THEN {}::int END")
        cases.append(case.format(condition, sql.Placeholder(days)))
    if not cases:
        return NO_CYCLE
    return Cycle(sql.SQL("LEAST({})").format(sql.SQL(", ").join(cases)), values)


def row_cycles(layer: Layer, day: date | None = None) -> RowCycles:
    """The shortest cycle of each of the rows that a load is about to bring."""
    rules = rules_in_force(layer, day)

    def read(cells: Cells, count: int) -> pa.Array:
        shortest = pa.nulls(count, pa.int64())
        for rule in rules:
            met = conditions.over_columns(layer, rule.condition, cells, count)
            cycle = pc.if_else(met, pa.scalar(rule.cycle_days, pa.int64()), None)
            shortest = pc.min_element_wise(shortest, cycle)
        return shortest

    return read
