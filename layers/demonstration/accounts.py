"""Accounts of the demonstration: the one that seeds, and one for each role."""

from dataclasses import dataclass

from django.db import transaction

from layers.access.passwords import new_password
from layers.access.roles import Role
from layers.models.access import Grant, User
from layers.models.division import Division
from layers.models.zone import Zone

SEEDER = "demonstration-seed"


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is shipped: who it is, and one grant. No place means everywhere."""

    username: str
    name: str
    office: str
    role: Role
    division: str = ""
    zone: str = ""


ACCOUNTS = (
    Account("viewer", "演示查看员", "湘赣边示范区建设办公室（演示）", Role.VIEWER, zone="luoxiao"),
    Account("inspector", "演示核查员", "花垣县乡村振兴局（演示）", Role.INSPECTOR, "433124000000"),
    Account(
        "maintainer", "演示管护员", "花垣县农村公路养护站（演示）", Role.MAINTAINER, "433124000000"
    ),
    Account("planner", "演示规划员", "花垣县乡村振兴局（演示）", Role.PLANNER, "433124000000"),
    Account("reviewer", "演示审核员", "湘西州乡村振兴局（演示）", Role.REVIEWER, "433100000000"),
    Account("steward", "演示数据管理员", "湖南省乡村振兴局（演示）", Role.STEWARD, "430000000000"),
    Account("administrator", "演示系统管理员", "系统（演示）", Role.ADMINISTRATOR),
)


def seeder() -> User:
    """The named system user in whose name demonstration data is loaded; nobody can log in as it."""
    user, created = User.objects.get_or_create(
        username=SEEDER,
        defaults={"first_name": "演示数据", "office": "系统", "demonstration": True},
    )
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    Grant.objects.get_or_create(
        user=user, role=Role.ADMINISTRATOR, division=None, zone=None, revoked_at=None
    )
    return user


@transaction.atomic
def ensure_accounts(*, reset: bool = False) -> dict[Account, str | None]:
    """Make the accounts that are missing; with `reset`, new passwords for those there are too.

    Returns each account's new password, or None where it was left alone. A user who has one of
    the names and is not marked as demonstration is nobody's to touch: it is left alone too.
    """
    return {account: _ensure(account, reset=reset) for account in ACCOUNTS}


def _ensure(account: Account, *, reset: bool) -> str | None:
    user = User.objects.filter(username=account.username).first()
    if user is not None and not (reset and user.demonstration):
        return None
    password = new_password()
    if user is None:
        user = User.objects.create_user(
            account.username,
            password=password,
            first_name=account.name,
            office=account.office,
            demonstration=True,
            # May open the admin site; what it may do there follows from the grant.
            is_staff=account.role is Role.ADMINISTRATOR,
        )
        _grant(user, account)
    else:
        user.set_password(password)
        user.is_active = True
        user.save(update_fields=["password", "is_active"])
    return password


def _grant(user: User, account: Account) -> None:
    Grant.objects.create(
        user=user,
        role=account.role,
        division=Division.objects.get(code=account.division) if account.division else None,
        zone=Zone.objects.get(code=account.zone) if account.zone else None,
    )


def place_of(account: Account) -> str:
    """The name of where the account may act."""
    if account.zone:
        return Zone.objects.get(code=account.zone).name
    return Division.objects.get(code=account.division).name if account.division else "全部"
