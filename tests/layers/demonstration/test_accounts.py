"""Demonstration accounts: one a role, shown once, never overwritten by chance."""

import io
import re

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from layers.access import policy
from layers.access.roles import Action, Role
from layers.demonstration.accounts import ACCOUNTS, new_password, seeder
from layers.models import Grant, User

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    output = io.StringIO()
    call_command("demo_accounts", *arguments, stdout=output)
    return output.getvalue()


def passwords(text: str) -> dict[str, str]:
    return dict(re.findall(r"^(\w+) +((?:[a-z2-9]{4}-){3}[a-z2-9]{4}) ", text, re.MULTILINE))


def test_every_role_has_an_account_with_its_grant() -> None:
    run()
    for account in ACCOUNTS:
        user = User.objects.get(username=account.username)
        grant = Grant.objects.get(user=user)
        assert grant.role == account.role
        assert (grant.division_id or "", grant.zone_id or "") == (account.division, account.zone)
        assert user.demonstration
        assert not user.is_superuser
        assert user.is_staff == (account.role is Role.ADMINISTRATOR)
        assert not policy.scope(user, Action.VIEW).empty
    assert {account.role for account in ACCOUNTS} == set(Role)


def test_the_printed_passwords_open_the_accounts() -> None:
    shown = passwords(run())
    assert set(shown) == {account.username for account in ACCOUNTS}
    for username, password in shown.items():
        assert authenticate(username=username, password=password) is not None


def test_running_again_changes_and_shows_nothing() -> None:
    run()
    before = dict(User.objects.values_list("username", "password"))
    again = run()
    assert not passwords(again)
    assert "--reset" in again
    assert dict(User.objects.values_list("username", "password")) == before
    assert Grant.objects.count() == len(ACCOUNTS)


def test_reset_makes_new_passwords_for_demonstration_accounts_only() -> None:
    User.objects.create_user("planner", password="mine-and-real-1234")
    first = passwords(run())
    assert "planner" not in first
    second = passwords(run("--reset"))
    assert set(second) == set(first)
    assert all(second[name] != first[name] for name in first)
    assert authenticate(username="planner", password="mine-and-real-1234") is not None


def test_passwords_are_long_and_never_the_same() -> None:
    made = {new_password() for _each in range(200)}
    assert len(made) == 200
    assert all(
        re.fullmatch(r"([b-df-hj-np-tv-z2-9]{4}-){3}[b-df-hj-np-tv-z2-9]{4}", each) for each in made
    )


def test_nobody_can_log_in_as_the_seeding_account() -> None:
    user = seeder()
    assert seeder() == user
    assert not user.has_usable_password()
    assert Grant.objects.filter(user=user).count() == 1
