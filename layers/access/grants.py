"""Giving roles and ending them: permission + transaction + an entry in the journal of accounts."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.access import policy
from layers.access.administration import Administered, Place
from layers.access.roles import PERMISSIONS, Action, Role
from layers.errors import Forbidden, NotFound, Rejected
from layers.models.access import Grant, User
from layers.models.account_event import AccountEvent
from layers.models.division import Division
from layers.models.zone import Zone
from layers.turns import take_turn

TURN = "layers.access.grants"
"""Grants are changed one after the other: who checks that one is not the last must not be raced."""


@transaction.atomic
def grant_role(*, actor: User, account: User, role: Role, place: Place) -> Grant:
    """Give a role in a place. One that is in force there already is returned as it is.

    Raises Forbidden for a place or a role beyond the actor's own, NotFound for an account they do
    not see, Rejected for a place that does not exist.
    """
    take_turn(TURN)
    administered = Administered.by(actor)
    _require_seen(administered, account)
    _require_giveable(administered, role, place)
    division, zone = _found(place)
    known = policy.grants_at(account, timezone.now()).filter(
        role=role, division=division, zone=zone
    )
    existing = known.first()
    if existing is not None:
        return existing
    return _create(actor, account, role, division, zone)


def first_grant(*, actor: User, account: User, role: Role, place: Place) -> Grant:
    """The grant that a new account comes with; inside the transaction that creates it."""
    _require_giveable(Administered.by(actor), role, place)
    return _create(actor, account, role, *_found(place))


@transaction.atomic
def revoke_grant(*, actor: User, grant_id: int) -> Grant:
    """End a grant now. It stays as history; twice is once.

    Raises NotFound for a grant outside the actor's divisions, Rejected for their own last one that
    lets them administer.
    """
    take_turn(TURN)
    grant = Administered.by(actor).grants().filter(pk=grant_id).first()
    if grant is None:
        raise NotFound(_("There is no such grant, or it is outside your divisions."))
    if grant.revoked_at is not None:
        return grant
    _keep_one_administrator(actor, grant)
    grant.revoked_at, grant.revoked_by = timezone.now(), actor
    grant.save(update_fields=["revoked_at", "revoked_by"])
    _journal(AccountEvent.Kind.REVOKED, actor, grant)
    policy.forget(actor)
    return grant


def is_own_last(actor: User, grant: Grant) -> bool:
    """Whether without this grant the actor could administer nothing, and never undo that."""
    if actor.is_superuser or grant.user_id != actor.pk:
        return False
    administering = [role for role, actions in PERMISSIONS.items() if Action.ADMINISTER in actions]
    left = policy.grants_at(actor, timezone.now()).filter(role__in=administering)
    return grant.role in administering and not left.exclude(pk=grant.pk).exists()


def _keep_one_administrator(actor: User, grant: Grant) -> None:
    if is_own_last(actor, grant):
        raise Rejected(
            _("This is your own last grant as an administrator."),
            remedy=_("Ask another administrator to revoke it."),
        )


def _require_seen(administered: Administered, account: User) -> None:
    if not administered.accounts().filter(pk=account.pk).exists():
        raise NotFound(_("There is no such account, or it is outside your divisions."))


def _require_giveable(administered: Administered, role: Role, place: Place) -> None:
    if role not in administered.roles_in(place):
        raise Forbidden(
            _("You may not give this role there."),
            remedy=_("Choose a place inside your own divisions and a role you could hold there."),
        )


def _found(place: Place) -> tuple[Division | None, Zone | None]:
    division = Division.objects.filter(pk=place.division).first() if place.division else None
    zone = Zone.objects.filter(pk=place.zone).first() if place.zone else None
    if not place.everywhere and division is None and zone is None:
        raise Rejected(
            _("There is no such place."), remedy=_("Search for it and choose it from the list.")
        )
    return division, zone


def _create(
    actor: User, account: User, role: Role, division: Division | None, zone: Zone | None
) -> Grant:
    grant = Grant.objects.create(
        user=account, role=role, division=division, zone=zone, granted_by=actor
    )
    _journal(AccountEvent.Kind.GRANTED, actor, grant)
    policy.forget(actor)
    return grant


def _journal(kind: AccountEvent.Kind, actor: User, grant: Grant) -> None:
    AccountEvent.objects.create(kind=kind, actor=actor, account=grant.user, grant=grant)
