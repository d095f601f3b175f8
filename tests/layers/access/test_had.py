"""What a grant that has ended would have permitted while it was in force."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from layers.access.policy import had, may
from layers.access.roles import Action
from layers.models import Grant, User, ZoneMember
from tests.conftest import FENGHUANG, HUAYUAN, SHIBADONG

NOW = timezone.now()
GRANTED, DURING, REVOKED, AFTER = (NOW - timedelta(days=days) for days in (30, 20, 10, 5))
LUOXIAO_COUNTY = "430225000000"


@pytest.fixture
def former(account) -> User:
    """Was a planner in 花垣县 for twenty days."""
    user = account("planner", HUAYUAN)
    Grant.objects.filter(user=user).update(granted_at=GRANTED, revoked_at=REVOKED)
    return user


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (GRANTED - timedelta(seconds=1), False),
        (GRANTED, True),
        (DURING, True),
        (REVOKED - timedelta(seconds=1), True),
        (REVOKED, False),
        (AFTER, False),
        (NOW + timedelta(days=1), False),
    ],
)
def test_an_ended_grant_counts_for_the_time_it_was_in_force(
    former: User, at: datetime, expected: bool
) -> None:
    assert had(former, Action.EDIT, HUAYUAN, at) is expected
    assert not may(former, Action.EDIT, HUAYUAN)


def test_it_permitted_its_own_actions_in_its_own_subtree_only(former: User) -> None:
    assert had(former, Action.EDIT, SHIBADONG, DURING)
    assert not had(former, Action.EDIT, FENGHUANG, DURING)
    assert not had(former, Action.IMPORT, HUAYUAN, DURING)


def test_what_one_may_still_do_is_not_ended(former: User, account) -> None:
    assert not had(account("planner", HUAYUAN), Action.EDIT, HUAYUAN, NOW)
    Grant.objects.create(user=former, role="steward", division_id=HUAYUAN)
    assert not had(former, Action.EDIT, HUAYUAN, DURING), "another grant has taken its place"


def test_a_county_that_left_the_zone_counts_for_its_days_in_it(account) -> None:
    user = account("planner", zone="luoxiao")
    Grant.objects.filter(user=user).update(granted_at=GRANTED)
    left = timezone.localdate(REVOKED)
    ZoneMember.objects.filter(zone="luoxiao", division=LUOXIAO_COUNTY).update(valid_to=left)
    assert had(user, Action.EDIT, LUOXIAO_COUNTY, DURING)
    assert not had(user, Action.EDIT, LUOXIAO_COUNTY, AFTER)


def test_a_disabled_account_had_its_rights_and_a_superuser_has_them(account) -> None:
    user = account("planner", HUAYUAN)
    Grant.objects.filter(user=user).update(granted_at=GRANTED)
    user.is_active = False
    assert had(user, Action.EDIT, HUAYUAN, DURING)
    root = User.objects.create_superuser("root")
    assert not had(root, Action.EDIT, HUAYUAN, DURING)
