"""The pages of plans, as a browser sends and reads them."""

import pytest
from django.test import Client

from layers.models import WaterWork
from layers.models.plan import Plan
from layers.plans import service
from tests.conftest import FENGHUANG, HUAYUAN, IN_HUAYUAN
from tests.web.editing.conftest import LAYER, change, creation

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def work(make_feature):
    return make_feature(LAYER, name="山泉水厂", people_served=420)


@pytest.fixture
def plan(planner, work):
    plan = service.draft(actor=planner, title="改造山泉水厂", purpose="扩容", division=HUAYUAN)
    requests = [change(work, people_served=1860), creation(name="新水厂")]
    service.add_edits(actor=planner, number=plan.pk, requests=requests)
    return plan


def address(plan, action="") -> str:
    return f"/plans/{plan.pk}/{action}"


def page(client, path) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_plan_goes_from_draft_to_applied_by_two_people(
    plan, planner, reviewer, signed_in, work
) -> None:
    author, review = signed_in(planner), signed_in(reviewer)
    assert address(plan, "submit") in page(author, address(plan))
    assert author.post(address(plan, "submit")).status_code == 302
    assert address(plan, "approve") in page(review, address(plan))
    assert review.post(address(plan, "approve"), {"text": "同意"}).status_code == 302
    assert "同意" in page(author, address(plan))
    assert author.post(address(plan, "apply")).status_code == 302
    plan.refresh_from_db()
    assert plan.state == "applied"
    work.refresh_from_db()
    assert work.people_served == 1860
    shown = page(author, address(plan))
    assert f"/changesets/{plan.changeset_id}/" in shown
    assert "1,860" in shown


def test_each_edit_is_told_in_words(plan, reviewer, signed_in) -> None:
    shown = page(signed_in(reviewer), address(plan))
    assert "420" in shown
    assert "1,860" in shown
    assert "新水厂" in shown
    assert "people_served" not in shown


def test_an_author_has_no_review_form_and_cannot_approve(plan, account, signed_in) -> None:
    both = account("administrator")
    own = service.draft(actor=both, title="自己的", purpose="", division=HUAYUAN)
    service.add_edits(actor=both, number=own.pk, requests=[creation()])
    service.submit_for_review(actor=both, number=own.pk)
    client = signed_in(both)
    assert address(own, "approve") not in page(client, address(own))
    assert client.post(address(own, "approve")).status_code == 403
    own.refresh_from_db()
    assert own.state == "submitted"


def test_a_viewer_reads_and_comments_but_cannot_act(plan, viewer, planner, signed_in) -> None:
    service.submit_for_review(actor=planner, number=plan.pk)
    client = signed_in(viewer)
    shown = page(client, address(plan))
    for action in ("submit", "approve", "return", "withdraw", "apply"):
        assert address(plan, action) not in shown
    for action in ("submit", "approve", "return", "withdraw"):
        assert client.post(address(plan, action), {"text": "x"}).status_code == 403
    edit = plan.edits.first()
    assert client.post(address(plan, f"edits/{edit.uid}/remove")).status_code == 403
    said = client.post(address(plan, "comment"), {"text": "请核对口径"}, headers=HTMX)
    assert "请核对口径" in said.content.decode()
    assert "<html" not in said.content.decode()


def test_a_plan_of_another_division_is_not_there(plan, stranger, signed_in) -> None:
    client = signed_in(stranger)
    assert client.get(address(plan)).status_code == 404
    assert plan.title not in page(client, "/plans/?tab=all")
    for action in ("submit", "approve", "return", "withdraw", "apply", "comment"):
        assert client.post(address(plan, action), {"text": "x"}).status_code == 404


def test_without_an_account_the_pages_ask_to_log_in(plan) -> None:
    for path in ("/plans/", "/plans/new", address(plan)):
        assert Client().get(path)["Location"].startswith("/login/")


def test_returning_needs_a_reason_and_shows_it_to_the_author(
    plan, planner, reviewer, signed_in
) -> None:
    service.submit_for_review(actor=planner, number=plan.pk)
    client = signed_in(reviewer)
    client.post(address(plan, "return"), {"text": " "})
    plan.refresh_from_db()
    assert plan.state == "submitted"
    client.post(address(plan, "return"), {"text": "缺少照片"})
    plan.refresh_from_db()
    assert plan.state == "returned"
    assert "缺少照片" in page(signed_in(planner), address(plan))


def test_an_edit_that_no_longer_fits_is_marked_and_blocks_submission(
    plan, planner, colleague, signed_in, work, edit
) -> None:
    edit(LAYER, "update", work, actor=colleague, people_served=999)
    client = signed_in(planner)
    shown = page(client, address(plan))
    assert "edit-bad" in shown
    assert "999" in shown
    client.post(address(plan, "submit"))
    plan.refresh_from_db()
    assert plan.state == "draft"


def test_what_others_changed_elsewhere_in_the_feature_is_no_problem(
    plan, planner, colleague, signed_in, work, edit
) -> None:
    edit(LAYER, "update", work, actor=colleague, name="山泉水厂（新名）")
    shown = page(signed_in(planner), address(plan))
    assert "edit-bad" not in shown
    assert "edit-merged" in shown


def test_taking_an_edit_out(plan, planner, signed_in) -> None:
    kept, removed = plan.edits.all()
    signed_in(planner).post(address(plan, f"edits/{removed.uid}/remove"))
    assert list(plan.edits.all()) == [kept]


def test_a_deleted_feature_is_told_as_deleted(plan, planner, colleague, signed_in, work, edit):
    edit(LAYER, "delete", work, actor=colleague)
    shown = page(signed_in(planner), address(plan))
    assert "edit-bad" in shown
    assert not WaterWork.objects.filter(pk=work.pk).exists()


def test_a_feature_that_left_the_division_tells_nothing_any_more(
    plan, viewer, steward, signed_in, work, edit
) -> None:
    edit(LAYER, "update", work, actor=steward, division=FENGHUANG, name="已划走的水厂")
    shown = page(signed_in(viewer), address(plan))
    assert "已划走的水厂" not in shown
    assert "1,860" not in shown


def test_the_tabs_hold_ones_own_work(plan, planner, reviewer, signed_in) -> None:
    assert plan.title in page(signed_in(planner), "/plans/?tab=mine")
    assert plan.title not in page(signed_in(reviewer), "/plans/")
    service.submit_for_review(actor=planner, number=plan.pk)
    shown = page(signed_in(reviewer), "/plans/")
    assert plan.title in shown
    assert "shell-waiting" in shown
    assert "shell-waiting" not in page(signed_in(planner), "/plans/")


@pytest.mark.parametrize("query", ["page=0", "page=x", "state=x", "tab=x"])
def test_an_address_that_means_nothing_is_refused(planner, signed_in, query) -> None:
    assert signed_in(planner).get(f"/plans/?{query}").status_code == 400


def test_the_list_is_searched_by_title_and_purpose(plan, planner, signed_in) -> None:
    client = signed_in(planner)
    assert plan.title in page(client, "/plans/?tab=all&q=扩容")
    assert plan.title not in page(client, "/plans/?tab=all&q=没有的")
    assert plan.title not in page(client, "/plans/?tab=all&state=approved")


def test_a_new_plan_lies_where_its_author_may_edit(planner, viewer, signed_in) -> None:
    client = signed_in(planner)
    assert HUAYUAN in page(client, "/plans/new")
    assert FENGHUANG not in page(client, "/plans/new")
    assert "433124110000" in page(client, f"/plans/divisions?division={HUAYUAN}")
    sent = {"title": "双龙镇方案", "division": HUAYUAN, "township": "433124110000"}
    made = client.post("/plans/new", sent)
    assert made["Location"] == f"/plans/{Plan.objects.get().pk}/"
    assert Plan.objects.get().division_id == "433124110000"
    assert (
        client.post("/plans/new", {**sent, "division": FENGHUANG, "township": ""}).status_code
        == 403
    )
    assert signed_in(viewer).get("/plans/new").status_code == 403


def test_a_plan_without_a_title_comes_back_with_what_was_typed(planner, signed_in) -> None:
    answer = signed_in(planner).post(
        "/plans/new", {"title": " ", "purpose": "为了供水", "division": HUAYUAN}
    )
    assert answer.status_code == 400
    assert "为了供水" in answer.content.decode()


def test_personal_data_of_a_plan_are_never_shown(
    planner, reviewer, signed_in, make_feature
) -> None:
    toilet = make_feature("toilets", IN_HUAYUAN)
    plan = service.draft(actor=planner, title="户厕", purpose="", division=HUAYUAN)
    request = change(toilet, layer="toilets", householder="滕标记")
    service.add_edits(actor=planner, number=plan.pk, requests=[request])
    shown = page(signed_in(reviewer), address(plan))
    assert "滕标记" not in shown
    assert "changes-hidden" in shown
