"""From rules, reports and defects to the state a feature shows."""

from datetime import date

from django.utils import timezone

from gisapp.maintenance.models import Defect
from gisapp.maintenance.schedule import cycle_of, last_done, rules_in_force, tasks_of
from layers.editing.upkeep import (
    record_upkeep,
    refresh_states,
    schedule_rows,
    state_on,
    warning_days,
)
from layers.models import Feature, UpkeepState
from layers.registry import LAYERS, Layer


def has_open_defect(layer: Layer, feature_id: int) -> bool:
    return Defect.objects.filter(
        layer=layer.name, feature_id=feature_id, state=Defect.State.OPEN
    ).exists()


def reckon(layer: Layer, feature: Feature) -> None:
    """Set a feature's due day and state anew from its tasks."""
    done = last_done(layer, [feature.pk]).get(feature.pk, {})
    tasks = tasks_of(feature, rules_in_force(layer), done)
    settle(layer, feature, tasks[0].due_on if tasks else None)


def settle(layer: Layer, feature: Feature, due_on: date | None) -> None:
    """Set a feature's due day, and the state that follows: an open defect goes before any day."""
    if has_open_defect(layer, feature.pk):
        state = UpkeepState.DEFECTIVE
    else:
        tasks = tasks_of(feature, rules_in_force(layer), {})
        cycle = min((task.rule.cycle_days for task in tasks), default=365)
        state = state_on(timezone.localdate(), due_on, warning_days(cycle))
    record_upkeep(layer=layer, feature_id=feature.pk, due_on=due_on, state=state)
    feature.upkeep_due_on, feature.upkeep_state = due_on, state


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
