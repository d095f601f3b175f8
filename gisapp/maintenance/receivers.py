"""What upkeep does when something happens elsewhere; connected in MaintenanceConfig.ready."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from gisapp.maintenance.models import Defect, Severity
from gisapp.maintenance.reckoning import reckon, settle
from gisapp.maintenance.schedule import cycle_of, rules_in_force
from layers.editing.upkeep import schedule_rows
from layers.models import Changeset, Edit, Feature, Operation, User
from layers.registry import Layer


def on_feature_edited(layer: Layer, edit: Edit, feature: Feature | None, **_more: Any) -> None:
    """A new feature gets its first due day; a change of what rules look at, another."""
    if feature is None:
        return
    rules = rules_in_force(layer)
    looked_at = {name for rule in rules for name in rule.condition}
    if edit.operation != Operation.UPDATE or looked_at & set(edit.new):
        reckon(layer, feature)


def on_features_loaded(layer: Layer, changeset: Changeset, **_more: Any) -> None:
    schedule_rows(layer, timezone.localdate(), cycle_of(layer), changeset_id=changeset.pk)


def on_defect_found(
    layer: Layer, feature: Feature, actor: User, uid: UUID, description: str, **_more: Any
) -> None:
    """Somebody found a defect outside an upkeep report: it is open from now on."""
    Defect.objects.get_or_create(
        uid=uid,
        defaults={
            "layer": layer.name,
            "feature_id": feature.pk,
            "division": feature.division_id,
            "severity": Severity.MAJOR,
            "description": description[:500],
            "reported_by": actor,
        },
    )
    settle(layer, feature, feature.upkeep_due_on)
