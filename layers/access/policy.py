"""The one policy. Every path asks it: pages, API, tiles, counts, search, exports.

A grant is role × division (or zone) and covers the subtree. Division codes nest by their digits,
so a grant is a code prefix, and "inside my grants" is a handful of ranges on the division column:
the same ranges as a queryset filter and as an SQL condition.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.access.roles import Action, roles_that_may
from layers.errors import Forbidden, LoginRequired
from layers.models.access import Grant, User
from layers.models.zone import ZoneMember

CODE_DIGITS = 12
LEVEL_DIGITS = (2, 4, 6, 9, 12)

Actor = User | AnonymousUser
MEMORY = "remembered_rights"


def division_prefix(code: str) -> str:
    """The digits of a 12-digit code that its whole subtree shares.

    >>> division_prefix("433124000000"), division_prefix("433124110000")
    ('433124', '433124110')
    """
    for digits in LEVEL_DIGITS:
        if code[digits:].strip("0") == "":
            return code[:digits]
    return code


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of division subtrees. No prefixes: nothing; the empty prefix: everything."""

    prefixes: tuple[str, ...]

    @classmethod
    def of(cls, prefixes: Iterable[str]) -> "Scope":
        """Drops prefixes that a shorter one covers, so that ranges never overlap."""
        kept: list[str] = []
        for prefix in sorted(set(prefixes), key=len):
            if not any(prefix.startswith(wider) for wider in kept):
                kept.append(prefix)
        return cls(tuple(sorted(kept)))

    @property
    def empty(self) -> bool:
        return not self.prefixes

    @property
    def everything(self) -> bool:
        return self.prefixes == ("",)

    def covers(self, division_code: str) -> bool:
        return division_code.startswith(self.prefixes) if self.prefixes else False

    def ranges(self) -> list[tuple[str, str]]:
        """Inclusive bounds of 12-digit codes, one pair a subtree."""
        return [
            (prefix.ljust(CODE_DIGITS, "0"), prefix.ljust(CODE_DIGITS, "9"))
            for prefix in self.prefixes
        ]

    def q(self, field: str = "division_id") -> Q:
        """The scope as a queryset filter on a division-code field.

        Everything is said as "not nothing", which costs no condition: an empty Q() would be lost
        in `own | scope.q()`, and a superuser would see only their own.
        """
        if self.everything:
            return ~Q(pk__in=[])
        if self.empty:
            return Q(pk__in=[])
        condition = Q()
        for low, high in self.ranges():
            condition |= Q(**{f"{field}__gte": low, f"{field}__lte": high})
        return condition

    def sql(self, column: str = "division") -> tuple[str, list[Any]]:
        """The scope as an SQL condition with bound values; `column` is ours, never a user's."""
        if self.everything:
            return "TRUE", []
        if self.empty:
            return "FALSE", []
        clauses = [f"{column} BETWEEN %s AND %s" for _range in self.prefixes]
        return f"({' OR '.join(clauses)})", [bound for pair in self.ranges() for bound in pair]


NOTHING = Scope(())
EVERYTHING = Scope(("",))


@dataclass(frozen=True, slots=True)
class Rights:
    """All that one user may do, and where, read once: pages that ask much ask this."""

    by_role: Mapping[str, Scope]
    superuser: bool = False

    def scope(self, action: Action) -> Scope:
        if self.superuser:
            return EVERYTHING
        granted = (self.by_role.get(role, NOTHING) for role in roles_that_may(action))
        return Scope.of(prefix for scope in granted for prefix in scope.prefixes)


def rights(user: Actor) -> Rights:
    """The rights that a user's current grants give. Anonymous users: none."""
    if not user.is_authenticated or not user.is_active:
        return Rights({})
    if user.is_superuser:
        return Rights({}, superuser=True)
    memory: dict[str, Rights] | None = getattr(user, MEMORY, None)
    if memory is None:
        return _granted(user, timezone.now())
    if MEMORY not in memory:
        memory[MEMORY] = _granted(user, timezone.now())
    return memory[MEMORY]


def remembering(user: User) -> User:
    """The user as one request sees it: its grants are read once. A page asks for them often."""
    setattr(user, MEMORY, {})
    return user


def forget(user: User) -> None:
    """The user's grants have just changed in this request."""
    getattr(user, MEMORY, {}).clear()


def had(user: User, action: Action, division_code: str, at: datetime) -> bool:
    """Whether the user might do this at that moment, and may no longer.

    True where a grant of that time has since been revoked, or the division has left the zone that
    it was for. For what a device captured before and sends after: such edits are held, not lost.
    """
    then = _granted(user, at).scope(action)
    return then.covers(division_code) and not may(user, action, division_code)


def _granted(user: User, at: datetime) -> Rights:
    """What the grants in force at a moment gave, with the zones' members of that day."""
    day = timezone.localdate(at)
    prefixes: dict[str, set[str]] = defaultdict(set)
    for role, division, zone in grants_at(user, at).values_list("role", "division", "zone"):
        if zone:
            prefixes[role] |= set(zone_scope(zone, day).prefixes)
        else:
            prefixes[role].add(division_prefix(division) if division else "")
    return Rights({role: Scope.of(found) for role, found in prefixes.items()})


def scope(user: Actor, action: Action = Action.VIEW) -> Scope:
    """The divisions in which the user may do this."""
    return rights(user).scope(action)


def grants_at(user: User, at: datetime) -> QuerySet[Grant]:
    """The user's grants in force at a moment; one that ends at it is over."""
    return Grant.objects.filter(user=user, granted_at__lte=at).exclude(revoked_at__lte=at)


def steady_until(user: Actor) -> datetime:
    """Until when the user's grants stay as they are if nobody changes them.

    That is when the next one begins or ends, and midnight, because zones have members by the day.
    """
    tomorrow = timezone.localdate() + timedelta(days=1)
    moments = [timezone.make_aware(datetime.combine(tomorrow, time.min))]
    if user.is_authenticated:
        now = timezone.now()
        for field in ("granted_at", "revoked_at"):
            coming = Grant.objects.filter(user=user, **{f"{field}__gt": now})
            moments += coming.values_list(field, flat=True)
    return min(moments)


def zone_divisions(zones: Iterable[str], on: date | None = None) -> list[str]:
    """Codes of the divisions that belong to any of the zones on a day, by default today."""
    day = on or timezone.localdate()
    return list(
        ZoneMember.objects.filter(zone__in=zones)
        .exclude(valid_to__lt=day)
        .exclude(valid_from__gt=day)
        .values_list("division_id", flat=True)
    )


def zone_scope(zone_code: str, on: date | None = None) -> Scope:
    return Scope.of(division_prefix(code) for code in zone_divisions([zone_code], on))


def narrowed(one: Scope, other: Scope) -> Scope:
    """What both scopes cover."""
    return Scope.of(
        max(a, b, key=len)
        for a in one.prefixes
        for b in other.prefixes
        if a.startswith(b) or b.startswith(a)
    )


def signed_in(user: Actor) -> User:
    """The user, as somebody with an account. Raises LoginRequired."""
    if not user.is_authenticated:
        raise LoginRequired(_("This needs an account."), remedy=_("Log in and try again."))
    return user


def may(user: Actor, action: Action, division_code: str) -> bool:
    return scope(user, action).covers(division_code)


def still_covers(user: Actor, prefixes: Iterable[str], action: Action = Action.VIEW) -> bool:
    """Whether a file made of these divisions may still be handed out: grants end."""
    held = Scope.of(prefixes)
    return narrowed(held, scope(user, action)) == held


def require(user: Actor, action: Action, division_code: str) -> None:
    """Raises LoginRequired or Forbidden unless the user may do this in that division."""
    signed_in(user)
    if not may(user, action, division_code):
        raise Forbidden(
            _("Your account may not do this here."),
            remedy=_("Ask the administrator for a grant in this division."),
        )


def require_somewhere(user: Actor, action: Action) -> Scope:
    """The scope of an action for pages that make no sense without any grant for it."""
    signed_in(user)
    found = scope(user, action)
    if found.empty:
        raise Forbidden(
            _("Your account may not do this anywhere."),
            remedy=_("Ask the administrator for a grant."),
        )
    return found
