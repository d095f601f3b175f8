"""Conflicts are records: they keep what each side wanted, and a decision is an edit."""

import uuid

import pytest

from layers.access.personal import unseal
from layers.editing import conflicts, service
from layers.editing.request import EditRequest, OutcomeKind
from layers.errors import Conflict, NotFound
from layers.models import Edit, Operation, Submission, Toilet, WaterWork
from layers.registry import layer_named
from tests.conftest import FENGHUANG, HUAYUAN, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def clash(make_feature, edit):
    """Theirs: people 500 and a name. Mine, from before that: people 600 and a capacity."""
    work = make_feature("water-works")
    edit("water-works", "update", work, people_served=500, name="他们")
    mine = edit("water-works", "update", work, people_served=600, daily_capacity_m3="12.5")
    assert mine.kind is OutcomeKind.CONFLICT
    return work, Submission.objects.get(uid=mine.uid)


def test_a_conflict_keeps_base_mine_and_theirs(clash) -> None:
    _work, conflict = clash
    assert conflict.base["people_served"] == 420
    assert conflict.mine["people_served"] == 600
    assert conflict.theirs["people_served"] == 500
    assert (conflict.theirs_version, conflict.division) == (2, HUAYUAN)


def test_deciding_for_mine_applies_it_with_what_did_not_clash(clash, steward) -> None:
    work, conflict = clash
    outcome = conflicts.resolve(actor=steward, uid=conflict.uid, mine={"people_served"})
    work.refresh_from_db()
    assert (work.people_served, work.name, str(work.daily_capacity_m3)) == (600, "他们", "12.5")
    conflict.refresh_from_db()
    assert conflict.settlement == "applied"
    assert conflict.settled_edit == Edit.objects.get(uid=outcome.uid)


def test_deciding_for_theirs_still_applies_what_did_not_clash(clash, steward) -> None:
    work, conflict = clash
    conflicts.resolve(actor=steward, uid=conflict.uid, mine=set())
    work.refresh_from_db()
    assert (work.people_served, str(work.daily_capacity_m3)) == (500, "12.5")


def test_a_decision_over_what_changed_once_more_is_refused(clash, steward, edit) -> None:
    work, conflict = clash
    work.refresh_from_db()
    edit("water-works", "update", work, people_served=700)
    with pytest.raises(Conflict):
        conflicts.resolve(actor=steward, uid=conflict.uid, mine={"people_served"})
    work.refresh_from_db()
    assert work.people_served == 700
    conflict.refresh_from_db()
    assert conflict.settlement == ""


def test_a_conflict_is_decided_once(clash, steward) -> None:
    _work, conflict = clash
    conflicts.resolve(actor=steward, uid=conflict.uid, mine={"people_served"})
    with pytest.raises(Conflict):
        conflicts.resolve(actor=steward, uid=conflict.uid, mine=set())


def test_dismissing_changes_nothing_and_keeps_the_record(clash, steward) -> None:
    work, conflict = clash
    service.dismiss(actor=steward, uid=conflict.uid)
    work.refresh_from_db()
    assert work.people_served == 500
    conflict.refresh_from_db()
    assert (conflict.settlement, conflict.settled_by) == ("dismissed", steward)


def test_an_edit_may_name_the_conflict_it_settles(clash, steward) -> None:
    work, conflict = clash
    again = EditRequest(
        uuid.uuid4(),
        "water-works",
        Operation.UPDATE,
        work.pk,
        2,
        properties={"people_served": 600},
        resolves=conflict.uid,
    )
    assert service.submit(actor=steward, request=again).kind is OutcomeKind.APPLIED
    conflict.refresh_from_db()
    assert conflict.settlement == "applied"


def test_people_of_other_places_neither_see_nor_decide_it(clash, account) -> None:
    _work, conflict = clash
    outsider = account("steward", FENGHUANG)
    assert conflict not in conflicts.to_decide(outsider)
    with pytest.raises(NotFound):
        conflicts.resolve(actor=outsider, uid=conflict.uid, mine=set())
    with pytest.raises(NotFound):
        service.dismiss(actor=outsider, uid=conflict.uid)


def test_an_edit_of_what_was_deleted_can_bring_it_back_with_the_change(
    make_feature, edit, steward
) -> None:
    work = make_feature("water-works")
    edit("water-works", "delete", work)
    mine = edit("water-works", "update", work, people_served=600)
    assert (mine.kind, mine.deleted) == (OutcomeKind.CONFLICT, True)
    conflicts.resolve(actor=steward, uid=mine.uid, mine=set(), whole=True)
    assert WaterWork.objects.get(pk=work.pk).people_served == 600
    assert Submission.objects.get(uid=mine.uid).settlement == "applied"


def test_a_deletion_of_what_was_changed_can_be_insisted_on(make_feature, edit, steward) -> None:
    work = make_feature("water-works")
    edit("water-works", "update", work, people_served=500)
    mine = edit("water-works", "delete", work)
    assert mine.kind is OutcomeKind.CONFLICT
    conflicts.resolve(actor=steward, uid=mine.uid, mine=set(), whole=True)
    assert not WaterWork.objects.exists()


def test_deleting_what_is_deleted_is_no_conflict(make_feature, edit) -> None:
    work = make_feature("water-works")
    edit("water-works", "delete", work)
    assert edit("water-works", "delete", work).kind is OutcomeKind.REJECTED


def test_different_vertices_moved_by_two_people_merge(make_feature, edit) -> None:
    lines = [[109.40, 28.50], [109.41, 28.50], [109.42, 28.50], [109.43, 28.50]]
    shape = {"type": "LineString", "coordinates": lines}
    road = make_feature("roads")
    edit("roads", "update", road, geometry=shape)
    road.refresh_from_db()
    theirs, mine = [list(map(list, lines)) for _side in range(2)]
    theirs[1][1], mine[2][1] = 28.51, 28.49
    edit("roads", "update", road, geometry={**shape, "coordinates": theirs})
    outcome = edit("roads", "update", road, geometry={**shape, "coordinates": mine})
    assert outcome.kind is OutcomeKind.MERGED
    road.refresh_from_db()
    assert [y for _x, y in road.geom.coords[0]] == [28.50, 28.51, 28.49, 28.50]


def test_one_vertex_moved_differently_is_a_conflict(make_feature, edit) -> None:
    road = make_feature("roads")
    (x, y), *rest = road.geom.coords[0]
    moved = [[[x, y + d], *map(list, rest)] for d in (0.001, 0.002)]
    edit("roads", "update", road, geometry={"type": "LineString", "coordinates": moved[0]})
    outcome = edit(
        "roads", "update", road, geometry={"type": "LineString", "coordinates": moved[1]}
    )
    assert outcome.kind is OutcomeKind.CONFLICT
    assert [clash.field for clash in outcome.clashes] == ["geom"]


def test_personal_fields_merge_one_by_one_and_a_clash_tells_nothing_of_them(
    make_feature, edit
) -> None:
    toilet = make_feature("toilets", householder="张演示", phone="1")
    edit("toilets", "update", toilet, phone="2")
    assert edit("toilets", "update", toilet, householder="李演示").kind is OutcomeKind.MERGED
    toilet = Toilet.objects.get(pk=toilet.pk)
    box = unseal(layer_named("toilets"), toilet.personal)
    assert box == {"householder": "李演示", "phone": "2"}
    outcome = edit("toilets", "update", toilet, base_version=1, phone="3")
    assert outcome.kind is OutcomeKind.CONFLICT
    assert [(c.field, c.mine, c.theirs) for c in outcome.clashes] == [("personal", None, None)]


def test_two_who_move_a_point_differently_conflict_and_two_who_agree_do_not(
    make_feature, edit
) -> None:
    work = make_feature("water-works")
    there, elsewhere = place("water-works", 109.49, 28.58), place("water-works", 109.5, 28.58)
    edit("water-works", "update", work, geometry=there)
    assert edit("water-works", "update", work, geometry=there).kind is OutcomeKind.MERGED
    assert edit("water-works", "update", work, geometry=elsewhere).kind is OutcomeKind.CONFLICT


def test_deleting_after_an_edit_that_changed_nothing_is_no_conflict(make_feature, edit) -> None:
    work = make_feature("water-works", people_served=420)
    edit("water-works", "update", work, people_served=420)
    outcome = edit("water-works", "delete", work, base_version=1)
    assert outcome.kind == "applied"


def test_an_author_who_lost_sight_of_the_place_is_not_told_what_others_did(
    make_feature, edit, account, signed_in
) -> None:
    planner = account("planner", HUAYUAN)
    work = make_feature("water-works")
    edit("water-works", "update", work, people_served=500)
    uid = uuid.uuid4()
    mine = {"actor": planner, "uid": uid, "people_served": 600}
    assert edit("water-works", "update", work, **mine).clashes
    client = signed_in(planner)
    assert client.get(f"/api/conflicts/{uid}").json()["conflicts"]
    planner.grants.all().delete()
    assert client.get(f"/api/conflicts/{uid}").json()["conflicts"] == []
    assert edit("water-works", "update", work, **mine).clashes == ()
