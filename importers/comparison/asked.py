"""What an earlier delivery wanted already, in vain: the same conflict is not raised once more."""

from collections import defaultdict
from collections.abc import Sequence

from importers.comparison.changes import Change
from importers.comparison.values import opened_box, same
from layers.editing.request import Outcome
from layers.editing.rows import PERSONAL, PROVENANCE, State
from layers.editing.submissions import outcome_of
from layers.models.journal import Changeset, Operation
from layers.models.submission import Submission
from layers.registry import Layer

Part = tuple[int, int]
"""A feature, and the version that some of its changes start from."""


def device_of(changeset: Changeset) -> str:
    """What edits and conflicts of an import say they come from."""
    return f"import {changeset.pk}"


def asked_before(layer: Layer, changes: Sequence[Change]) -> dict[Part, Outcome | None]:
    """The parts of changes that are conflicts already: with the conflict where it is open, None
    where a person has decided it. What an import wanted that was taken back since does not count.
    """
    conflicts = _conflicts(layer, [change.feature_id for change in changes])
    found: dict[Part, Outcome | None] = {}
    for change in changes:
        for version, values in change.parts.items():
            for conflict in conflicts.get(change.feature_id, ()):
                if _same_wish(layer, conflict.mine, values):
                    decided = conflict.settlement != Submission.Settlement.OPEN
                    found[change.feature_id, version] = None if decided else outcome_of(conflict)
    return found


def _conflicts(layer: Layer, ids: Sequence[int]) -> dict[int, list[Submission]]:
    undone = Changeset.objects.filter(
        kind=Changeset.Kind.IMPORT, layer=layer.name, undone_by__isnull=False
    )
    kept = (
        Submission.objects.filter(
            kind=Submission.Kind.CONFLICT,
            operation=Operation.UPDATE,
            layer=layer.name,
            feature_id__in=ids,
        )
        .exclude(device__in=[device_of(each) for each in undone.only("pk")])
        .order_by("pk")
    )
    found: dict[int, list[Submission]] = defaultdict(list)
    for each in kept:
        found[each.feature_id or 0].append(each)
    return found


def _same_wish(layer: Layer, one: State, other: State) -> bool:
    """Two boxes never look alike: they are opened. Where a place comes from is no wish."""
    names = one.keys() - set(PROVENANCE)
    if names != other.keys() - set(PROVENANCE):
        return False
    return all(
        opened_box(layer, one[name]) == opened_box(layer, other[name])
        if name == PERSONAL
        else same(name, one[name], other[name])
        for name in names
    )
