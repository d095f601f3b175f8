"""Edits that do not go into the journal at once: kept, found again, settled."""

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from django.utils import timezone

from layers.editing.merge import Clash
from layers.editing.packing import pack, shortened
from layers.editing.request import EditRequest, Outcome, OutcomeKind, Problem
from layers.editing.rows import PERSONAL, State
from layers.models.access import User
from layers.models.journal import Edit
from layers.models.submission import Submission
from layers.registry import layer_named


@dataclass(frozen=True, slots=True)
class Sides:
    """What a conflict record keeps: the fields concerned, as each side has them."""

    base: State = field(default_factory=dict)
    mine: State = field(default_factory=dict)
    theirs: State = field(default_factory=dict)


def keep(
    *, author: User, request: EditRequest, outcome: Outcome, division: str, sides: Sides
) -> Submission:
    """Keep an edit with what became of it.

    One that was kept before (it waited, it was held) stays the same record.
    """
    layer = layer_named(request.layer)
    packed = pack(layer, request)
    rejected = outcome.kind is OutcomeKind.REJECTED
    now = timezone.now()
    values = {
        "kind": outcome.kind.value,
        "layer": layer.name,
        "operation": request.operation,
        "feature_id": outcome.feature_id,
        "division": division,
        "request": shortened(packed) if rejected else packed,
        "base": sides.base,
        "mine": sides.mine,
        "theirs": sides.theirs,
        "theirs_version": outcome.version,
        "problems": [asdict(problem) for problem in outcome.problems],
        "predecessor": request.base_edit,
        "author": author,
        "device": request.device,
        "captured_at": request.captured_at or now,
    }
    if rejected:
        # There is nothing left to decide: the author corrects it and sends another.
        dismissed = Submission.Settlement.DISMISSED
        values |= {"settlement": dismissed, "settled_at": now, "settled_by": author}
    submission, _created = Submission.objects.update_or_create(uid=request.uid, defaults=values)
    return submission


def settle(
    submission: Submission,
    settlement: Submission.Settlement,
    *,
    by: User,
    edit: Edit | None = None,
) -> None:
    submission.settlement = settlement
    submission.settled_at = timezone.now()
    submission.settled_by = by
    submission.settled_edit_id = edit.pk if edit else None
    submission.save(update_fields=["settlement", "settled_at", "settled_by", "settled_edit"])


def outcome_of(submission: Submission) -> Outcome:
    """What the author is told when the same edit comes again."""
    return Outcome(
        OutcomeKind(submission.kind),
        submission.uid,
        submission.feature_id,
        submission.theirs_version,
        problems=tuple(Problem(**each) for each in submission.problems),
        clashes=clashes_of(submission),
        deleted=submission.kind == Submission.Kind.CONFLICT and not submission.theirs,
    )


def clashes_of(submission: Submission) -> tuple[Clash, ...]:
    """The fields that both sides changed differently, personal values left out."""
    base, theirs = submission.base, submission.theirs
    if not theirs:
        return ()
    return tuple(
        Clash(name, None, None, None)
        if name == PERSONAL
        else Clash(name, base.get(name), value, theirs.get(name))
        for name, value in submission.mine.items()
        if name in theirs and value != theirs[name] != base.get(name)
    )


def open_conflict(uid: uuid.UUID, layer: str) -> Submission | None:
    """The conflict, locked, unless it is settled."""
    return (
        Submission.objects.select_for_update()
        .filter(
            uid=uid,
            kind=Submission.Kind.CONFLICT,
            settlement=Submission.Settlement.OPEN,
            layer=layer,
        )
        .first()
    )


def waiting_for(uids: Iterable[uuid.UUID]) -> list[Submission]:
    """The edits that wait for any of these, oldest first, locked."""
    return list(
        Submission.objects.select_for_update(of=("self",))
        .filter(
            kind=Submission.Kind.WAITING,
            settlement=Submission.Settlement.OPEN,
            predecessor__in=list(uids),
        )
        .select_related("author")
        .order_by("captured_at", "pk")
    )
