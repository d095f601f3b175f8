"""Every change is an edit: permitted, validated, merged, journalled, undone."""

import math
import uuid

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from layers.access.personal import unseal
from layers.editing import service
from layers.editing.request import EditRequest, OutcomeKind
from layers.errors import BadRequest, Forbidden, NotFound
from layers.models import Edit, Operation, Road, Toilet, WaterWork
from layers.registry import LAYERS, layer_named
from tests.conftest import ATTRIBUTES, FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN, place

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("layer", LAYERS)
def test_a_feature_of_every_layer_is_created_in_the_county_it_stands_in(
    make_feature, layer
) -> None:
    feature = make_feature(layer)
    assert feature.division_id == HUAYUAN
    assert feature.version == 1
    assert feature.code.startswith(LAYERS[layer].letter + "433124-")
    entry = Edit.objects.get(layer=layer, feature_id=feature.pk)
    assert entry.operation == "create"
    assert entry.old == {}
    assert entry.new["division"] == HUAYUAN


def test_an_update_changes_only_what_it_names_and_journals_both_values(make_feature, edit) -> None:
    work = make_feature("water-works")
    outcome = edit("water-works", "update", work, people_served=500)
    work.refresh_from_db()
    assert outcome.kind is OutcomeKind.APPLIED
    assert (work.people_served, work.name, work.version) == (500, "山泉水厂", 2)
    entry = Edit.objects.get(uid=outcome.uid)
    assert (entry.old, entry.new) == ({"people_served": 420}, {"people_served": 500})


def test_changes_of_different_fields_from_one_version_merge(make_feature, edit) -> None:
    work = make_feature("water-works")
    edit("water-works", "update", work, people_served=500)
    outcome = edit("water-works", "update", work, base_version=1, name="新名")
    work.refresh_from_db()
    assert outcome.kind is OutcomeKind.MERGED
    assert (work.people_served, work.name, work.version) == (500, "新名", 3)


def test_changes_of_one_field_conflict_and_write_nothing(make_feature, edit) -> None:
    work = make_feature("water-works")
    edit("water-works", "update", work, people_served=500)
    outcome = edit("water-works", "update", work, base_version=1, people_served=600)
    work.refresh_from_db()
    assert outcome.kind is OutcomeKind.CONFLICT
    (clash,) = outcome.clashes
    assert (clash.base, clash.mine, clash.theirs) == (420, 600, 500)
    assert (work.people_served, work.version) == (500, 2)


def test_a_delete_of_what_was_changed_since_is_a_conflict(make_feature, edit) -> None:
    work = make_feature("water-works")
    edit("water-works", "update", work, people_served=500)
    assert edit("water-works", "delete", work).kind is OutcomeKind.CONFLICT
    assert WaterWork.objects.filter(pk=work.pk).exists()


def test_the_same_uid_again_returns_the_first_outcome(make_feature, edit) -> None:
    work = make_feature("water-works")
    uid = uuid.uuid4()
    first = edit("water-works", "update", work, uid=uid, people_served=500)
    again = edit("water-works", "update", work, uid=uid, people_served=500)
    assert (again.kind, again.version) == (first.kind, first.version)
    assert Edit.objects.filter(feature_id=work.pk, layer="water-works").count() == 2


def test_somebody_elses_uid_is_refused(make_feature, edit, account) -> None:
    uid = uuid.uuid4()
    work = make_feature("water-works")
    edit("water-works", "update", work, uid=uid, people_served=500)
    with pytest.raises(Forbidden):
        edit("water-works", "update", work, uid=uid, actor=account("planner", HUAYUAN))


def test_create_move_delete_each_undo_to_what_was_before(make_feature, edit, steward) -> None:
    toilet = make_feature("toilets", householder="演示户主")
    before = Toilet.objects.values().get(pk=toilet.pk)
    moved = edit("toilets", "update", toilet, geometry=place("toilets", 109.49, 28.58))
    service.undo(actor=steward, uid=moved.uid)
    toilet.refresh_from_db()
    assert toilet.geom.coords == before["geom"].coords
    deleted = edit("toilets", "delete", toilet)
    assert not Toilet.objects.filter(pk=toilet.pk).exists()
    service.undo(actor=steward, uid=deleted.uid)
    back = Toilet.objects.get(pk=toilet.pk)
    assert unseal(layer_named("toilets"), back.personal) == {"householder": "演示户主"}
    assert back.code == toilet.code
    assert back.version == 5


def test_undoing_twice_is_one_undo_and_undoing_the_undo_is_a_redo(
    make_feature, edit, steward
) -> None:
    work = make_feature("water-works")
    change = edit("water-works", "update", work, people_served=500)
    undone = service.undo(actor=steward, uid=change.uid)
    assert service.undo(actor=steward, uid=change.uid).uid == undone.uid
    work.refresh_from_db()
    assert work.people_served == 420
    service.undo(actor=steward, uid=undone.uid)
    work.refresh_from_db()
    assert work.people_served == 500


def test_an_undo_of_what_somebody_changed_since_is_a_conflict(make_feature, edit, steward) -> None:
    work = make_feature("water-works")
    change = edit("water-works", "update", work, people_served=500)
    work.refresh_from_db()
    edit("water-works", "update", work, people_served=700)
    assert service.undo(actor=steward, uid=change.uid).kind is OutcomeKind.CONFLICT


def test_a_planner_edits_inside_the_grant_and_not_outside(make_feature, edit, account) -> None:
    planner = account("planner", HUAYUAN)
    inside = make_feature("water-works", IN_HUAYUAN)
    outside = make_feature("water-works", IN_FENGHUANG)
    assert edit("water-works", "update", inside, actor=planner, people_served=1).version == 2
    with pytest.raises(NotFound):
        edit("water-works", "update", outside, actor=planner, people_served=1)
    with pytest.raises(Forbidden):
        edit("water-works", "update", inside, actor=planner, base_version=2, division=FENGHUANG)
    with pytest.raises(Forbidden):
        edit(
            "water-works", "create", actor=planner,
            geometry=place("water-works", *IN_FENGHUANG), **ATTRIBUTES["water-works"],
        )  # fmt: skip


def test_a_maintainer_may_see_but_not_edit(make_feature, edit, account) -> None:
    work = make_feature("water-works")
    with pytest.raises(Forbidden):
        edit("water-works", "update", work, actor=account("maintainer", HUAYUAN), name="x")


BAD_GEOMETRIES = [
    {"type": "Point"},
    {"type": "Point", "coordinates": []},
    {"type": "Point", "coordinates": ["a", "b"]},
    {"type": "Point", "coordinates": [math.nan, 28.5]},
    {"type": "Point", "coordinates": [math.inf, 28.5]},
    {"type": "Point", "coordinates": [28.57, 109.482]},
    {"type": "LineString", "coordinates": [[109.4, 28.5], [109.5, 28.6]]},
    {"type": "Nonsense", "coordinates": [109.4, 28.5]},
    {"type": "Point", "coordinates": {"x": 1}},
]


@pytest.mark.parametrize("geometry", BAD_GEOMETRIES, ids=str)
def test_a_bad_geometry_is_rejected_with_a_reason(edit, geometry) -> None:
    outcome = edit("water-works", "create", geometry=geometry, **ATTRIBUTES["water-works"])
    assert outcome.kind is OutcomeKind.REJECTED
    assert "geom" in {problem.field for problem in outcome.problems}
    assert not WaterWork.objects.exists()


BAD_VALUES = [
    ("people_served", "many"),
    ("people_served", -1),
    ("people_served", 1.5),
    ("people_served", True),
    ("people_served", 10**12),
    ("people_served", [1]),
    ("kind", "21"),
    ("kind", ""),
    ("name", "x" * 201),
    ("name", "a\x00b"),
    ("tested_on", "yesterday"),
    ("quality_ok", "maybe"),
    ("daily_capacity_m3", "NaN"),
    ("daily_capacity_m3", "1e400"),
    ("reliability_pct", 101),
    ("built_year", 1500),
    ("division", "999999999999"),
    ("no_such_field", 1),
    ("version", 9),
    ("id", 9),
    ("__state__", {"name": "x"}),
]


@pytest.mark.parametrize(("field", "value"), BAD_VALUES, ids=str)
def test_a_bad_value_is_rejected_at_its_field(make_feature, edit, field, value) -> None:
    work = make_feature("water-works")
    outcome = edit("water-works", "update", work, **{field: value})
    assert outcome.kind is OutcomeKind.REJECTED
    assert [problem.field for problem in outcome.problems] == [field]
    work.refresh_from_db()
    assert work.version == 1


def test_every_problem_of_an_edit_is_reported_at_once(edit) -> None:
    outcome = edit("water-works", "create", geometry=None, kind="21", people_served=-1)
    assert {problem.field for problem in outcome.problems} >= {
        "geom", "kind", "people_served", "name",
    }  # fmt: skip


def test_a_taken_code_is_rejected(make_feature, edit) -> None:
    one, other = make_feature("water-works"), make_feature("water-works")
    outcome = edit("water-works", "update", other, code=one.code)
    assert [problem.field for problem in outcome.problems] == ["code"]


def test_a_place_far_outside_its_stated_county_is_kept_with_a_warning(edit) -> None:
    outcome = edit(
        "water-works", "create",
        geometry=place("water-works", *IN_FENGHUANG), **ATTRIBUTES["water-works"], division=HUAYUAN,
    )  # fmt: skip
    assert outcome.kind is OutcomeKind.APPLIED
    assert [warning.field for warning in outcome.warnings] == ["geom"]


def test_a_line_is_stored_as_a_multi_line(make_feature) -> None:
    assert Road.objects.get(pk=make_feature("roads").pk).geom.geom_type == "MultiLineString"


def test_an_update_must_name_its_base_version(steward, make_feature) -> None:
    work = make_feature("water-works")
    request = EditRequest(
        uuid.uuid4(), "water-works", Operation.UPDATE, work.pk, properties={"name": "x"}
    )
    with pytest.raises(BadRequest):
        service.submit(actor=steward, request=request)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO layers_toilet (code, division, changeset_id) VALUES ('x', '433124000000', 1)",
        "UPDATE layers_toilet SET name = 'x'",
        "DELETE FROM layers_toilet",
        "UPDATE layers_edit SET version = 9",
        "DELETE FROM layers_edit",
        "DELETE FROM layers_unmasking",
    ],
)
def test_the_database_refuses_writes_that_go_around_the_service(statement) -> None:
    with (
        pytest.raises((ProgrammingError, InternalError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_personal_data_are_sealed_in_the_row_and_in_the_journal(make_feature, edit) -> None:
    toilet = make_feature("toilets", householder="张演示", phone="00000000000")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(t)::text FROM layers_toilet t WHERE id = %s", [toilet.pk]
        )
        row = cursor.fetchone()[0]
    entry = Edit.objects.get(layer="toilets", feature_id=toilet.pk)
    assert "张演示" not in row + str(entry.new)
    edit("toilets", "update", toilet, phone="11111111111")
    toilet.refresh_from_db()
    assert unseal(layer_named("toilets"), toilet.personal) == {
        "householder": "张演示",
        "phone": "11111111111",
    }
