"""Grants in words: a role and a place."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers.access.policy import grants_at
from layers.access.roles import ROLE_LABELS, Role
from layers.divisions.names import place_names
from layers.models import Grant, User, Zone


@dataclass(frozen=True, slots=True)
class GrantWords:
    """A grant as it is read; `grant` has its dates and who gave and ended it."""

    grant: Grant
    role: str
    place: str


def in_words(grants: Iterable[Grant]) -> list[GrantWords]:
    """Reads `zone` and its name from each grant, and all divisions' names in one query."""
    listed = list(grants)
    names = place_names(grant.division_id for grant in listed if grant.division_id)
    return [
        GrantWords(grant, str(ROLE_LABELS[Role(grant.role)]), _place(grant, names))
        for grant in listed
    ]


def _place(grant: Grant, names: dict[str, str]) -> str:
    if grant.zone is not None:
        return zone_name(grant.zone)
    return names[grant.division_id] if grant.division_id else _("Everywhere")


def zone_name(zone: Zone) -> str:
    chinese = (get_language() or "zh").startswith("zh")
    return zone.name if chinese or not zone.name_en else zone.name_en


def own_grants(user: User) -> list[GrantWords]:
    """What the user may do now."""
    current = grants_at(user, timezone.now()).select_related("zone").defer("zone__boundary")
    return in_words(current.order_by("granted_at", "pk"))
