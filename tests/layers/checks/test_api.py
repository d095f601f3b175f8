"""Issues over JSON and in the sheet: in the caller's divisions, fixed by who may edit."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from layers.models import User
from layers.models.feature import Feature
from layers.registry import LAYERS
from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN
from tests.layers.checks.conftest import issues_of

pytestmark = pytest.mark.django_db
LON, LAT = IN_HUAYUAN


@pytest.fixture
def roads(make_road: Callable[..., Feature]) -> list[Feature]:
    """One with a wrong length in each of two counties."""
    return [
        make_road((lon, lat), (lon, lat + 0.01), length_m=5000, division=division)
        for (lon, lat), division in ((IN_HUAYUAN, HUAYUAN), (IN_FENGHUANG, FENGHUANG))
    ]


@pytest.fixture
def planner(account: Callable[..., User], signed_in: Callable[[User], Client]) -> Client:
    return signed_in(account("planner", HUAYUAN))


def listed(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(f"/api/layers/roads/issues{query}")
    assert response.status_code == 200, response.content
    return dict(response.json())


def test_issues_are_those_of_the_callers_divisions(roads: list[Feature], planner: Client) -> None:
    answer = listed(planner)
    assert answer["complete"] is True
    (issue,) = answer["issues"]
    assert issue["feature_ids"] == [roads[0].pk]
    assert issue["rule"] == "road-length"
    assert issue["place"]["type"] == "Point"
    assert issue["fix"]
    assert listed(Client()) == {"issues": [], "complete": True}


def test_issues_can_be_narrowed(
    roads: list[Feature], steward: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(steward)
    assert len(listed(client)["issues"]) == 2
    assert listed(client, "?limit=1")["complete"] is False
    assert listed(client, "?rule=outside-county&rule=bad-value")["issues"] == []
    box = f"{LON - 0.1},{LAT - 0.1},{LON + 0.1},{LAT + 0.1}"
    (issue,) = listed(client, f"?bbox={box}")["issues"]
    assert issue["feature_ids"] == [roads[0].pk]


@pytest.mark.parametrize(
    ("query", "status"),
    [("bbox=1,2,3", 400), ("rule=x", 404), ("limit=0", 422), ("limit=100000", 422)],
)
def test_what_cannot_be_asked_is_refused(planner: Client, query: str, status: int) -> None:
    assert planner.get(f"/api/layers/roads/issues?{query}").status_code == status


def test_a_fix_over_json_answers_like_an_edit(roads: list[Feature], planner: Client) -> None:
    (issue,) = listed(planner)["issues"]
    response = planner.post(f"/api/layers/roads/issues/{issue['id']}/fix")
    assert response.status_code == 200, response.content
    assert response.json()["outcome"] == "applied"
    assert listed(planner)["issues"] == []
    assert planner.post(f"/api/layers/roads/issues/{issue['id']}/fix").json() == response.json()


def test_a_fix_is_refused_to_those_without_the_right(
    roads: list[Feature], account: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    other = issues_of("roads")[1].id
    assert Client().post(f"/api/layers/roads/issues/{other}/fix").status_code == 401
    for role, division, status in (("viewer", FENGHUANG, 403), ("planner", HUAYUAN, 404)):
        client = signed_in(account(role, division))
        assert client.post(f"/api/layers/roads/issues/{other}/fix").status_code == status
        assert client.post(f"/map/roads/issues/{other}/fix").status_code == status


def test_the_sheet_offers_the_fix_to_editors_only(
    roads: list[Feature],
    planner: Client,
    account: Callable[..., User],
    signed_in: Callable[[User], Client],
) -> None:
    (issue, _other) = issues_of("roads")
    sheet = f"/map/roads/{roads[0].pk}/sheet"
    assert issue.id in planner.get(sheet).content.decode()
    viewer = signed_in(account("viewer", HUAYUAN))
    assert issue.id not in viewer.get(sheet).content.decode()
    done = planner.post(f"/map/roads/issues/{issue.id}/fix")
    assert (done.status_code, done["Location"]) == (302, f"/map/roads/{roads[0].pk}")
    assert issue.id not in planner.get(sheet).content.decode()


def test_with_htmx_the_fix_leads_back_to_the_feature(roads: list[Feature], planner: Client) -> None:
    (issue, _other) = issues_of("roads")
    done = planner.post(f"/map/roads/issues/{issue.id}/fix", headers={"HX-Request": "true"})
    assert (done.status_code, done["HX-Redirect"]) == (200, f"/map/roads/{roads[0].pk}")


def test_looking_at_a_sheet_costs_a_few_queries_more(
    roads: list[Feature], account: Callable[..., User], django_assert_max_num_queries: Any
) -> None:
    from layers.checks.section import open_issues

    user = account("planner", HUAYUAN)
    with django_assert_max_num_queries(60):
        assert open_issues(user, LAYERS["roads"], roads[0])
