"""A device goes on from its own edits before it knows what became of them: nothing is lost."""

import itertools
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from layers.editing import conflicts, service
from layers.editing.request import EditRequest, OutcomeKind
from layers.errors import Forbidden, NotFound
from layers.models import Edit, Grant, Operation, Submission, WaterWork
from tests.conftest import ATTRIBUTES, HUAYUAN, IN_HUAYUAN, place

pytestmark = pytest.mark.django_db

LAYER = "water-works"


def create(uid=None, **properties):
    return EditRequest(
        uid or uuid.uuid4(),
        LAYER,
        Operation.CREATE,
        geometry=place(LAYER, *IN_HUAYUAN),
        properties={**ATTRIBUTES[LAYER], **properties},
        device="phone",
    )


def after(earlier, operation=Operation.UPDATE, **properties):
    """An edit that builds on another by its uid."""
    return EditRequest(
        uuid.uuid4(), LAYER, operation, base_edit=earlier.uid, properties=properties, device="phone"
    )


def kinds(outcomes):
    return [each.kind.value for each in outcomes]


CHAIN_ORDERS = list(itertools.permutations(range(3)))


@pytest.mark.parametrize("order", CHAIN_ORDERS, ids=str)
def test_a_chain_ends_the_same_in_whatever_order_it_arrives(steward, order) -> None:
    first = create()
    second = after(first, people_served=1)
    third = after(second, people_served=2)
    chain = [first, second, third]
    for index in order:
        service.submit(actor=steward, request=chain[index])
    work = WaterWork.objects.get()
    assert (work.people_served, work.version) == (2, 3)
    assert Edit.objects.count() == 3
    assert not Submission.objects.filter(settlement="").exists()


@pytest.mark.parametrize("order", CHAIN_ORDERS, ids=str)
def test_a_chain_may_come_in_one_request_in_any_order(steward, order) -> None:
    first = create()
    second = after(first, people_served=1)
    third = after(second, name="新名")
    chain = [first, second, third]
    outcomes = service.submit_all(actor=steward, requests=[chain[index] for index in order])
    assert set(kinds(outcomes)) == {"applied"}
    assert WaterWork.objects.get().name == "新名"


def test_an_edit_that_waits_says_so_until_its_predecessor_comes(steward) -> None:
    first = create()
    second = after(first, people_served=1)
    assert service.submit(actor=steward, request=second).kind is OutcomeKind.WAITING
    assert service.submit(actor=steward, request=second).kind is OutcomeKind.WAITING
    service.submit(actor=steward, request=first)
    assert service.submit(actor=steward, request=second).kind is OutcomeKind.APPLIED
    assert Edit.objects.count() == 2


def test_what_others_did_meanwhile_is_not_overwritten_by_a_chain(steward, make_feature, edit):
    """The chain's first edit is merged over theirs; its second still starts from what it saw."""
    work = make_feature(LAYER)
    edit(LAYER, "update", work, people_served=900)
    mine = EditRequest(
        uuid.uuid4(), LAYER, Operation.UPDATE, work.pk, 1, properties={"name": "新名"}
    )
    assert service.submit(actor=steward, request=mine).kind is OutcomeKind.MERGED
    outcome = service.submit(actor=steward, request=after(mine, people_served=500))
    assert outcome.kind is OutcomeKind.CONFLICT
    (clash,) = outcome.clashes
    assert (clash.base, clash.mine, clash.theirs) == (420, 500, 900)


def test_a_delete_in_a_chain_conflicts_with_what_others_did_before_it(steward, make_feature, edit):
    work = make_feature(LAYER)
    edit(LAYER, "update", work, people_served=900)
    mine = EditRequest(
        uuid.uuid4(), LAYER, Operation.UPDATE, work.pk, 1, properties={"name": "新名"}
    )
    service.submit(actor=steward, request=mine)
    outcome = service.submit(actor=steward, request=after(mine, Operation.DELETE))
    assert outcome.kind is OutcomeKind.CONFLICT
    assert WaterWork.objects.filter(pk=work.pk).exists()


def test_a_chain_waits_for_a_conflict_and_goes_on_when_it_is_decided(steward, make_feature, edit):
    work = make_feature(LAYER)
    edit(LAYER, "update", work, people_served=900)
    mine = EditRequest(
        uuid.uuid4(), LAYER, Operation.UPDATE, work.pk, 1, properties={"people_served": 1}
    )
    assert service.submit(actor=steward, request=mine).kind is OutcomeKind.CONFLICT
    further = after(mine, name="新名")
    assert service.submit(actor=steward, request=further).kind is OutcomeKind.WAITING
    conflicts.resolve(actor=steward, uid=mine.uid, mine={"people_served"})
    work.refresh_from_db()
    assert (work.people_served, work.name) == (1, "新名")
    assert Submission.objects.get(uid=further.uid).settlement == "applied"


def test_a_chain_behind_something_rejected_is_rejected_and_kept(steward) -> None:
    first = create(people_served=-1)
    assert service.submit(actor=steward, request=first).kind is OutcomeKind.REJECTED
    outcome = service.submit(actor=steward, request=after(first, name="新名"))
    assert outcome.kind is OutcomeKind.REJECTED
    assert Submission.objects.count() == 2


def test_a_chain_that_waits_for_what_turns_out_rejected_is_rejected_too(steward) -> None:
    first = create(people_served=-1)
    second = after(first, name="新名")
    service.submit(actor=steward, request=second)
    service.submit(actor=steward, request=first)
    assert service.submit(actor=steward, request=second).kind is OutcomeKind.REJECTED


def test_nobody_builds_on_somebody_elses_edit(steward, account) -> None:
    first = create()
    service.submit(actor=steward, request=first)
    with pytest.raises(Forbidden):
        service.submit(actor=account("planner", HUAYUAN), request=after(first, name="x"))


def test_a_rejection_is_the_outcome_of_that_uid_for_good(steward) -> None:
    bad = create(people_served=-1)
    first = service.submit(actor=steward, request=bad)
    good = create(uid=bad.uid)
    again = service.submit(actor=steward, request=good)
    assert again.kind is OutcomeKind.REJECTED
    assert again.problems == first.problems


def test_what_is_kept_of_an_edit_shows_no_personal_data(steward) -> None:
    request = EditRequest(
        uuid.uuid4(),
        "toilets",
        Operation.CREATE,
        geometry=place("toilets", *IN_HUAYUAN),
        properties={"householder": "张演示", "他的电话": "13800000000"},
    )
    assert service.submit(actor=steward, request=request).kind is OutcomeKind.REJECTED
    kept = str(Submission.objects.values().get())
    assert "张演示" not in kept
    assert "13800000000" not in kept


class TestAGrantThatEndedWhileTheDeviceWasOffline:
    @pytest.fixture
    def late(self, account, make_feature):
        """An edit from before the author's grant was revoked, arriving after."""
        planner = account("planner", HUAYUAN)
        work = make_feature(LAYER)
        now = timezone.now()
        Grant.objects.filter(user=planner).update(
            granted_at=now - timedelta(days=9), revoked_at=now - timedelta(hours=1)
        )
        request = EditRequest(
            uuid.uuid4(),
            LAYER,
            Operation.UPDATE,
            work.pk,
            1,
            properties={"name": "新名"},
            captured_at=now - timedelta(hours=2),
        )
        return planner, work, request

    def test_it_is_held_neither_lost_nor_applied(self, late) -> None:
        planner, work, request = late
        assert service.submit(actor=planner, request=request).kind is OutcomeKind.HELD
        assert service.submit(actor=planner, request=request).kind is OutcomeKind.HELD
        work.refresh_from_db()
        assert work.name == "山泉水厂"
        assert Submission.objects.get().division == HUAYUAN

    def test_a_reviewer_lets_it_in_as_its_authors(self, late, account) -> None:
        planner, work, request = late
        service.submit(actor=planner, request=request)
        reviewer = account("reviewer", HUAYUAN)
        outcome = service.admit(actor=reviewer, uid=request.uid)
        assert outcome.kind is OutcomeKind.APPLIED
        work.refresh_from_db()
        assert work.name == "新名"
        entry = Edit.objects.get(uid=request.uid)
        assert (entry.author, entry.reviewer) == (planner, reviewer)
        assert service.submit(actor=planner, request=request).kind is OutcomeKind.APPLIED

    def test_nobody_else_lets_it_in(self, late, account, steward) -> None:
        planner, _work, request = late
        service.submit(actor=planner, request=request)
        for other in (account("planner", HUAYUAN), steward):
            with pytest.raises(Forbidden):
                service.admit(actor=other, uid=request.uid)
        with pytest.raises(NotFound):
            service.admit(actor=account("reviewer", "433123000000"), uid=request.uid)

    def test_one_made_after_the_end_is_refused(self, late) -> None:
        planner, _work, request = late
        fresh = EditRequest(
            uuid.uuid4(), LAYER, Operation.UPDATE, request.feature_id, 1, properties={"name": "x"}
        )
        with pytest.raises(NotFound):
            service.submit(actor=planner, request=fresh)
        assert not Submission.objects.exists()
