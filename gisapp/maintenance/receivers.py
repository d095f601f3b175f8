"""What upkeep does when something happens elsewhere; connected in MaintenanceConfig.ready."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from gisapp.maintenance.models import Defect, Severity
from gisapp.maintenance.reckoning import reckon, settle
from gisapp.maintenance.schedule import cycle_of, rules_in_force
from layers.editing.upkeep import schedule_rows
from layers.models import Changeset, Edit, Feature, User
from layers.registry import Layer


def on_features_edited(
    layer: Layer, edits: Sequence[tuple[Edit, Feature | None]], **_more: Any
) -> None:
    """A new feature gets its first due day; a change of what rules look at, another."""
    looked_at = {name for rule in rules_in_force(layer) for name in rule.condition}
    concerned = {
        feature.pk: feature
        for edit, feature in edits
        if feature is not None and (edit.version == 1 or not edit.old or looked_at & set(edit.new))
    }
    reckon(layer, list(concerned.values()))


def on_features_loaded(
    layer: Layer, changeset: Changeset, columns: Sequence[str], **_more: Any
) -> None:
    """Rows get their first due day; an import brings it along, which spares writing them twice."""
    if "upkeep_due_on" not in columns:
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
    settle(layer, [feature], {feature.pk: feature.upkeep_due_on})
