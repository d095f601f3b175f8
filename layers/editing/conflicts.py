"""Conflicts as people decide them: which side stands, field by field. A decision is an edit."""

import uuid
from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from layers.access import policy
from layers.access.policy import Actor
from layers.access.roles import Action
from layers.editing import service
from layers.editing.authority import Authority
from layers.editing.request import EditRequest, Outcome
from layers.editing.rows import PERSONAL, PROVENANCE, State
from layers.editing.submissions import clashes_of
from layers.errors import BadRequest, Conflict, NotFound
from layers.models.access import User
from layers.models.journal import Changeset, Operation
from layers.models.submission import Submission

TO_DECIDE = (Submission.Kind.CONFLICT, Submission.Kind.HELD)
DRAWN_AGAIN = (Operation.SPLIT, Operation.MERGE)
"""What these meant depends on the shape they were drawn on: they are done again on the map."""


def to_decide(user: Actor) -> QuerySet[Submission]:
    """Open conflicts and held edits that concern this person: those in the divisions they edit or
    review, and their own. Newest first."""
    rights = policy.rights(user)
    conflicts = Q(kind=Submission.Kind.CONFLICT) & rights.scope(Action.EDIT).q("division")
    held = Q(kind=Submission.Kind.HELD) & rights.scope(Action.REVIEW).q("division")
    own = Q(author_id=user.pk, kind__in=TO_DECIDE) if user.pk else Q(pk__in=[])
    return (
        Submission.objects.filter(conflicts | held | own, settlement=Submission.Settlement.OPEN)
        .select_related("author")
        .order_by("-received_at")
    )


def visible_submission(user: Actor, uid: uuid.UUID) -> Submission:
    """A conflict or held edit, open or settled. Raises NotFound."""
    own = Q(author_id=user.pk) if user.pk else Q(pk__in=[])
    visible = own | policy.scope(user, Action.EDIT).q("division")
    visible |= policy.scope(user, Action.REVIEW).q("division")
    found = Submission.objects.filter(visible, uid=uid, kind__in=TO_DECIDE).first()
    if found is None:
        raise NotFound(_("There is no such conflict in your divisions."))
    return found


def clashing_fields(conflict: Submission) -> list[str]:
    """What is to be decided; without theirs (it is deleted) or mine (a deletion): one thing."""
    return [clash.field for clash in clashes_of(conflict)]


def resolve(*, actor: User, uid: uuid.UUID, mine: Collection[str], whole: bool = False) -> Outcome:
    """Let mine stand for the fields named, theirs for the others; what did not clash is applied.

    `whole` is the answer where there is nothing to choose by field: restore the feature that was
    deleted and apply mine, or delete the one that was changed.
    Raises NotFound, Forbidden, BadRequest; Conflict where the feature has changed once more.
    """
    conflict = visible_submission(actor, uid)
    policy.require(actor, Action.EDIT, conflict.division)
    if conflict.kind != Submission.Kind.CONFLICT or conflict.settlement:
        raise Conflict(_("This conflict is settled already."), remedy=_("Reload the page."))
    requests = _decision(conflict, set(mine), whole)
    outcomes = service.submit_as(
        Authority.of(actor), requests, Changeset(reason=_("Conflict decided")), atomic=True
    )
    last = outcomes[-1]
    if not all(each.in_the_journal for each in outcomes):
        refusal = next(each for each in outcomes if not each.in_the_journal)
        text = "; ".join(each.message for each in refusal.problems)
        raise Conflict(
            text or _("The feature has changed once more since."), remedy=_("Reload the page.")
        )
    return last


def _decision(conflict: Submission, mine: set[str], whole: bool) -> list[EditRequest]:
    if conflict.operation in DRAWN_AGAIN:
        raise BadRequest(
            _("A split or merge cannot be decided by field."),
            remedy=_("Dismiss it, and draw it again on the map."),
        )
    if not conflict.theirs:
        return _brought_back(conflict) if whole else _unclear()
    if conflict.operation == Operation.DELETE:
        return [_request(conflict, Operation.DELETE)] if whole else _unclear()
    clashing = set(clashing_fields(conflict))
    unknown = mine - clashing
    if unknown:
        raise BadRequest(_("There is no conflict about %(names)s.") % {"names": ", ".join(unknown)})
    dropped = clashing - mine
    if "geom" in dropped:
        dropped |= set(PROVENANCE)
    changes = {name: value for name, value in conflict.mine.items() if name not in dropped}
    return [_request(conflict, Operation.UPDATE, changes=changes)]


def _unclear() -> list[EditRequest]:
    raise BadRequest(
        _("Say whether the deletion stands."), remedy=_("Send whole: true or dismiss.")
    )


def _brought_back(conflict: Submission) -> list[EditRequest]:
    first = EditRequest(
        uid=uuid.uuid4(),
        layer=conflict.layer,
        operation=Operation.RESTORE,
        feature_id=conflict.feature_id,
    )
    changes = {k: v for k, v in conflict.mine.items() if k != PERSONAL or v}
    again = _request(conflict, Operation.UPDATE, changes=changes, base_edit=first.uid)
    return [first, again]


def _request(
    conflict: Submission,
    operation: Operation,
    *,
    changes: State | None = None,
    base_edit: uuid.UUID | None = None,
) -> EditRequest:
    return EditRequest(
        uid=uuid.uuid4(),
        layer=conflict.layer,
        operation=operation,
        feature_id=conflict.feature_id,
        base_version=None if base_edit else conflict.theirs_version,
        base_edit=base_edit,
        changes=changes,
        captured_at=conflict.captured_at,
        resolves=conflict.uid,
    )
