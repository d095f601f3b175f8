"""A second delivery updates instead of duplicating, and undoes nothing that people corrected."""

import pytest
from django.db import connection
from shapely import Point

from importers.interpretation import Missing
from importers.loading import RowsRejected, undo_import
from layers.access.personal import unseal
from layers.models import Changeset, Edit, Submission, Toilet
from tests.importers.loading.conftest import ROW, TOILETS, at, rows
from tests.layers.journal.conftest import findings

pytestmark = pytest.mark.django_db


def unsound():
    """What the proof of the journal finds, once what waits for the commit is done."""
    connection.check_constraints()
    return findings(full=True)


def counts(report):
    names = ("new", "changed", "unchanged", "conflicting", "missing", "rejected")
    return {name: found for name in names if (found := getattr(report, name))}


def toilet(number):
    return Toilet.objects.get(code=f"T-{number}")


def test_the_same_file_again_changes_nothing(deliver):
    told = rows(3, 户主="张三", 电话="138", 管护="村委会")
    assert counts(deliver(told)) == {"new": 3}
    assert counts(deliver(told)) == {"unchanged": 3}
    assert not Edit.objects.exists()
    assert Toilet.objects.filter(version=1).count() == 3


def test_new_changed_and_missing_rows_are_told_apart_and_shown(deliver):
    deliver(rows(4))
    told = [row for row in rows(5) if row["编号"] != "T-2"]
    told[1] |= {"村组": "二组", "面积": 4.0, "类型": "双瓮式"}
    moved = [at(1), at(3), Point(109.49, 28.58), at(5)]
    report = deliver(told, places=moved)
    assert counts(report) == {"new": 1, "changed": 2, "unchanged": 1, "missing": 1}
    assert [(each.number, each.code) for each in report.changed_rows] == [(2, "T-3"), (3, "T-4")]
    words = {each.field: (each.old.zh, each.new.zh) for each in report.changed_rows[0].changes}
    assert words["village_group"] == ("一组", "二组")
    assert words["room_area_m2"] == ("3.50", "4.00")
    assert words["toilet_type"] == ("三格化粪池式", "双瓮漏斗式")
    assert "m)" in report.changed_rows[1].changes[0].new.en
    assert [each.code for each in report.missing_rows] == ["T-2"]
    assert toilet(2).version == 1
    changed = toilet(4)
    assert (changed.version, changed.geom.x, changed.method) == (2, 109.49, "imported")
    assert changed.changeset == report.changeset
    assert unsound() == []


def test_an_empty_cell_and_an_absent_column_change_nothing(deliver):
    deliver(rows(2, 管护="村委会", 户主="张三"))
    bare = [{"编号": "T-1", "管护": "  "}, {"编号": "T-2", "管护": "乡政府"}]
    report = deliver(bare, places=[None, None])
    assert counts(report) == {"changed": 1, "unchanged": 1}
    assert (toilet(1).keeper, toilet(2).keeper) == ("村委会", "乡政府")
    assert toilet(2).village_group == "一组"
    assert unseal(TOILETS, toilet(2).personal) == {"householder": "张三"}


def test_a_new_row_needs_what_a_changed_one_does_not(deliver):
    deliver(rows(1))
    with pytest.raises(RowsRejected) as refusal:
        deliver([{"编号": "T-1"}, {"编号": "T-9"}], places=[None, None])
    [note] = refusal.value.report.rejected_rows
    assert note.number == 2
    assert "This field is required" in note.text.en
    assert "no geometry" in note.text.en


def test_what_people_corrected_stays_where_the_file_repeats_itself(deliver, edit):
    deliver(rows(1, 管护="村委会"))
    edit("toilets", "update", toilet(1), keeper="张三", category="public")
    assert counts(deliver(rows(1, 管护="村委会"))) == {"unchanged": 1}
    assert toilet(1).keeper == "张三"
    report = deliver(rows(1, 管护="村委会", 村组="二组"))
    assert counts(report) == {"changed": 1}
    assert (toilet(1).keeper, toilet(1).village_group) == ("张三", "二组")
    # The third delivery still knows what the first one said of the keeper.
    assert counts(deliver(rows(1, 管护="村委会", 村组="三组"))) == {"changed": 1}
    assert (toilet(1).keeper, toilet(1).village_group) == ("张三", "三组")
    report = deliver(rows(1, 管护="乡政府", 村组="四组"))
    assert counts(report) == {"conflicting": 1}
    assert (toilet(1).keeper, toilet(1).village_group) == ("张三", "四组")
    conflict = Submission.objects.get()
    assert (conflict.base["keeper"], conflict.mine["keeper"]) == ("村委会", "乡政府")
    [change] = [each for each in report.conflicting_rows[0].changes if each.theirs]
    assert (change.field, change.theirs.zh) == ("keeper", "张三")


def test_a_conflict_is_raised_once_and_a_decision_stands(deliver, edit, chief):
    from layers.editing import service

    deliver(rows(1, 管护="甲"))
    edit("toilets", "update", toilet(1), keeper="乙")
    for _again in range(2):
        assert counts(deliver(rows(1, 管护="丙"))) == {"conflicting": 1}
    service.dismiss(actor=chief, uid=Submission.objects.get().uid)
    assert counts(deliver(rows(1, 管护="丙"))) == {"unchanged": 1}
    assert toilet(1).keeper == "乙"
    assert counts(deliver(rows(1, 管护="丁"))) == {"conflicting": 1}


def test_personal_fields_are_compared_inside_their_box_and_never_shown(deliver, edit):
    deliver(rows(2, 户主="张三", 电话="138"))
    edit("toilets", "update", toilet(1), phone="139")
    told = rows(2, 户主="李四", 电话="138")
    report = deliver(told)
    assert counts(report) == {"changed": 2}
    assert unseal(TOILETS, toilet(1).personal) == {"householder": "李四", "phone": "139"}
    assert "李四" not in str(report.as_json())
    assert [each.field for each in report.changed_rows[0].changes] == ["personal"]


def test_a_feature_deleted_on_the_map_stays_deleted_unless_the_file_changes_it(deliver, edit):
    deliver(rows(2))
    for number in (1, 2):
        edit("toilets", "delete", toilet(number))
    told = rows(2)
    told[1]["村组"] = "二组"
    report = deliver(told)
    assert counts(report) == {"unchanged": 1, "conflicting": 1}
    assert "stays deleted" in report.warned_rows[0].text.en
    assert not Toilet.objects.exists()
    assert Submission.objects.get().feature_id


def test_missing_features_are_removed_on_request_but_not_over_a_correction(deliver, edit):
    deliver(rows(3))
    edit("toilets", "update", toilet(3), keeper="张三")
    drawn = edit(
        "toilets",
        "create",
        geometry={"type": "Point", "coordinates": [109.48, 28.57]},
        category="household",
        toilet_type="biogas",
    )
    report = deliver(rows(1), interpreted={"missing": Missing.DELETE})
    assert (report.missing, report.removed) == (2, 1)
    assert {row.code for row in Toilet.objects.all()} > {"T-1", "T-3"}
    assert Toilet.objects.filter(pk=drawn.feature_id).exists()
    assert Submission.objects.get().feature_id == toilet(3).pk
    assert unsound() == []


def test_a_key_of_other_fields_needs_no_code(deliver):
    told = [{**ROW, "管护": "甲", "户主": "张三"}, {**ROW, "管护": "乙", "户主": "李四"}]
    options = {"key": ("village_group", "keeper"), "places": [at(1), at(2)]}
    assert counts(deliver(told, **options)) == {"new": 2}
    told[0]["面积"] = 9.0
    told.append({**ROW, "管护": "甲"})
    told.append({**ROW, "管护": ""})
    options["places"] = [at(1), at(2), at(3), at(4)]
    report = deliver(told, skip_rejected=True, **options)
    assert counts(report) == {"new": 1, "changed": 1, "unchanged": 1, "rejected": 1}
    assert "一组 / 甲" in report.rejected_rows[0].text.zh
    assert "lacks the key" in report.warned_rows[0].text.en


def test_an_ambiguous_key_is_refused(deliver):
    told = [{**ROW, "编号": "T-1"}, {**ROW, "编号": "T-2"}]
    deliver(told)
    with pytest.raises(RowsRejected) as refusal:
        deliver([{**ROW, "管护": "甲"}], key=("village_group",), places=[at(1)])
    assert "Several features" in refusal.value.report.rejected_rows[0].text.en


def test_features_outside_the_grants_are_not_there_but_their_codes_are_taken(
    deliver, steward_of_huayuan
):
    far = Point(112.98, 28.2)
    deliver(rows(1), places=[far])
    with pytest.raises(RowsRejected) as refusal:
        deliver(rows(2), actor=steward_of_huayuan)
    [note] = refusal.value.report.rejected_rows
    assert (note.number, refusal.value.report.changed) == (1, 0)
    assert "has the code “T-1”" in note.text.en
    report = deliver(rows(2)[1:], actor=steward_of_huayuan)
    assert counts(report) == {"new": 1}


def test_repeated_keys_are_rejected(deliver):
    with pytest.raises(RowsRejected) as refusal:
        deliver([*rows(2), *rows(1)])
    [note] = refusal.value.report.rejected_rows
    assert (note.number, "row 1" in note.text.en) == (3, True)


def test_an_import_is_undone_as_a_whole_and_can_be_delivered_again(deliver, chief, edit):
    deliver(rows(2))
    edit("toilets", "update", toilet(2), keeper="张三")
    second = deliver(rows(4, 村组="二组", 管护="乡政府"))
    assert counts(second) == {"new": 2, "changed": 1, "conflicting": 1}
    edit("toilets", "update", toilet(4), keeper="李四")
    undone = undo_import(actor=chief, changeset=second.changeset)
    assert (undone.removed, undone.reverted, undone.kept) == (1, 1, 1)
    assert [each.code for each in undone.kept_features] == ["T-4"]
    assert toilet(1).village_group == "一组"
    assert not Submission.objects.filter(settlement="").exists()
    assert unsound() == []
    again = deliver(rows(4, 村组="二组", 管护="乡政府"))
    assert counts(again) == {"new": 1, "changed": 1, "unchanged": 1, "conflicting": 1}
    assert toilet(1).village_group == "二组"
    assert Changeset.objects.filter(kind="import").count() == 4


def test_an_undone_change_that_was_edited_since_stays_and_is_listed(deliver, chief, edit):
    deliver(rows(2))
    second = deliver(rows(2, 村组="二组"))
    edit("toilets", "update", toilet(2), village_group="五组")
    undone = undo_import(actor=chief, changeset=second.changeset)
    assert (undone.removed, undone.reverted, undone.kept) == (0, 1, 1)
    assert [each.code for each in undone.kept_features] == ["T-2"]
    assert (toilet(1).village_group, toilet(2).village_group) == ("一组", "五组")
