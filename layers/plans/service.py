"""What can be done to a plan, by whom, and when.

A plan lives inside one division. Its author changes it, anyone who sees the division comments it,
a reviewer who is not its author approves or returns it, and applying it is one transaction with
the same merge as any other edit: all of it, or nothing.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.access import policy
from layers.access.policy import Actor
from layers.access.roles import Action
from layers.editing import service
from layers.editing.authority import Authority
from layers.editing.packing import pack
from layers.editing.request import EditRequest, Outcome
from layers.errors import BadRequest, Conflict, Forbidden, NotFound, Rejected
from layers.models.access import User
from layers.models.division import Division
from layers.models.journal import Changeset
from layers.models.plan import Plan, PlanEvent, PlannedEdit
from layers.plans.rehearsal import Rehearsal, rehearse
from layers.registry import layer_named

MOST_EDITS = 2000

State = Plan.State
CHANGEABLE = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.APPROVED)
"""Changing a plan that was submitted or approved takes that back."""


def visible_plans(user: Actor) -> QuerySet[Plan]:
    """The plans in the divisions a person may see."""
    return Plan.objects.filter(policy.scope(user).q()).select_related(
        "author", "reviewer", "division"
    )


def visible_plan(user: Actor, number: int) -> Plan:
    """Raises NotFound."""
    plan = visible_plans(user).filter(pk=number).first()
    if plan is None:
        raise NotFound(_("There is no such plan in your divisions."))
    return plan


@transaction.atomic
def draft(*, actor: User, title: str, purpose: str, division: str) -> Plan:
    """A new, empty plan. Raises Forbidden, BadRequest."""
    if not title.strip():
        raise BadRequest(_("A plan needs a title."), remedy=_("Say in a few words what it is for."))
    place = Division.objects.filter(pk=division).first()
    if place is None:
        raise BadRequest(_("There is no division %(value)s.") % {"value": division})
    policy.require(actor, Action.EDIT, division)
    changeset = Changeset.objects.create(
        kind=Changeset.Kind.PLAN, author=actor, reason=title.strip()[:300]
    )
    return Plan.objects.create(
        changeset=changeset,
        title=title.strip()[:120],
        purpose=purpose.strip()[:2000],
        division=place,
        author=actor,
    )


@transaction.atomic
def add_edits(*, actor: User, number: int, requests: Sequence[EditRequest]) -> Rehearsal:
    """Put edits into a plan, after those already there. One that could not be applied now is
    refused, and nothing is added. A uid that is in the plan already is left as it is.

    Raises NotFound, Forbidden, Rejected, Conflict.
    """
    plan = _own(actor, number)
    known = set(plan.edits.values_list("uid", flat=True))
    new = [each for each in requests if each.uid not in known]
    if len(known) + len(new) > MOST_EDITS:
        raise BadRequest(_("A plan holds at most %(most)d edits.") % {"most": MOST_EDITS})
    rehearsal = rehearse(plan, new)
    _refuse_bad(rehearsal, new)
    _refuse_outside(plan, rehearsal, new)
    last = plan.edits.aggregate(last=Max("position"))["last"] or 0
    PlannedEdit.objects.bulk_create(
        PlannedEdit(
            plan=plan,
            position=position,
            uid=each.uid,
            layer=each.layer,
            operation=each.operation,
            feature_id=rehearsal.existing_id(each),
            division=rehearsal.division_of(each.uid),
            request=pack(layer_named(each.layer), each),
        )
        for position, each in enumerate(new, start=last + 1)
    )
    if new:
        _changed(plan, actor)
    return rehearsal


@transaction.atomic
def remove_edit(*, actor: User, number: int, uid: UUID) -> Rehearsal:
    """Take an edit out of a plan. Raises NotFound, Forbidden; Conflict where later edits of the
    plan build on it."""
    plan = _own(actor, number)
    removed, _by_model = plan.edits.filter(uid=uid).delete()
    if not removed:
        raise NotFound(_("This plan has no such edit."))
    rehearsal = rehearse(plan)
    if not rehearsal.clean:
        raise Conflict(
            _("Later edits of the plan build on this one."),
            remedy=_("Take those out first."),
        )
    _changed(plan, actor)
    return rehearsal


@transaction.atomic
def comment(*, actor: User, number: int, text: str) -> PlanEvent:
    """Raises NotFound, BadRequest."""
    plan = visible_plan(actor, number)
    if not text.strip():
        raise BadRequest(_("The comment is empty."))
    return _event(plan, PlanEvent.Kind.COMMENT, actor, text)


@transaction.atomic
def submit_for_review(*, actor: User, number: int) -> Plan:
    """Raises Conflict where the plan is empty or does not fit what has changed meanwhile."""
    plan = _own(actor, number)
    _require_state(plan, State.DRAFT, State.RETURNED)
    if not plan.edits.exists():
        raise Conflict(_("The plan is empty."), remedy=_("Draw something on the map first."))
    _require_clean(plan)
    return _move(plan, State.SUBMITTED, actor)


@transaction.atomic
def approve(*, actor: User, number: int, text: str = "") -> Plan:
    """Raises Forbidden for the author and for who may not review there."""
    plan = _to_review(actor, number)
    _require_clean(plan)
    plan.reviewer = actor
    return _move(plan, State.APPROVED, actor, text)


@transaction.atomic
def send_back(*, actor: User, number: int, text: str) -> Plan:
    """Return a plan to its author, who is told why."""
    plan = _to_review(actor, number)
    if not text.strip():
        raise BadRequest(_("Say what is to be changed."))
    plan.reviewer = actor
    return _move(plan, State.RETURNED, actor, text)


@transaction.atomic
def withdraw(*, actor: User, number: int) -> Plan:
    return _move(_own(actor, number), State.WITHDRAWN, actor)


def apply(*, actor: User, number: int) -> list[Outcome]:
    """Make an approved plan real: every edit of it, or none. The outcomes say which fitted.

    Raises NotFound, Forbidden, Conflict.
    """
    with transaction.atomic():
        plan = _locked(actor, number)
        _require_state(plan, State.APPROVED)
        if actor.pk != plan.author_id:
            policy.require(actor, Action.REVIEW, plan.division_id)
        if plan.reviewer is None:
            raise Forbidden(_("This plan was not approved."))
        authority = Authority.reviewed(plan.author, plan.reviewer)
        requests = Rehearsal.requests_of(plan)
        outcomes = service.submit_as(authority, requests, plan.changeset, atomic=True)
        if all(each.in_the_journal for each in outcomes):
            _move(plan, State.APPLIED, actor)
        return outcomes


def _locked(actor: User, number: int) -> Plan:
    """Raises NotFound."""
    plan = visible_plan(actor, number)
    Plan.objects.select_for_update().get(pk=plan.pk)
    plan.refresh_from_db(fields=["state", "reviewer"])
    return plan


def _own(actor: User, number: int) -> Plan:
    plan = _locked(actor, number)
    if plan.author_id != actor.pk:
        raise Forbidden(_("Only its author changes a plan."), remedy=_("Comment it instead."))
    _require_state(plan, *CHANGEABLE)
    return plan


def _to_review(actor: User, number: int) -> Plan:
    plan = _locked(actor, number)
    policy.require(actor, Action.REVIEW, plan.division_id)
    if plan.author_id == actor.pk:
        raise Forbidden(_("Nobody reviews a plan of their own."))
    _require_state(plan, State.SUBMITTED)
    return plan


def _require_state(plan: Plan, *states: Plan.State) -> None:
    if plan.state not in states:
        raise Conflict(
            _("This cannot be done with the plan as it stands."),
            remedy=_("Reload the page: somebody may have moved it on."),
        )


def _require_clean(plan: Plan) -> None:
    rehearsal = rehearse(plan)
    if not rehearsal.clean:
        raise Conflict(
            _("Some of the plan's edits no longer fit what has changed since."),
            remedy=_("Take them out, and draw them again on the map as it is now."),
            detail={"edits": [str(each.uid) for each in rehearsal.bad]},
        )


def _refuse_bad(rehearsal: Rehearsal, new: Sequence[EditRequest]) -> None:
    wanted = {each.uid for each in new}
    for outcome in rehearsal.bad:
        if outcome.uid not in wanted:
            continue
        problems = [{"field": each.field, "message": each.message} for each in outcome.problems]
        if problems:
            raise Rejected(_("This edit cannot be planned."), detail={"problems": problems})
        raise Conflict(
            _("Somebody changed this feature meanwhile."),
            remedy=_("Reload the map, draw it again."),
        )


def _refuse_outside(plan: Plan, rehearsal: Rehearsal, new: Sequence[EditRequest]) -> None:
    inside = policy.Scope.of([policy.division_prefix(plan.division_id)])
    for each in new:
        if not all(inside.covers(division) for division in rehearsal.divisions_of(each.uid)):
            raise Rejected(
                _("A plan stays inside its division, %(name)s.") % {"name": plan.division.name},
                remedy=_("Start another plan for the other place."),
            )


def _changed(plan: Plan, actor: User) -> None:
    """A change after submission or approval takes that back."""
    if plan.state != State.DRAFT:
        plan.reviewer = None
        _event(plan, PlanEvent.Kind.CHANGED, actor)
    plan.state = State.DRAFT
    plan.changed_at = timezone.now()
    plan.save(update_fields=["state", "changed_at", "reviewer"])


def _move(plan: Plan, state: Plan.State, actor: User, text: str = "") -> Plan:
    plan.state = state
    plan.changed_at = timezone.now()
    plan.save(update_fields=["state", "changed_at", "reviewer"])
    _event(plan, PlanEvent.Kind(state.value), actor, text)
    return plan


def _event(plan: Plan, kind: PlanEvent.Kind, actor: User, text: str = "") -> PlanEvent:
    return PlanEvent.objects.create(plan=plan, kind=kind, author=actor, text=text.strip()[:2000])
