"""The editing service: every change of a feature goes through here.

One write is permission + transaction + journal entry. The same uid again returns the first
outcome. An edit on an older base is merged; what both sides changed differently becomes a
conflict record, and nothing is overwritten. What cannot be applied yet is kept, not lost.
"""

import uuid
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from layers.access import policy
from layers.access.roles import Action
from layers.editing import submissions
from layers.editing.authority import Authority
from layers.editing.batch import DECIDED, Batch
from layers.editing.request import EditRequest, Outcome, OutcomeKind
from layers.errors import BadRequest, Forbidden, NotFound
from layers.models.access import User
from layers.models.journal import Changeset, Edit, Operation
from layers.models.submission import Submission
from layers.registry import layer_named

MOST_EDITS = 10_000
ATTEMPTS = 5

_INVERSE = {
    Operation.CREATE: Operation.DELETE,
    Operation.DELETE: Operation.RESTORE,
    Operation.UPDATE: Operation.UPDATE,
    Operation.SPLIT: Operation.UPDATE,
    Operation.MERGE: Operation.UPDATE,
}

T = TypeVar("T")


class NotAsAWhole(Exception):
    """Edits that stand or fall together fell: `outcomes` says why, nothing was written."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        super().__init__(len(outcomes))
        self.outcomes = outcomes


def submit(*, actor: User, request: EditRequest) -> Outcome:
    """Apply one edit. Raises Forbidden, LoginRequired, NotFound, BadRequest; what else can become
    of it is an outcome."""
    return _in_turn(lambda: _run([request], Authority.of(actor), strict=True))[0]


def submit_all(
    *, actor: User, requests: Sequence[EditRequest], reason: str = "", atomic: bool = False
) -> list[Outcome]:
    """Apply many edits in their order, as one changeset; one outcome each.

    `atomic`: all of them or none; then an edit that cannot be applied is not kept as a record.
    Raises LoginRequired, and BadRequest for more than MOST_EDITS.
    """
    if len(requests) > MOST_EDITS:
        raise BadRequest(
            _("More than %(most)d edits at once.") % {"most": MOST_EDITS},
            remedy=_("Send them in several requests."),
        )
    return submit_as(Authority.of(actor), requests, Changeset(reason=reason[:300]), atomic=atomic)


def submit_as(
    authority: Authority,
    requests: Sequence[EditRequest],
    changeset: Changeset,
    *,
    atomic: bool = False,
) -> list[Outcome]:
    """As submit_all, on an authority's word and into a given changeset."""
    try:
        return _in_turn(lambda: _run(requests, authority, changeset=changeset, atomic=atomic))
    except NotAsAWhole as fallen:
        return fallen.outcomes


def undo(*, actor: User, uid: uuid.UUID) -> Outcome:
    """Take back one edit, with all that belongs to it, by its inverse, itself an edit.

    Undoing twice returns the first outcome. Raises NotFound, Forbidden.
    """
    edit = _visible_edit(actor, uid)
    requests = [inverse(each) for each in (edit, *edit.parts.order_by("id"))]
    if len(requests) == 1:
        return _in_turn(lambda: _run(requests, Authority.of(actor), strict=True, keep=False))[0]
    outcomes = submit_as(Authority.of(actor), requests, Changeset(), atomic=True)
    return next((each for each in outcomes if not each.in_the_journal), outcomes[0])


def undo_changeset(*, actor: User, changeset: Changeset) -> list[Outcome]:
    """Take back a whole changeset, newest edit first: all of it, or nothing where somebody has
    changed a part since. A bulk load is undone by layers.editing.bulk.unload instead."""
    edits = list(changeset.edits.order_by("-id").select_related("part_of"))
    if not edits:
        raise NotFound(_("This changeset has no edits to undo."))
    divisions = {division_of(edit) for edit in edits}
    if not all(policy.scope(actor).covers(division) for division in divisions):
        raise NotFound(_("There is no such changeset in your divisions."))
    for division in divisions:
        policy.require(actor, Action.EDIT, division)
    requests = [inverse(edit) for edit in edits]
    taking_back = Changeset(reason=changeset.reason, undoes=changeset)
    return submit_as(Authority.of(actor), requests, taking_back, atomic=True)


def take_back(*, actor: User, edits: Sequence[Edit], changeset: Changeset) -> list[Outcome]:
    """Undo edits as far as they still stand, into a given changeset; one outcome each.

    What somebody has changed since stays as it is: its outcome says so, no record is kept. The
    caller has checked that the actor may undo there; what the actor may not edit stays, too.
    """
    requests = [inverse(edit) for edit in edits]
    return _in_turn(lambda: _run(requests, Authority.of(actor), changeset=changeset, keep=False))


def inverse(edit: Edit) -> EditRequest:
    """The edit that takes this one back. Its uid follows from the edit's: undo is idempotent."""
    operation = Operation(edit.operation)
    if operation is Operation.RESTORE:
        back = Operation.UPDATE if edit.old else Operation.DELETE
    else:
        back = _INVERSE[operation]
    return EditRequest(
        uid=_undo_uid(edit.uid),
        layer=edit.layer,
        operation=back,
        feature_id=edit.feature_id,
        base_version=edit.version,
        changes=edit.old if back is Operation.UPDATE else None,
        undoes=edit,
        part_of=_undo_uid(edit.part_of.uid) if edit.part_of else None,
    )


def admit(*, actor: User, uid: uuid.UUID) -> Outcome:
    """Let in an edit that was held because its author's grant had ended meanwhile.

    Raises NotFound, and Forbidden unless the actor may review there and is not the author.
    """
    return _in_turn(lambda: _admit(actor, uid))


@transaction.atomic
def dismiss(*, actor: User, uid: uuid.UUID) -> None:
    """Close a conflict or a held edit without applying it; the record stays.

    The author may withdraw it; so may who could decide it. Raises NotFound, Forbidden.
    """
    submission = _open_submission(actor, uid)
    action = Action.REVIEW if submission.kind == Submission.Kind.HELD else Action.EDIT
    if submission.author_id != actor.pk:
        policy.require(actor, action, submission.division)
    submissions.settle(submission, Submission.Settlement.DISMISSED, by=actor)
    _follow_up([uid])


def _run(
    requests: Sequence[EditRequest],
    authority: Authority,
    *,
    changeset: Changeset | None = None,
    strict: bool = False,
    atomic: bool = False,
    keep: bool = True,
) -> list[Outcome]:
    group = changeset or Changeset(reason=requests[0].reason[:300])
    group.author = authority.author
    batch = Batch(group, keep=keep and not atomic, strict=strict)
    outcomes = batch.run(authority, requests)
    if atomic and not all(each.in_the_journal for each in outcomes):
        raise NotAsAWhole(outcomes)
    resolved = _settle_resolved(authority, requests, outcomes) if keep else []
    decided = [each.uid for each in outcomes if each.kind in DECIDED]
    later = _follow_up([*decided, *resolved])
    return [later.get(each.uid, each) for each in outcomes]


def _follow_up(decided: list[uuid.UUID]) -> dict[uuid.UUID, Outcome]:
    """Edits that waited for one that is decided now go on, and so may others after them."""
    found: dict[uuid.UUID, Outcome] = {}
    while decided:
        waiting = submissions.waiting_for(decided)
        if not waiting:
            break
        batch = Batch(Changeset(author=waiting[0].author))
        outcomes = batch.again([(Authority.of(each.author), each) for each in waiting])
        found |= outcomes
        decided = [uid for uid, each in outcomes.items() if each.kind in DECIDED]
    return found


def _settle_resolved(
    authority: Authority, requests: Sequence[EditRequest], outcomes: Sequence[Outcome]
) -> list[uuid.UUID]:
    """The conflict an edit names is settled by it, or gives way to the newer one it ran into."""
    settled = []
    for request, outcome in zip(requests, outcomes, strict=True):
        if request.resolves is None or outcome.kind is OutcomeKind.REJECTED:
            continue
        conflict = submissions.open_conflict(request.resolves, request.layer)
        if conflict is None or not authority.editable.covers(conflict.division):
            continue
        edit = Edit.objects.filter(uid=request.uid).first()
        applied = Submission.Settlement.APPLIED if edit else Submission.Settlement.DISMISSED
        submissions.settle(conflict, applied, by=authority.author, edit=edit)
        settled.append(conflict.uid)
    return settled


def _admit(actor: User, uid: uuid.UUID) -> Outcome:
    submission = _open_submission(actor, uid)
    if submission.kind != Submission.Kind.HELD:
        raise NotFound(_("There is no such held edit."))
    policy.require(actor, Action.REVIEW, submission.division)
    if submission.author_id == actor.pk:
        raise Forbidden(_("Nobody lets in an edit of their own."))
    authority = Authority.reviewed(submission.author, actor)
    outcome = Batch(Changeset(author=actor)).again([(authority, submission)])[uid]
    _follow_up([uid] if outcome.kind in DECIDED else [])
    return outcome


def _open_submission(actor: User, uid: uuid.UUID) -> Submission:
    scope = policy.scope(actor)
    found = (
        Submission.objects.select_for_update(of=("self",))
        .filter(uid=uid, settlement=Submission.Settlement.OPEN)
        .select_related("author")
        .first()
    )
    visible = found and (found.author_id == actor.pk or scope.covers(found.division))
    if found is None or not visible:
        raise NotFound(_("There is nothing open by this id."), remedy=_("Reload the page."))
    return found


def _visible_edit(actor: User, uid: uuid.UUID) -> Edit:
    edit = Edit.objects.filter(uid=uid).select_related("part_of").first()
    if edit is None or not policy.scope(actor).covers(division_of(edit)):
        raise NotFound(_("There is no such edit to undo."))
    # A part is not undone without its whole.
    return edit.part_of or edit


def division_of(edit: Edit) -> str:
    """Where the edited feature stands: its row now, or as it was when it was deleted."""
    rows = layer_named(edit.layer).rows.filter(pk=edit.feature_id)
    found: str | None = rows.values_list("division_id", flat=True).first()
    if found:
        return found
    last = Edit.objects.filter(layer=edit.layer, feature_id=edit.feature_id).order_by("version")
    deletion = last.last()
    return str(deletion.old.get("division", "")) if deletion else ""


def _undo_uid(uid: uuid.UUID) -> uuid.UUID:
    return uuid.uuid5(uid, "undo")


def _in_turn(work: Callable[[], T]) -> T:
    """In a transaction, again where another one was first: to a uid, a code, or a lock.

    A copy of the same edit that arrives at the same moment so finds the first one's outcome.
    """
    for _attempt in range(ATTEMPTS - 1):
        try:
            with transaction.atomic():
                return work()
        except IntegrityError as error:
            if getattr(error.__cause__, "pgcode", "") != UNIQUE_VIOLATION:
                raise
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") != DEADLOCK:
                raise
    with transaction.atomic():
        return work()


UNIQUE_VIOLATION = "23505"
DEADLOCK = "40P01"
