"""Creating accounts, disabling and enabling them, setting passwords: journalled, like grants."""

from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from layers.access.administration import Administered, Place
from layers.access.grants import first_grant
from layers.access.passwords import new_password
from layers.access.roles import Role
from layers.errors import Forbidden, NotFound, Rejected
from layers.models.access import User
from layers.models.account_event import AccountEvent

Kind = AccountEvent.Kind


@dataclass(frozen=True, slots=True)
class Person:
    """Who gets an account."""

    username: str
    name: str = ""
    office: str = ""


@transaction.atomic
def create_account(
    *, actor: User, person: Person, role: Role, place: Place, password: str = ""
) -> tuple[User, str]:
    """A new account with its first grant, by which its administrators see it; and its password.

    Without a password one is made; it is returned to be shown once. Raises Forbidden, or Rejected
    with the problems by field.
    """
    Administered.by(actor)
    secret = password or new_password()
    user = User(username=person.username, first_name=person.name, office=person.office)
    user.set_password(secret)
    problems = _problems(user, secret)
    if problems:
        raise Rejected(_("The account cannot be created like this."), detail={"problems": problems})
    user.save(force_insert=True)
    _journal(Kind.CREATED, actor, user)
    first_grant(actor=actor, account=user, role=role, place=place)
    return user, secret


def _problems(user: User, password: str) -> list[dict[str, str]]:
    """What Django's validators say, by the form's field names."""
    found: list[dict[str, str]] = []
    try:
        user.full_clean()
    except ValidationError as error:
        for field, texts in error.message_dict.items():
            name = {"first_name": "name"}.get(field, field)
            found.extend({"field": name, "message": text} for text in texts)
    found.extend({"field": "password", "message": text} for text in _weaknesses(user, password))
    return found


def _weaknesses(user: User, password: str) -> list[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return list(error.messages)
    return []


@transaction.atomic
def set_active(*, actor: User, account: User, active: bool) -> User:
    """Disable an account, or enable it again. Its sessions, tokens and passwords stop at once.

    Raises NotFound, Forbidden for an account that also works elsewhere, Rejected for one's own.
    """
    account = _manageable(actor, account)
    if account.pk == actor.pk:
        raise Rejected(
            _("You cannot disable your own account."), remedy=_("Ask another administrator.")
        )
    if account.is_active is not active:
        account.is_active = active
        account.save(update_fields=["is_active"])
        _journal(Kind.ENABLED if active else Kind.DISABLED, actor, account)
    return account


@transaction.atomic
def set_password(*, actor: User, account: User) -> str:
    """A new password for who has forgotten theirs, to be shown once. It ends their sessions.

    Raises NotFound, or Forbidden for an account that also works elsewhere.
    """
    account = _manageable(actor, account)
    secret = new_password()
    account.set_password(secret)
    account.save(update_fields=["password"])
    _journal(Kind.PASSWORD_SET, actor, account)
    return secret


def note_own_change(user: User) -> None:
    """Journal that someone changed their own password."""
    _journal(Kind.PASSWORD_CHANGED, user, user)


def _manageable(actor: User, account: User) -> User:
    administered = Administered.by(actor)
    found = administered.accounts().select_for_update(of=("self",)).filter(pk=account.pk).first()
    if found is None:
        raise NotFound(_("There is no such account, or it is outside your divisions."))
    if not administered.has_all_of(found):
        raise Forbidden(
            _("This account also works outside your divisions."),
            remedy=_("Revoke its grants here, or ask an administrator of the wider division."),
        )
    return found


def _journal(kind: AccountEvent.Kind, actor: User, account: User) -> None:
    AccountEvent.objects.create(kind=kind, actor=actor, account=account)
