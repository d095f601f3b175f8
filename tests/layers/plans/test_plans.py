"""Plans: nothing of them is live until they are applied, and then all of it is, or nothing."""

import uuid

import pytest

from layers.editing.request import EditRequest, Other
from layers.errors import Conflict, Forbidden, NotFound, Rejected
from layers.models import Edit, Operation, PlanEvent, PlannedEdit, Road, Submission, WaterWork
from layers.plans import service
from layers.plans.rehearsal import rehearse
from tests.conftest import ATTRIBUTES, FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN, place

pytestmark = pytest.mark.django_db

LAYER = "water-works"


def creation(at=IN_HUAYUAN, **properties):
    return EditRequest(
        uuid.uuid4(),
        LAYER,
        Operation.CREATE,
        geometry=place(LAYER, *at),
        properties={**ATTRIBUTES[LAYER], **properties},
    )


def change(feature, **properties):
    return EditRequest(
        uuid.uuid4(), LAYER, Operation.UPDATE, feature.pk, feature.version, properties=properties
    )


@pytest.fixture
def planner(account):
    return account("planner", HUAYUAN)


@pytest.fixture
def reviewer(account):
    return account("reviewer", HUAYUAN)


@pytest.fixture
def plan(planner):
    return service.draft(actor=planner, title="改造水厂", purpose="", division=HUAYUAN)


def approved(plan, planner, reviewer):
    service.submit_for_review(actor=planner, number=plan.pk)
    return service.approve(actor=reviewer, number=plan.pk, text="同意")


def test_what_is_planned_is_not_live_until_it_is_applied(
    plan, planner, reviewer, make_feature
) -> None:
    work = make_feature(LAYER)
    new = creation(name="新水厂")
    later = EditRequest(
        uuid.uuid4(), LAYER, Operation.UPDATE, base_edit=new.uid, properties={"people_served": 9}
    )
    service.add_edits(actor=planner, number=plan.pk, requests=[new, later, change(work, name="改")])
    assert WaterWork.objects.count() == 1
    assert not Edit.objects.exclude(feature_id=work.pk).exists()
    approved(plan, planner, reviewer)
    outcomes = service.apply(actor=planner, number=plan.pk)
    assert all(each.in_the_journal for each in outcomes)
    assert set(WaterWork.objects.values_list("name", "people_served")) == {
        ("改", 420),
        ("新水厂", 9),
    }
    plan.refresh_from_db()
    assert plan.state == "applied"
    entries = Edit.objects.filter(changeset=plan.changeset)
    assert {(each.author, each.reviewer) for each in entries} == {(planner, reviewer)}
    kinds = [event.kind for event in plan.events.all()]
    assert kinds == ["submitted", "approved", "applied"]


def test_nothing_of_a_plan_is_applied_where_one_edit_no_longer_fits(
    plan, planner, reviewer, make_feature, edit
) -> None:
    work = make_feature(LAYER)
    requests = [creation(name="新水厂"), change(work, people_served=1)]
    service.add_edits(actor=planner, number=plan.pk, requests=requests)
    approved(plan, planner, reviewer)
    edit(LAYER, "update", work, people_served=2)
    outcomes = service.apply(actor=planner, number=plan.pk)
    assert [each.kind.value for each in outcomes] == ["applied", "conflict"]
    assert WaterWork.objects.get().people_served == 2
    assert not Submission.objects.exists()
    plan.refresh_from_db()
    assert plan.state == "approved"


def test_a_change_elsewhere_in_the_feature_is_merged_when_the_plan_is_applied(
    plan, planner, reviewer, make_feature, edit
) -> None:
    work = make_feature(LAYER)
    service.add_edits(actor=planner, number=plan.pk, requests=[change(work, people_served=1)])
    approved(plan, planner, reviewer)
    edit(LAYER, "update", work, name="改")
    assert service.apply(actor=reviewer, number=plan.pk)[0].kind.value == "merged"
    assert WaterWork.objects.values_list("name", "people_served").get() == ("改", 1)


def test_an_edit_that_could_not_be_applied_is_not_planned(plan, planner, make_feature) -> None:
    work = make_feature(LAYER)
    with pytest.raises(Rejected):
        service.add_edits(
            actor=planner, number=plan.pk, requests=[creation(), change(work, people_served=-1)]
        )
    assert not PlannedEdit.objects.exists()


def test_a_plan_stays_inside_its_division(account, make_feature) -> None:
    planner = account("planner", "430000000000")
    plan = service.draft(actor=planner, title="x", purpose="", division=HUAYUAN)
    outside = make_feature(LAYER, IN_FENGHUANG)
    moved_out = make_feature(LAYER)
    for request in (creation(IN_FENGHUANG), change(outside, name="x"),
                    change(moved_out, division=FENGHUANG)):  # fmt: skip
        with pytest.raises(Rejected):
            service.add_edits(actor=planner, number=plan.pk, requests=[request])
    assert not PlannedEdit.objects.exists()


def test_the_same_edit_is_planned_once(plan, planner) -> None:
    request = creation()
    for _again in range(2):
        service.add_edits(actor=planner, number=plan.pk, requests=[request])
    assert plan.edits.count() == 1


def test_its_author_does_not_review_it_and_nobody_else_changes_it(
    plan, account, reviewer, steward
) -> None:
    both = account("administrator", HUAYUAN)
    own = service.draft(actor=both, title="x", purpose="", division=HUAYUAN)
    service.add_edits(actor=both, number=own.pk, requests=[creation()])
    service.submit_for_review(actor=both, number=own.pk)
    with pytest.raises(Forbidden):
        service.approve(actor=both, number=own.pk)
    with pytest.raises(Forbidden):
        service.approve(actor=steward, number=own.pk)
    with pytest.raises(Forbidden):
        service.add_edits(actor=steward, number=plan.pk, requests=[creation()])
    outsider = account("reviewer", FENGHUANG)
    with pytest.raises(NotFound):
        service.approve(actor=outsider, number=own.pk)
    with pytest.raises(NotFound):
        service.comment(actor=outsider, number=own.pk, text="x")


def test_a_change_takes_an_approval_back(plan, planner, reviewer) -> None:
    service.add_edits(actor=planner, number=plan.pk, requests=[creation()])
    approved(plan, planner, reviewer)
    service.add_edits(actor=planner, number=plan.pk, requests=[creation()])
    plan.refresh_from_db()
    assert (plan.state, plan.reviewer) == ("draft", None)
    with pytest.raises(Conflict):
        service.apply(actor=planner, number=plan.pk)


def test_a_returned_plan_says_why_and_can_be_submitted_again(plan, planner, reviewer) -> None:
    service.add_edits(actor=planner, number=plan.pk, requests=[creation()])
    service.submit_for_review(actor=planner, number=plan.pk)
    service.send_back(actor=reviewer, number=plan.pk, text="位置不对")
    assert plan.events.filter(kind=PlanEvent.Kind.RETURNED, text="位置不对").exists()
    assert approved(plan, planner, reviewer).state == "approved"


def test_an_edit_that_others_build_on_is_not_taken_out(plan, planner) -> None:
    new = creation()
    later = EditRequest(
        uuid.uuid4(), LAYER, Operation.UPDATE, base_edit=new.uid, properties={"name": "x"}
    )
    service.add_edits(actor=planner, number=plan.pk, requests=[new, later])
    with pytest.raises(Conflict):
        service.remove_edit(actor=planner, number=plan.pk, uid=new.uid)
    assert plan.edits.count() == 2
    service.remove_edit(actor=planner, number=plan.pk, uid=later.uid)
    assert plan.edits.count() == 1


def test_a_reviewer_whose_grant_has_ended_approved_nothing(plan, planner, reviewer) -> None:
    service.add_edits(actor=planner, number=plan.pk, requests=[creation()])
    approved(plan, planner, reviewer)
    reviewer.grants.all().delete()
    outcomes = service.apply(actor=planner, number=plan.pk)
    assert [each.kind.value for each in outcomes] == ["rejected"]
    assert not WaterWork.objects.exists()


def test_a_rehearsal_shows_before_and_after_and_leaves_no_trace(plan, planner, make_feature):
    one, other = make_feature(LAYER, operator=""), make_feature(LAYER, operator="村委会")
    merge = EditRequest(
        uuid.uuid4(), LAYER, Operation.MERGE, one.pk, 1, others=(Other(other.pk, 1),)
    )
    service.add_edits(actor=planner, number=plan.pk, requests=[merge])
    before = Edit.objects.count()
    effects = rehearse(plan).effects[merge.uid]
    assert [(each.feature_id, each.operation) for each in effects] == [
        (one.pk, "merge"),
        (other.pk, "delete"),
    ]
    assert (effects[0].before["operator"], effects[0].after["operator"]) == ("", "村委会")
    assert effects[1].after is None
    assert (Edit.objects.count(), WaterWork.objects.count()) == (before, 2)


def test_a_planned_split_applies_as_it_was_shown(plan, planner, reviewer, make_feature) -> None:
    road = make_feature("roads")
    (x, y), (x2, y2) = road.geom.coords[0]
    middle = {"type": "Point", "coordinates": [(x + x2) / 2, (y + y2) / 2]}
    split = EditRequest(uuid.uuid4(), "roads", Operation.SPLIT, road.pk, 1, blade=middle)
    service.add_edits(actor=planner, number=plan.pk, requests=[split])
    assert Road.objects.count() == 1
    approved(plan, planner, reviewer)
    service.apply(actor=planner, number=plan.pk)
    assert Road.objects.count() == 2


def test_plans_over_json(plan, planner, reviewer, signed_in, make_feature) -> None:
    work = make_feature(LAYER)
    author, other = signed_in(planner), signed_in(reviewer)
    body = {
        "edits": [
            {"uid": str(uuid.uuid4()), "layer": LAYER, "operation": "update",
             "feature_id": work.pk, "base_version": 1, "properties": {"name": "改"}}
        ]
    }  # fmt: skip
    address = f"/api/plans/{plan.pk}"
    added = author.post(f"{address}/edits", body, content_type="application/json")
    assert added.status_code == 201, added.content
    features = other.get(f"{address}/features").json()["features"]
    sides = {each["properties"]["side"]: each["properties"]["name"] for each in features}
    assert sides == {"before": "山泉水厂", "after": "改"}
    assert author.post(f"{address}/submit").json()["state"] == "submitted"
    said = other.post(f"{address}/comments", {"text": "好"}, content_type="application/json")
    assert said.status_code == 201
    assert other.post(f"{address}/approve", {}, content_type="application/json").status_code == 200
    assert author.post(f"{address}/apply").json()["outcomes"][0]["outcome"] == "applied"
    read = author.get(address).json()
    assert read["state"] == "applied"
    assert [each["kind"] for each in read["events"]] == [
        "submitted", "comment", "approved", "applied",
    ]  # fmt: skip


def test_an_edit_builds_on_one_that_was_planned_before(plan, planner) -> None:
    new = creation()
    service.add_edits(actor=planner, number=plan.pk, requests=[new])
    later = EditRequest(
        uuid.uuid4(), LAYER, Operation.UPDATE, base_edit=new.uid, properties={"name": "x"}
    )
    service.add_edits(actor=planner, number=plan.pk, requests=[later])
    assert [each.in_the_journal for each in rehearse(plan).outcomes] == [True, True]
