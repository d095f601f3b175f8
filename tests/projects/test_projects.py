"""The project library: seen inside one's grants only, its money summed by source."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.test import Client

from gisapp.projects.models import Funding, Project, ProjectFeature, Stage
from gisapp.projects.reference import load_project_code_lists
from layers.models import CodeItem
from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG, SHIBADONG, XIANGXI

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_project():
    def make(code: str, division: str = SHIBADONG, **more) -> Project:
        values = {
            "name": f"{code} 通组路硬化",
            "kind": "construction",
            "library": "construction",
            "division_id": division,
            "planned_start": date(2026, 3, 1),
            **more,
        }
        return Project.objects.create(code=code, **values)

    return make


def test_the_list_holds_the_projects_of_ones_divisions(make_project, account, signed_in) -> None:
    make_project("P-HY")
    make_project("P-FH", FENGHUANG)
    inside = signed_in(account("viewer", HUAYUAN)).get("/projects/").content.decode()
    assert "P-HY" in inside
    assert "P-FH" not in inside
    assert Client().get("/projects/").status_code == 302
    assert signed_in(account()).get("/projects/").status_code == 403


def test_one_outside_looks_like_one_that_is_not(make_project, account, signed_in) -> None:
    there = make_project("P-FH", FENGHUANG)
    client = signed_in(account("viewer", HUAYUAN))
    assert client.get(f"/projects/{there.pk}").status_code == 404
    assert client.get("/projects/99999999").status_code == 404


def test_filters_narrow_the_list_and_its_money(make_project, account, signed_in) -> None:
    one = make_project("P-1", kind="industry", stage=Stage.CONSTRUCTION)
    two = make_project("P-2", FENGHUANG, rejected=True, rejection_reason="no_goal")
    for project, planned in ((one, "1200000.50"), (two, "300000")):
        Funding.objects.create(
            project=project, source="central", planned_yuan=planned, paid_yuan="100000"
        )
    client = signed_in(account("viewer", XIANGXI))

    def total(**query) -> Decimal:
        return client.get("/projects/", query).context["total"].planned

    assert total() == Decimal("1500000.50")
    assert total(kind="industry") == Decimal("1200000.50")
    assert total(stage="construction") == Decimal("1200000.50")
    assert total(stage="rejected") == Decimal("300000")
    assert total(county=FENGHUANG) == Decimal("300000")
    assert total(q="P-1") == Decimal("1200000.50")
    assert client.get("/projects/", {"q": "没有这样的"}).context["count"] == 0
    assert client.get("/projects/", {"stage": "x"}).status_code == 400
    assert client.get("/projects/", {"page": "-1"}).status_code == 400


def test_a_page_follows_the_money_to_the_places_one_may_see(
    make_project, make_feature, account, signed_in
) -> None:
    project = make_project("P-1")
    here, there = make_feature("roads"), make_feature("roads", IN_FENGHUANG)
    for road in (here, there):
        ProjectFeature.objects.create(
            project=project,
            layer="roads",
            feature_id=road.pk,
            role="builds",
            funds_share_yuan=60_000,
        )
    page = signed_in(account("viewer", HUAYUAN)).get(f"/projects/{project.pk}")
    assert f"/map/roads/{here.pk}" in page.content.decode()
    assert f"/map/roads/{there.pk}" not in page.content.decode()
    assert page.context["hidden"] == 1
    sheet = signed_in(account("viewer", HUAYUAN)).get(f"/map/roads/{here.pk}/sheet")
    assert f"/projects/{project.pk}" in sheet.content.decode()


def test_the_flow_shows_where_a_project_stands(make_project, account, signed_in) -> None:
    project = make_project(
        "P-1", stage=Stage.COUNTY_APPROVAL, rejected=True, rejection_reason="no_goal"
    )
    steps = signed_in(account("viewer", HUAYUAN)).get(f"/projects/{project.pk}").context["steps"]
    assert [step.state for step in steps][:4] == ["done", "done", "rejected", "coming"]
    assert len(steps) == 9


def test_the_database_keeps_projects_sensible(make_project) -> None:
    with pytest.raises(IntegrityError):
        make_project("P-1", rejected=True)


def test_the_code_lists_load_twice_as_once() -> None:
    count = load_project_code_lists()
    assert load_project_code_lists() == count
    assert CodeItem.objects.filter(list_name="project_kind").count() == 8


def test_a_page_of_the_list_costs_the_same_queries_however_long_it_is(
    make_project, account, signed_in, django_assert_max_num_queries
) -> None:
    for number in range(20):
        make_project(f"P-{number}")
    client = signed_in(account("viewer", HUAYUAN))
    with django_assert_max_num_queries(16):
        client.get("/projects/")
