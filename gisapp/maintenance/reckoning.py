"""From rules, reports and defects to the state a feature shows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils import timezone

from gisapp.maintenance.models import Defect
from gisapp.maintenance.schedule import cycle_of, last_done, rules_in_force, tasks_of
from layers.editing.upkeep import (
    Standing,
    record_upkeeps,
    refresh_states,
    schedule_rows,
    state_on,
    warning_days,
)
from layers.models import Feature, UpkeepState
from layers.registry import LAYERS, Layer


def with_open_defect(layer: Layer, feature_ids: Iterable[int]) -> set[int]:
    """Those of the features that have a defect nobody has repaired."""
    found = Defect.objects.filter(
        layer=layer.name, feature_id__in=list(feature_ids), state=Defect.State.OPEN
    )
    return set(found.values_list("feature_id", flat=True))


def reckon(layer: Layer, features: Sequence[Feature]) -> None:
    """Set the features' due days and states anew from their tasks."""
    done = last_done(layer, [feature.pk for feature in features])
    rules = rules_in_force(layer)
    due: dict[int, date | None] = {}
    for feature in features:
        tasks = tasks_of(feature, rules, done.get(feature.pk, {}))
        due[feature.pk] = tasks[0].due_on if tasks else None
    settle(layer, features, due)


def settle(layer: Layer, features: Sequence[Feature], due: Mapping[int, date | None]) -> None:
    """Set due days, and the states that follow: an open defect goes before any day."""
    if not features:
        return
    defective = with_open_defect(layer, due)
    rules, today = rules_in_force(layer), timezone.localdate()
    standings: dict[int, Standing] = {}
    for feature in features:
        state = UpkeepState.DEFECTIVE
        if feature.pk not in defective:
            cycles = [task.rule.cycle_days for task in tasks_of(feature, rules, {})]
            state = state_on(today, due[feature.pk], warning_days(min(cycles, default=365)))
        standings[feature.pk] = (due[feature.pk], state)
        feature.upkeep_due_on, feature.upkeep_state = due[feature.pk], state
    record_upkeeps(layer, standings)


def let_time_pass(day: date | None = None) -> dict[str, int]:
    """Every layer's states as of a day (today): rows changed by layer.

    Features that a newer rule has reached get their first due day.
    """
    today = day or timezone.localdate()
    changed = {}
    for layer in LAYERS.values():
        cycle = cycle_of(layer, today)
        changed[layer.name] = schedule_rows(layer, today, cycle)
        changed[layer.name] += refresh_states(layer, today, cycle)
    return changed
