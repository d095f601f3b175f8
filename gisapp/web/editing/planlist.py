"""The list of plans: whose, in which state, about what."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gisapp.web.editing.wording import PLAN_STATES
from layers.access import policy
from layers.access.policy import Actor
from layers.access.roles import Action
from layers.errors import BadRequest
from layers.models.plan import Plan
from layers.plans import service

PAGE_SIZE = 25
LAST_PAGE = 400
MINE, REVIEW, ALL = "mine", "review", "all"
TABS = {
    MINE: gettext_lazy("My plans"),
    REVIEW: gettext_lazy("To review"),
    ALL: gettext_lazy("All plans"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    title: str | Promise
    count: int
    current: bool
    query: str


@dataclass(frozen=True, slots=True)
class PlanFilters:
    """Each empty text means no such filter; without a tab the reader's own work comes first."""

    tab: str = ""
    state: str = ""
    q: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: QueryDict) -> "PlanFilters":
        page, state, tab = query.get("page", "1"), query.get("state", ""), query.get("tab", "")
        if not page.isdecimal() or not 1 <= int(page) <= LAST_PAGE:
            raise BadRequest(_("There is no such page of the list."))
        if state not in {"", *PLAN_STATES} or tab not in {"", *TABS}:
            raise BadRequest(_("There is no such filter."))
        return cls(tab, state, query.get("q", "").replace("\x00", "").strip()[:100], int(page))

    def query(self, **changes: object) -> str:
        """The address of this list with something changed; empty filters are left out."""
        query = QueryDict(mutable=True)
        for name in ("tab", "state", "q", "page"):
            value = changes.get(name, getattr(self, name) if name != "page" else "")
            if value:
                query[name] = str(value)
        return query.urlencode()


def to_review(user: Actor) -> QuerySet[Plan]:
    """What waits for this person's approval: never their own."""
    scope = policy.scope(user, Action.REVIEW)
    found = service.visible_plans(user).filter(scope.q(), state=Plan.State.SUBMITTED)
    return found.exclude(author_id=user.pk)


def plans_of(user: Actor, tab: str) -> QuerySet[Plan]:
    if tab == REVIEW:
        return to_review(user)
    found = service.visible_plans(user)
    return found.filter(author_id=user.pk) if tab == MINE else found


def chosen(user: Actor, filters: PlanFilters) -> str:
    """The tab that is shown: the one asked for, or where this person's work is."""
    if filters.tab:
        return filters.tab
    rights = policy.rights(user)
    if not rights.scope(Action.EDIT).empty:
        return MINE
    return ALL if rights.scope(Action.REVIEW).empty else REVIEW


def tabs(user: Actor, filters: PlanFilters, current: str) -> list[Tab]:
    rights = policy.rights(user)
    useful = {
        MINE: not rights.scope(Action.EDIT).empty,
        REVIEW: not rights.scope(Action.REVIEW).empty,
        ALL: True,
    }
    return [
        Tab(
            name,
            title,
            plans_of(user, name).count(),
            name == current,
            filters.query(tab=name, state="" if name == REVIEW else filters.state),
        )
        for name, title in TABS.items()
        if useful[name] or name == current
    ]


def listed(user: Actor, tab: str, filters: PlanFilters) -> tuple[Sequence[Plan], bool]:
    """One page, the latest changed first, and whether there are more; each with its `size`."""
    found = plans_of(user, tab)
    if filters.state and tab != REVIEW:
        found = found.filter(state=filters.state)
    if filters.q:
        found = found.filter(Q(title__icontains=filters.q) | Q(purpose__icontains=filters.q))
    start = (filters.page - 1) * PAGE_SIZE
    rows = found.annotate(size=Count("edits")).order_by("-changed_at", "-pk")
    page = list(rows[start : start + PAGE_SIZE + 1])
    return page[:PAGE_SIZE], len(page) > PAGE_SIZE and filters.page < LAST_PAGE
