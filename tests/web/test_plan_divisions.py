"""Where somebody may draw up a plan: inside what they may edit, down to the county."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser

from gisapp.web.plan_divisions import plan_divisions
from layers.models import User
from tests.conftest import FENGHUANG, HUAYUAN, XIANGXI

Account = Callable[..., User]


def test_a_planner_of_a_prefecture_is_offered_it_and_its_counties_below(account: Account) -> None:
    offered = plan_divisions(account("planner", XIANGXI))
    assert (offered[0].code, offered[0].depth) == (XIANGXI, 0)
    assert {each.depth for each in offered[1:]} == {1}
    assert {HUAYUAN, FENGHUANG} <= {each.code for each in offered}
    assert all(each.code.startswith("4331") for each in offered)


def test_a_planner_of_a_county_is_offered_that_county(account: Account) -> None:
    assert [(each.code, each.depth) for each in plan_divisions(account("planner", HUAYUAN))] == [
        (HUAYUAN, 0)
    ]


def test_who_may_not_edit_is_offered_nothing(account: Account) -> None:
    assert plan_divisions(account("viewer", XIANGXI)) == []
    assert plan_divisions(AnonymousUser()) == []
