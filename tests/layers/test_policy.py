"""Who may do what, and where."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from layers.access import policy
from layers.access.policy import EVERYTHING, NOTHING, Scope, division_prefix, narrowed
from layers.access.roles import PERMISSIONS, Action, Role
from layers.errors import Forbidden, LoginRequired
from layers.models import Division, Grant
from tests.conftest import FENGHUANG, HUAYUAN, SHIBADONG, XIANGXI

prefixes = st.lists(st.sampled_from(["", "43", "4331", "433124", "433123", "433124110"]))
codes = st.sampled_from([HUAYUAN, FENGHUANG, SHIBADONG, XIANGXI, "430102000000", "360000000000"])


def test_a_code_without_its_trailing_levels_is_the_prefix_of_its_subtree() -> None:
    assert division_prefix("430000000000") == "43"
    assert division_prefix(XIANGXI) == "4331"
    assert division_prefix(SHIBADONG) == SHIBADONG
    # A prefecture whose code ends in a zero must not swallow its neighbours.
    assert division_prefix("431000000000") == "4310"


@pytest.mark.parametrize(("role", "action"), list(itertools.product(Role, Action)))
def test_a_role_may_do_exactly_what_its_row_of_the_matrix_says(account, role, action) -> None:
    user = account(role.value, HUAYUAN)
    allowed = action in PERMISSIONS[role]
    assert policy.may(user, action, SHIBADONG) is allowed
    assert not policy.may(user, action, FENGHUANG)
    assert not policy.may(user, action, XIANGXI), "a county's grant does not reach up"


def test_a_zone_grant_covers_its_member_counties(account) -> None:
    user = account("viewer", zone="luoxiao")
    assert policy.may(user, Action.VIEW, "430225000000")
    assert not policy.may(user, Action.VIEW, HUAYUAN)


def test_a_revoked_grant_gives_nothing(account) -> None:
    user = account("planner", HUAYUAN)
    Grant.objects.filter(user=user).update(revoked_at=timezone.now())
    assert policy.scope(user) == NOTHING


@pytest.mark.django_db
def test_nobody_sees_nothing_and_is_asked_to_log_in() -> None:
    assert policy.scope(AnonymousUser()) == NOTHING
    with pytest.raises(LoginRequired):
        policy.require(AnonymousUser(), Action.VIEW, HUAYUAN)


def test_the_wrong_division_is_forbidden_with_a_way_out(account) -> None:
    with pytest.raises(Forbidden) as refusal:
        policy.require(account("planner", HUAYUAN), Action.EDIT, FENGHUANG)
    assert refusal.value.remedy


@given(prefixes, codes)
def test_ranges_and_covers_agree(some: list[str], code: str) -> None:
    scope = Scope.of(some)
    assert scope.covers(code) == any(low <= code <= high for low, high in scope.ranges())


@given(prefixes, prefixes, codes)
def test_narrowed_is_the_intersection(one: list[str], other: list[str], code: str) -> None:
    a, b = Scope.of(one), Scope.of(other)
    assert narrowed(a, b).covers(code) == (a.covers(code) and b.covers(code))


@pytest.mark.django_db
def test_the_queryset_and_the_sql_condition_select_the_same_divisions() -> None:
    for scope in (NOTHING, EVERYTHING, Scope.of(["433124"]), Scope.of(["4331", "430225"])):
        by_orm = set(Division.objects.filter(scope.q("code")).values_list("code", flat=True))
        text, values = scope.sql("code")
        rows = Division.objects.raw(f"SELECT code FROM layers_division WHERE {text}", values)
        assert by_orm == {row.code for row in rows}


@pytest.mark.django_db
@pytest.mark.parametrize("scope", [NOTHING, EVERYTHING, Scope.of(["4331"])])
def test_the_condition_can_be_joined_to_others_and_negated(scope: Scope) -> None:
    everything = set(Division.objects.values_list("code", flat=True))
    inside = {code for code in everything if scope.covers(code)}
    own = Q(code="430102000000")

    def found(condition: Q) -> set[str]:
        return set(Division.objects.filter(condition).values_list("code", flat=True))

    assert found(own | scope.q("code")) == inside | {"430102000000"}
    assert found(own & scope.q("code")) == inside & {"430102000000"}
    assert found(~scope.q("code")) == everything - inside


def test_the_condition_of_everything_costs_nothing() -> None:
    assert "WHERE" not in str(Division.objects.filter(EVERYTHING.q("code")).query)


def test_one_request_reads_its_users_grants_once(account, django_assert_num_queries) -> None:
    user = policy.remembering(account("planner", HUAYUAN))
    with django_assert_num_queries(1):
        for _question in range(5):
            assert policy.may(user, Action.EDIT, SHIBADONG)
    Grant.objects.filter(user=user).update(revoked_at=timezone.now())
    policy.forget(user)
    assert policy.scope(user) == NOTHING
