"""Giving and ending grants, and what an administrator sees and may do of accounts."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from layers.access import accounts, grants, policy
from layers.access.accounts import Person
from layers.access.administration import Administered, Place, contains
from layers.access.policy import EVERYTHING, NOTHING, Scope
from layers.access.roles import Action, Role
from layers.errors import Forbidden, LoginRequired, NotFound, Rejected
from layers.models import AccountEvent, Grant, Unmasking, User
from tests.conftest import FENGHUANG, HUAYUAN, SHIBADONG, XIANGXI

PROVINCE = "430000000000"
JISHOU = "433101000000"
IN_XIANGXI = [Place(XIANGXI), Place(HUAYUAN), Place(SHIBADONG)]
BEYOND = [
    Place(PROVINCE),
    Place("431200000000"),
    Place(zone="luoxiao"),
    Place(),
    Place("999999999999"),
]


@pytest.fixture
def prefecture(account) -> User:
    return account("administrator", XIANGXI)


@pytest.fixture
def clerk(account) -> User:
    return account("viewer", JISHOU)


def add(user: User, role: str, division: str | None) -> Grant:
    return Grant.objects.create(user=user, role=role, division_id=division)


def test_containing_is_for_scopes_as_a_whole() -> None:
    assert contains(Scope.of(["4331"]), Scope.of(["433124", "433123"]))
    assert contains(EVERYTHING, EVERYTHING)
    assert not contains(Scope.of(["433124"]), Scope.of(["4331"]))
    assert not contains(Scope.of(["4331"]), Scope.of(["433124", "4312"]))
    assert not contains(EVERYTHING, NOTHING)


@pytest.mark.parametrize("place", IN_XIANGXI)
@pytest.mark.parametrize("role", Role)
def test_an_administrator_gives_every_role_inside_their_divisions(
    prefecture, clerk, role: Role, place: Place
) -> None:
    grant = grants.grant_role(actor=prefecture, account=clerk, role=role, place=place)
    assert grant.granted_by == prefecture
    assert grants.grant_role(actor=prefecture, account=clerk, role=role, place=place) == grant
    event = AccountEvent.objects.get(account=clerk)
    assert (event.kind, event.actor, event.grant) == ("granted", prefecture, grant)


@pytest.mark.parametrize("place", BEYOND)
def test_nobody_gives_roles_beyond_their_own_divisions(prefecture, clerk, place: Place) -> None:
    with pytest.raises(Forbidden):
        grants.grant_role(actor=prefecture, account=clerk, role=Role.VIEWER, place=place)


def test_a_zone_is_given_by_who_administers_all_of_it(account, clerk) -> None:
    wider = account("administrator", PROVINCE)
    add(clerk, "viewer", None)
    place = Place(zone="luoxiao")
    assert grants.grant_role(actor=wider, account=clerk, role=Role.VIEWER, place=place).zone_id
    with pytest.raises(Rejected):
        grants.grant_role(
            actor=User.objects.create_superuser("root"),
            account=clerk,
            role=Role.VIEWER,
            place=Place("439999999999"),
        )


@pytest.mark.parametrize("role", [None, *(role for role in Role if role != Role.ADMINISTRATOR)])
def test_only_administrators_give_roles(account, clerk, role: Role | None) -> None:
    actor = account(role and role.value, HUAYUAN)
    with pytest.raises(Forbidden):
        grants.grant_role(actor=actor, account=clerk, role=Role.VIEWER, place=Place(HUAYUAN))
    with pytest.raises(LoginRequired):
        Administered.by(AnonymousUser())


def test_a_role_that_does_more_than_the_giver_may_is_not_theirs_to_give(
    prefecture, monkeypatch
) -> None:
    from layers.access import roles

    weaker = {**roles.PERMISSIONS, Role.ADMINISTRATOR: frozenset({Action.VIEW, Action.ADMINISTER})}
    for module in (roles, __import__("layers.access.administration", fromlist=["x"])):
        monkeypatch.setattr(module, "PERMISSIONS", weaker)
    given = Administered.by(prefecture).roles_in(Place(HUAYUAN))
    assert given == [Role.VIEWER, Role.ADMINISTRATOR]


def test_an_ended_grant_stays_as_history_and_ends_once(prefecture, clerk) -> None:
    grant = grants.grant_role(
        actor=prefecture, account=clerk, role=Role.PLANNER, place=Place(HUAYUAN)
    )
    assert policy.may(clerk, Action.EDIT, HUAYUAN)
    ended = grants.revoke_grant(actor=prefecture, grant_id=grant.pk)
    assert not policy.may(clerk, Action.EDIT, HUAYUAN)
    assert ended.revoked_by == prefecture
    again = grants.revoke_grant(actor=prefecture, grant_id=grant.pk)
    assert again.revoked_at == ended.revoked_at
    assert AccountEvent.objects.filter(kind="revoked").count() == 1
    assert Grant.objects.filter(pk=grant.pk).exists()


def test_grants_elsewhere_are_not_there_to_be_revoked(prefecture, clerk) -> None:
    for division in ("430102000000", PROVINCE, None):
        with pytest.raises(NotFound):
            grants.revoke_grant(actor=prefecture, grant_id=add(clerk, "viewer", division).pk)


def test_nobody_locks_themselves_out(prefecture) -> None:
    only = Grant.objects.get(user=prefecture)
    with pytest.raises(Rejected):
        grants.revoke_grant(actor=prefecture, grant_id=only.pk)
    second = add(prefecture, "administrator", HUAYUAN)
    grants.revoke_grant(actor=prefecture, grant_id=second.pk)
    with pytest.raises(Rejected):
        grants.revoke_grant(actor=prefecture, grant_id=only.pk)
    with pytest.raises(Rejected):
        accounts.set_active(actor=prefecture, account=prefecture, active=False)


def test_one_sees_accounts_through_grants_inside_and_nothing_of_those_elsewhere(
    prefecture, clerk, account
) -> None:
    stranger = account("viewer", "430102000000")
    outside = add(clerk, "steward", "430102000000")
    former = account("planner", FENGHUANG)
    Grant.objects.filter(user=former).update(revoked_at=timezone.now())
    seen = Administered.by(prefecture)
    assert set(seen.accounts()) == {prefecture, clerk, former}
    assert outside not in seen.grants()
    AccountEvent.objects.create(kind="granted", actor=stranger, account=clerk, grant=outside)
    assert not seen.events(clerk).exists()
    with pytest.raises(NotFound):
        grants.grant_role(
            actor=prefecture, account=stranger, role=Role.VIEWER, place=Place(HUAYUAN)
        )


def test_who_administers_everything_sees_accounts_without_a_grant(account) -> None:
    nobody = account()
    everywhere = account("viewer", HUAYUAN)
    add(everywhere, "administrator", None)
    assert nobody in Administered.by(everywhere).accounts()


def make(actor: User, **more: Any) -> tuple[User, str]:
    values = {"role": Role.PLANNER, "place": Place(HUAYUAN), **more}
    person = values.pop("person", Person("zhang.san", "张三", "花垣县乡村振兴局"))
    return accounts.create_account(actor=actor, person=person, **values)


def test_a_new_account_has_its_first_grant_and_a_password_that_is_told_once(prefecture) -> None:
    user, password = make(prefecture)
    assert user.check_password(password)
    assert policy.may(user, Action.EDIT, SHIBADONG)
    kinds = AccountEvent.objects.filter(account=user, actor=prefecture)
    assert {event.kind for event in kinds} == {"created", "granted"}
    assert password not in str(list(AccountEvent.objects.values_list()))


def test_a_refused_account_is_not_half_created(prefecture) -> None:
    with pytest.raises(Forbidden):
        make(prefecture, place=Place(PROVINCE))
    for changes, fields in [
        ({"person": Person("")}, {"username"}),
        ({"person": Person("has blank")}, {"username"}),
        ({"person": Person(prefecture.username)}, {"username"}),
        ({"password": "12345678"}, {"password"}),
    ]:
        with pytest.raises(Rejected) as refusal:
            make(prefecture, **changes)
        assert {each["field"] for each in refusal.value.detail["problems"]} == fields
    assert not User.objects.filter(username="zhang.san").exists()


def test_only_an_account_that_works_nowhere_else_is_disabled_or_gets_a_password(
    prefecture, clerk, account
) -> None:
    assert not accounts.set_active(actor=prefecture, account=clerk, active=False).is_active
    assert accounts.set_active(actor=prefecture, account=clerk, active=True).is_active
    password = accounts.set_password(actor=prefecture, account=clerk)
    clerk.refresh_from_db()
    assert clerk.check_password(password)
    wider = account("administrator", PROVINCE)
    add(wider, "viewer", HUAYUAN)
    root = User.objects.create_superuser("root")
    add(root, "viewer", HUAYUAN)
    staff = account("viewer", HUAYUAN)
    User.objects.filter(pk=staff.pk).update(is_staff=True)
    for other in (wider, root, staff):
        with pytest.raises(Forbidden):
            accounts.set_password(actor=prefecture, account=other)
        with pytest.raises(Forbidden):
            accounts.set_active(actor=prefecture, account=other, active=False)
    with pytest.raises(NotFound):
        accounts.set_password(actor=prefecture, account=account("viewer", "430102000000"))
    assert [event.kind for event in AccountEvent.objects.filter(account=clerk)] == [
        "password-set", "enabled", "disabled",
    ]  # fmt: skip


def test_an_unmasking_is_read_by_who_administers_its_division(prefecture, clerk, account) -> None:
    for division in (SHIBADONG, "430102000000"):
        Unmasking.objects.create(
            user=clerk, layer="toilets", feature_id=1, division=division, reason="核对"
        )
    assert [look.division for look in Administered.by(prefecture).unmaskings()] == [SHIBADONG]
