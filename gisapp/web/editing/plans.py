"""The pages of plans: the list, a new one, and one with all that can be done to it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gisapp.web.editing import planlist, territory
from gisapp.web.editing.chronicle import entries_of, with_people
from gisapp.web.editing.planlist import PlanFilters
from gisapp.web.editing.proposal import PAGE_SIZE, Proposal
from gisapp.web.editing.wording import PLAN_EVENTS, PLAN_STATES
from layers.access import policy
from layers.access.policy import signed_in
from layers.access.roles import Action
from layers.errors import BadRequest, Conflict, ServiceError
from layers.models import User
from layers.models.plan import Plan, PlanEvent
from layers.plans import service
from layers.plans.api import describe_plan
from layers.plans.rehearsal import rehearse

STEPS = (Plan.State.DRAFT, Plan.State.SUBMITTED, Plan.State.APPROVED, Plan.State.APPLIED)

PLAN_SIDES = (
    ("before", gettext_lazy("Live now")),
    ("after", gettext_lazy("By the plan")),
    ("gone", gettext_lazy("Deleted")),
)

ACTIONS: dict[str, tuple[Callable[[User, int, str], object], str | Promise]] = {
    "submit": (
        lambda actor, number, _text: service.submit_for_review(actor=actor, number=number),
        gettext_lazy("The plan is under review now."),
    ),
    "approve": (
        lambda actor, number, text: service.approve(actor=actor, number=number, text=text),
        gettext_lazy("The plan is approved. It can be applied now."),
    ),
    "return": (
        lambda actor, number, text: service.send_back(actor=actor, number=number, text=text),
        gettext_lazy("The plan is returned to its author."),
    ),
    "withdraw": (
        lambda actor, number, _text: service.withdraw(actor=actor, number=number),
        gettext_lazy("The plan is withdrawn."),
    ),
}


@require_GET
def plan_list(request: HttpRequest) -> HttpResponse:
    """Plans inside the reader's divisions."""
    policy.require_somewhere(request.user, Action.VIEW)
    filters = PlanFilters.read(request.GET)
    tab = planlist.chosen(request.user, filters)
    plans, more = planlist.listed(request.user, tab, filters)
    context = {
        "filters": filters,
        "tab": tab,
        "tabs": planlist.tabs(request.user, filters, tab),
        "plans": [(each, PLAN_STATES[Plan.State(each.state)]) for each in plans],
        "states": PLAN_STATES.items(),
        "previous": filters.query(page=filters.page - 1) if filters.page > 1 else "",
        "next": filters.query(page=filters.page + 1) if more else "",
        "may_draft": not policy.scope(request.user, Action.EDIT).empty,
    }
    part = request.headers.get("HX-Target") == "plan-results"
    return render(request, "editing/plan_results.html" if part else "editing/plans.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_plan(request: HttpRequest) -> HttpResponse:
    """The form of a new plan, and its sending."""
    policy.require_somewhere(request.user, Action.EDIT)
    problem: ServiceError | None = None
    if request.method == "POST":
        try:
            plan = service.draft(
                actor=signed_in(request.user),
                title=_text(request, "title", 120),
                purpose=_text(request, "purpose", 2000),
                division=_division(request),
            )
        except BadRequest as error:
            problem = error
        else:
            return redirect("plan", plan.pk)
    context = {
        "choices": territory.first_choices(request.user),
        "sent": request.POST,
        "problem": problem,
    }
    return render(
        request, "editing/plan_new.html", context, status=problem.status if problem else 200
    )


@require_GET
def finer_divisions(request: HttpRequest) -> HttpResponse:
    """The next finer choice of the new plan's place, for htmx."""
    policy.require_somewhere(request.user, Action.EDIT)
    within = next((request.GET[name] for name in PICKED if request.GET.get(name)), "")
    context = {
        "divisions": territory.finer_choices(request.user, within),
        "name": "village" if within and not within.endswith("000000") else "township",
    }
    return render(request, "editing/finer_divisions.html", context)


@require_GET
def plan_page(request: HttpRequest, number: int) -> HttpResponse:
    """One plan: what each edit would do now, who said what, and what the reader may do."""
    policy.require_somewhere(request.user, Action.VIEW)
    plan = service.visible_plan(request.user, number)
    return render(request, "editing/plan.html", plan_context(request, plan))


@require_POST
def comment(request: HttpRequest, number: int) -> HttpResponse:
    policy.require_somewhere(request.user, Action.VIEW)
    try:
        service.comment(
            actor=signed_in(request.user), number=number, text=_text(request, "text", 2000)
        )
    except BadRequest as error:
        return _refused(request, number, error)
    if not request.headers.get("HX-Request"):
        return redirect("plan", number)
    plan = service.visible_plan(request.user, number)
    return render(request, "editing/discussion.html", {"plan": plan, "events": events_of(plan)})


@require_POST
def act(request: HttpRequest, number: int, action: str) -> HttpResponse:
    """Submit, approve, return or withdraw: the service says who may, and when."""
    policy.require_somewhere(request.user, Action.VIEW)
    doing, done = ACTIONS[action]
    try:
        doing(signed_in(request.user), number, _text(request, "text", 2000))
    except (BadRequest, Conflict) as error:
        return _refused(request, number, error)
    messages.success(request, str(done))
    return redirect("plan", number)


@require_POST
def apply(request: HttpRequest, number: int) -> HttpResponse:
    """Make an approved plan real, all of it or nothing."""
    policy.require_somewhere(request.user, Action.VIEW)
    try:
        outcomes = service.apply(actor=signed_in(request.user), number=number)
    except Conflict as error:
        return _refused(request, number, error)
    bad = sum(not each.in_the_journal for each in outcomes)
    if bad:
        text = ngettext(
            "Nothing was applied: %(count)d edit does not fit what is live now.",
            "Nothing was applied: %(count)d edits do not fit what is live now.",
            bad,
        )
        messages.error(request, text % {"count": bad})
    else:
        messages.success(request, _("The plan is applied: the map shows it now."))
    return redirect("plan", number)


@require_POST
def remove_edit(request: HttpRequest, number: int, uid: UUID) -> HttpResponse:
    """Take one edit out of the reader's own plan."""
    policy.require_somewhere(request.user, Action.VIEW)
    try:
        service.remove_edit(actor=signed_in(request.user), number=number, uid=uid)
    except Conflict as error:
        return _refused(request, number, error)
    messages.success(request, _("The edit is taken out of the plan."))
    return redirect("plan", number)


def plan_context(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    common = {
        "plan": plan,
        "state": PLAN_STATES[Plan.State(plan.state)],
        "steps": steps_of(plan),
        "can": describe_plan(request, plan)["can"],
        "events": events_of(plan),
        "returned": plan.events.filter(kind=PlanEvent.Kind.RETURNED).last()
        if plan.state == Plan.State.RETURNED
        else None,
    }
    if plan.state == Plan.State.APPLIED:
        return {**common, **_applied(request, plan)}
    return {**common, **_proposed(request, plan)}


def _proposed(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    """What the edits would do now; the map gets the same from the API."""
    proposal = Proposal(plan, rehearse(plan), request.user)
    page = _page(request, proposal.pages)
    return {
        "size": len(proposal.edits),
        "cards": proposal.cards(page),
        "bad": proposal.bad,
        "first_bad": proposal.first_bad,
        "open_still": plan.state != Plan.State.WITHDRAWN,
        "page": page,
        "page_numbers": range(1, proposal.pages + 1),
        "features_url": reverse("api:planned_features", args=[plan.pk]),
        "sides": PLAN_SIDES,
        "map_layers": " ".join(sorted({each.layer for each in proposal.edits})),
    }


def _applied(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    """What the edits did, from the journal."""
    edits = plan.changeset.edits.order_by("id")
    size = edits.count()
    pages = max(1, -(-size // PAGE_SIZE))
    page = _page(request, pages)
    shown = edits[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return {
        "size": size,
        "entries": entries_of(request.user, with_people(shown)),
        "page": page,
        "page_numbers": range(1, pages + 1),
    }


def _page(request: HttpRequest, pages: int) -> int:
    text = request.GET.get("page", "1")
    return max(1, min(int(text), pages)) if text.isdecimal() and len(text) < 9 else 1


def steps_of(plan: Plan) -> list[tuple[str | Promise, str]]:
    """The way of a plan, each step with its state: done, current or open."""
    state = Plan.State(plan.state)
    at = STEPS.index(state) if state in STEPS else 0
    return [
        (PLAN_STATES[each], "done" if index < at else "current" if index == at else "open")
        for index, each in enumerate(STEPS)
    ]


def events_of(plan: Plan) -> list[tuple[PlanEvent, str | Promise]]:
    found = plan.events.select_related("author")
    return [(each, PLAN_EVENTS[PlanEvent.Kind(each.kind)]) for each in found]


PICKED = ("township", "division")


def _division(request: HttpRequest) -> str:
    """The finest division that was picked."""
    picked = (request.POST.get(name, "").strip() for name in ("village", *PICKED))
    return next((each for each in picked if each), "")[:12]


def _text(request: HttpRequest, name: str, most: int) -> str:
    return request.POST.get(name, "").replace("\x00", "")[:most]


def _refused(request: HttpRequest, number: int, error: ServiceError) -> HttpResponse:
    """Back to the plan, which says what could not be done and why."""
    if request.headers.get("HX-Request"):
        raise error
    messages.error(request, f"{error.message} {error.remedy}".strip())
    return redirect("plan", number)
