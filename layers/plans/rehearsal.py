"""What a plan would do, found out by doing it and taking it back: the very same code applies it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from django.db import transaction

from layers.access.policy import EVERYTHING
from layers.editing.authority import Authority
from layers.editing.batch import Batch
from layers.editing.packing import unpack
from layers.editing.request import EditRequest, Outcome
from layers.editing.rows import State
from layers.models.access import User
from layers.models.journal import Changeset, Edit
from layers.models.plan import Plan
from layers.models.submission import Submission
from layers.registry import layer_named


@dataclass(frozen=True, slots=True)
class Effect:
    """One journal entry that the plan would write: the feature before and after it."""

    uid: UUID
    layer: str
    feature_id: int
    operation: str
    before: State | None
    after: State | None


@dataclass
class Rehearsal:
    """`outcomes` by the plan's edits, in their order; `effects` of each, by its uid."""

    outcomes: list[Outcome] = field(default_factory=list)
    effects: dict[UUID, list[Effect]] = field(default_factory=dict)
    new_features: set[tuple[str, int]] = field(default_factory=set)

    @property
    def bad(self) -> list[Outcome]:
        return [each for each in self.outcomes if not each.in_the_journal]

    @property
    def clean(self) -> bool:
        return not self.bad

    def divisions_of(self, uid: UUID) -> set[str]:
        """Every division that an edit touches."""
        states = (s for each in self.effects.get(uid, ()) for s in (each.before, each.after) if s)
        return {str(state["division"]) for state in states}

    def division_of(self, uid: UUID) -> str:
        """Where the edit's own feature stands."""
        effect = self.effects[uid][0]
        return str((effect.after or effect.before or {}).get("division", ""))

    def existing_id(self, request: EditRequest) -> int | None:
        """The live feature that an edit is about; None for one that is only planned."""
        effect = self.effects[request.uid][0]
        planned = (effect.layer, effect.feature_id) in self.new_features
        return None if planned else effect.feature_id

    @staticmethod
    def requests_of(plan: Plan) -> list[EditRequest]:
        return [unpack(layer_named(each.layer), each) for each in plan.edits.all()]


def rehearse(plan: Plan, more: Sequence[EditRequest] = ()) -> Rehearsal:
    """Apply the plan's edits (and `more` after them) to what is live now, and take it all back.

    The author's grants count for what is added; what is in the plan was checked when it was, and
    is again when it is applied. The features concerned are locked until the caller's transaction
    ends, so keep that short.
    """
    rehearsal = Rehearsal()
    with transaction.atomic():
        batch = Batch(Changeset(author=plan.author), keep=False)
        known = Rehearsal.requests_of(plan)
        rehearsal.outcomes += batch.compute(_anywhere(plan), known)
        rehearsal.outcomes += batch.compute(Authority.of(plan.author), more)
        _record(batch, rehearsal)
        transaction.set_rollback(True)
    return rehearsal


def _anywhere(plan: Plan) -> Authority:
    return Authority(plan.author, EVERYTHING, EVERYTHING)


def _record(batch: Batch, rehearsal: Rehearsal) -> None:
    """Every entry with the states around it, those of a split or merge with their whole."""
    states: dict[tuple[str, int], State | None] = {}
    for entry in batch.workspace.edits:
        key = (entry.layer, entry.feature_id)
        if key not in states:
            states[key] = _before(entry, batch)
            if entry.version == 1:
                rehearsal.new_features.add(key)
        before = states[key]
        after = None if entry.operation == "delete" else {**(before or {}), **entry.new}
        states[key] = after
        whole = entry.part_of.uid if entry.part_of else entry.uid
        rehearsal.effects.setdefault(whole, []).append(
            Effect(entry.uid, entry.layer, entry.feature_id, entry.operation, before, after)
        )


def _before(entry: Edit, batch: Batch) -> State | None:
    subject = batch.workspace.subjects[entry.layer, entry.feature_id]
    if subject is None or entry.version == 1 or (not entry.old and entry.operation == "restore"):
        return None
    return subject.state_at(entry.version - 1)


def rehearse_held(held: Submission, reviewer: User) -> Rehearsal:
    """What letting a held edit in would do now. Its own uid is known, so it goes by another."""
    rehearsal = Rehearsal()
    with transaction.atomic():
        batch = Batch(Changeset(author=held.author), keep=False)
        request = replace(unpack(layer_named(held.layer), held), uid=uuid4())
        rehearsal.outcomes += batch.compute(Authority.reviewed(held.author, reviewer), [request])
        _record(batch, rehearsal)
        transaction.set_rollback(True)
    return rehearsal
