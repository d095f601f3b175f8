"""The entries of the main navigation; one shows only where its page exists for this visitor."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gisapp.web.editing.planlist import to_review
from layers.access import policy
from layers.access.policy import Actor
from layers.access.roles import Action
from layers.editing.conflicts import to_decide


@dataclass(frozen=True, slots=True)
class Entry:
    """`path` is one of the stable addresses; `public` entries need no account, others perhaps a
    grant to do `action` somewhere; `waiting` counts what waits there for this person."""

    path: str
    title: Promise
    icon: str
    public: bool = False
    waiting: Callable[[Actor], int] | None = None
    action: Action | None = None

    def open_to(self, user: Actor) -> bool:
        if self.action is not None:
            return not policy.scope(user, self.action).empty
        return self.public or user.is_authenticated


ENTRIES = (
    Entry("/map/", _("Map"), "map", public=True),
    Entry("/projects/", _("Projects"), "projects"),
    Entry("/maintenance/", _("Maintenance"), "maintenance"),
    Entry("/campaigns/", _("Verification"), "campaigns"),
    Entry("/zones/", _("Zones"), "zones", public=True),
    Entry("/plans/", _("Plans"), "plans", waiting=lambda user: to_review(user).count()),
    Entry(
        "/conflicts/",
        _("Conflicts"),
        "conflicts",
        waiting=lambda user: to_decide(user).count(),
    ),
    Entry("/imports/", _("Imports"), "imports", action=Action.IMPORT),
    Entry("/exports/", _("Exports"), "download"),
    Entry("/public/", _("Disclosure"), "disclosure", public=True),
)


@cache
def page_exists(path: str) -> bool:
    """Whether some view answers at this address."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def entries_for(request: HttpRequest) -> list[dict[str, object]]:
    """The entries this visitor sees: title, path, icon, whether it is the current one, and how
    much waits there."""
    return [
        {
            "path": entry.path,
            "title": entry.title,
            "icon": entry.icon,
            "current": request.path.startswith(entry.path),
            "waiting": entry.waiting(request.user) if entry.waiting else 0,
        }
        for entry in ENTRIES
        if entry.open_to(request.user) and page_exists(entry.path)
    ]
