"""The “Upkeep” section of a feature's sheet: next task, open defects, history, report form."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gisapp.maintenance.models import UpkeepRecord
from gisapp.maintenance.schedule import last_done, rules_in_force, tasks_of
from gisapp.maintenance.services import may_undo
from gisapp.maintenance.worklist import open_defects
from layers.access import policy
from layers.access.policy import Actor
from layers.access.roles import Action
from layers.models import Feature
from layers.registry import Layer
from layers.sheet import Section

SHOWN = 5


def upkeep(user: Actor, layer: Layer, feature: Feature) -> Section | None:
    if not policy.scope(user).covers(feature.division_id):
        return None
    return Section(_("Upkeep"), "maintenance/section.html", section_context(user, layer, feature))


def section_context(user: Actor, layer: Layer, feature: Feature) -> dict[str, Any]:
    done = last_done(layer, [feature.pk]).get(feature.pk, {})
    records = UpkeepRecord.objects.filter(layer=layer.name, feature_id=feature.pk)
    shown = records.select_related("rule", "author")[:SHOWN]
    return {
        "layer": layer,
        "feature": feature,
        "tasks": tasks_of(feature, rules_in_force(layer), done),
        "defects": open_defects(layer, [feature.pk]).get(feature.pk, []),
        "records": [(record, may_undo(user, record)) for record in shown],
        "may_report": policy.may(user, Action.MAINTAIN, feature.division_id),
    }
