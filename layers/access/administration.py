"""What an administrator may see of accounts and grants: only what lies inside their own divisions.

A grant lies inside when its whole place does: a division of theirs, or a zone all of whose members
are. An account is seen through its grants, current or ended; how it is granted elsewhere is not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from layers.access import policy
from layers.access.policy import Actor, Rights, Scope, division_prefix
from layers.access.roles import PERMISSIONS, Action, Role
from layers.models.access import Grant, Unmasking, User
from layers.models.account_event import AccountEvent
from layers.models.zone import Zone


@dataclass(frozen=True, slots=True)
class Place:
    """Where a grant holds: a division, a zone, or (neither) everywhere."""

    division: str = ""
    zone: str = ""

    @property
    def everywhere(self) -> bool:
        return not self.division and not self.zone

    def scope(self) -> Scope:
        if self.zone:
            return policy.zone_scope(self.zone)
        return Scope.of([division_prefix(self.division) if self.division else ""])


def contains(outer: Scope, inner: Scope) -> bool:
    """Whether all of a scope that is not empty lies inside another."""
    return not inner.empty and policy.narrowed(outer, inner) == inner


@dataclass(frozen=True, slots=True)
class Administered:
    """One administrator's part: its scope, and the querysets of what is in it."""

    rights: Rights
    scope: Scope

    @classmethod
    def by(cls, actor: Actor) -> "Administered":
        """Raises LoginRequired or Forbidden for whoever administers nothing."""
        scope = policy.require_somewhere(actor, Action.ADMINISTER)
        return cls(policy.rights(actor), scope)

    def zones(self) -> list[Zone]:
        """The zones that lie in it as a whole, by code."""
        zones = Zone.objects.defer("boundary").order_by("code")
        return [zone for zone in zones if contains(self.scope, policy.zone_scope(zone.code))]

    def grants(self) -> QuerySet[Grant]:
        """Grants in it, current and ended."""
        inside = Q() if self.scope.everything else self._inside()
        return Grant.objects.filter(inside).select_related("division", "zone")

    def _inside(self) -> Q:
        zones = [zone.code for zone in self.zones()]
        return Q(zone__in=zones) | (Q(division__isnull=False) & self.scope.q("division_id"))

    def accounts(self) -> QuerySet[User]:
        """Accounts with a grant in it; over everything all accounts, those without a grant too."""
        if self.scope.everything:
            return User.objects.all()
        return User.objects.filter(pk__in=self.grants().values("user"))

    def events(self, account: User) -> QuerySet[AccountEvent]:
        """What was done to an account, leaving out what was done about grants elsewhere."""
        seen = Q(grant__isnull=True) | Q(grant__in=self.grants().values("pk"))
        return (
            AccountEvent.objects.filter(seen, account=account)
            .select_related("actor", "grant", "grant__division", "grant__zone")
            .defer("grant__division__boundary", "grant__zone__boundary")
        )

    def unmaskings(self) -> QuerySet[Unmasking]:
        """Looks at personal data in its divisions, the latest first."""
        looks = Unmasking.objects.filter(self.scope.q("division"))
        return looks.select_related("user").order_by("-at", "-pk")

    def has_all_of(self, account: User) -> bool:
        """Whether the account is the administrator's alone: nothing it may do lies elsewhere.

        Only then may they disable it or set its password, which would otherwise reach further than
        they do.
        """
        if account.is_superuser:
            return self.rights.superuser
        if account.is_staff and not self.scope.everything:
            return False
        current = policy.grants_at(account, timezone.now())
        return not current.exclude(pk__in=self.grants().values("pk")).exists()

    def roles_in(self, place: Place) -> list[Role]:
        """The roles they may give there: those whose every action they may do there themselves."""
        inner = place.scope()
        return [role for role in Role if self._may_all(PERMISSIONS[role], inner)]

    def _may_all(self, actions: Iterable[Action], inner: Scope) -> bool:
        return all(contains(self.rights.scope(action), inner) for action in actions)
