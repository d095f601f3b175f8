"""The entries of the main navigation; one shows only where its page exists for this visitor."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Entry:
    """`path` is one of the stable addresses; `public` entries need no account."""

    path: str
    title: Promise
    icon: str
    public: bool = False


ENTRIES = (
    Entry("/map/", _("Map"), "map", public=True),
    Entry("/projects/", _("Projects"), "projects"),
    Entry("/maintenance/", _("Maintenance"), "maintenance"),
    Entry("/campaigns/", _("Verification"), "campaigns"),
    Entry("/zones/", _("Zones"), "zones", public=True),
    Entry("/plans/", _("Plans"), "plans"),
    Entry("/conflicts/", _("Conflicts"), "conflicts"),
    Entry("/imports/", _("Imports"), "imports"),
    Entry("/public/", _("Disclosure"), "disclosure", public=True),
)


def page_exists(path: str) -> bool:
    """Whether some view answers at this address."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def entries_for(request: HttpRequest) -> list[dict[str, object]]:
    """The entries this visitor sees: title, path, icon, and whether it is the current one."""
    signed_in = request.user.is_authenticated
    return [
        {
            "path": entry.path,
            "title": entry.title,
            "icon": entry.icon,
            "current": request.path.startswith(entry.path),
        }
        for entry in ENTRIES
        if (entry.public or signed_in) and page_exists(entry.path)
    ]
