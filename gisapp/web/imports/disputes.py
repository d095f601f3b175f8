"""The conflicts that a run raised and that still wait for somebody's decision."""

from uuid import UUID

from importers.models import ImportRun
from layers.access.policy import Actor
from layers.editing import conflicts


def open_conflicts(user: Actor, run: ImportRun) -> dict[int, UUID]:
    """By feature; only those that concern the reader. Of the rows that the report shows."""
    features = [each.get("id") for each in run.report.get("conflicting_rows", ())]
    if run.dry_run or not features:
        return {}
    waiting = conflicts.to_decide(user).filter(layer=run.layer, feature_id__in=features)
    return {feature: uid for feature, uid in waiting.values_list("feature_id", "uid") if feature}
