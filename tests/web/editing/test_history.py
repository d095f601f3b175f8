"""What happened to a feature, and taking it back."""

import uuid

import pytest

from layers.models import Edit, WaterWork
from tests.conftest import FENGHUANG, HUAYUAN, IN_HUAYUAN
from tests.web.editing.conftest import LAYER

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(make_feature, edit, colleague):
    """Three versions: made, renamed, moved by some hundred metres."""
    work = make_feature(LAYER, name="山泉水厂", people_served=420)
    edit(LAYER, "update", work, actor=colleague, name="双龙水厂")
    work.refresh_from_db()
    moved = {"type": "Point", "coordinates": [IN_HUAYUAN[0] + 0.001, IN_HUAYUAN[1]]}
    edit(LAYER, "update", work, actor=colleague, geometry=moved)
    work.refresh_from_db()
    return work


def address(work, more="history") -> str:
    return f"/map/{LAYER}/{work.pk}/{more}"


def page(client, path) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def back_to(version, base) -> dict:
    return {"uid": str(uuid.uuid4()), "to_version": version, "base_version": base}


def test_every_version_is_told_in_words(work, viewer, signed_in) -> None:
    shown = page(signed_in(viewer), address(work))
    for number in (1, 2, 3):
        assert f'id="version-{number}"' in shown
    assert "山泉水厂" in shown
    assert "双龙水厂" in shown
    assert "98 " in shown


def test_the_sheet_has_the_last_changes_and_leads_to_all(work, viewer, signed_in) -> None:
    assert address(work) in page(signed_in(viewer), address(work, "sheet"))


def test_a_viewer_is_offered_nothing_to_take_back(work, viewer, signed_in) -> None:
    client = signed_in(viewer)
    shown = page(client, address(work))
    assert "/restore" not in shown
    assert "/undo/" not in shown
    assert client.post(address(work, "restore"), back_to(1, 3)).status_code == 403
    last = Edit.objects.order_by("version").last()
    assert client.post(address(work, f"undo/{last.uid}")).status_code == 403


def test_an_older_version_stands_again(work, planner, signed_in) -> None:
    client = signed_in(planner)
    assert address(work, "restore") in page(client, address(work))
    sent = back_to(1, 3)
    assert client.post(address(work, "restore"), sent)["Location"] == address(work)
    client.post(address(work, "restore"), sent)
    work.refresh_from_db()
    assert (work.name, work.version) == ("山泉水厂", 4)
    assert round(work.geom.x, 6) == IN_HUAYUAN[0]


def test_restoring_over_a_newer_change_becomes_a_conflict(work, planner, signed_in) -> None:
    answer = signed_in(planner).post(address(work, "restore"), back_to(1, 2))
    assert answer["Location"].startswith("/conflicts/")
    work.refresh_from_db()
    assert work.version == 3


def test_a_deleted_feature_keeps_its_history_and_comes_back(
    work, planner, viewer, stranger, signed_in, edit
) -> None:
    edit(LAYER, "delete", work)
    assert "山泉水厂" in page(signed_in(viewer), address(work))
    assert signed_in(stranger).get(address(work)).status_code == 404
    client = signed_in(planner)
    client.post(address(work, "restore"), back_to(2, 4))
    assert WaterWork.objects.get(pk=work.pk).name == "双龙水厂"


def test_one_edit_is_undone_from_the_history(work, planner, signed_in) -> None:
    renaming = Edit.objects.get(version=2)
    assert address(work, f"undo/{renaming.uid}") in page(signed_in(planner), address(work))
    signed_in(planner).post(address(work, f"undo/{renaming.uid}"))
    work.refresh_from_db()
    assert work.name == "山泉水厂"
    assert address(work, f"undo/{renaming.uid}") not in page(signed_in(planner), address(work))


def test_two_versions_are_compared(work, viewer, signed_in) -> None:
    client = signed_in(viewer)
    shown = page(client, address(work) + "?a=1&b=3")
    compared = shown.split('id="compare"')[1]
    assert "山泉水厂" in compared
    assert "双龙水厂" in compared
    assert '"side": "before"' in shown
    last = page(client, address(work)).split('id="compare"')[1].split("</section>")[0]
    assert "山泉水厂" not in last
    assert page(client, address(work) + "?a=1&b=999999")


def test_of_another_division_there_is_no_history(work, stranger, signed_in) -> None:
    client = signed_in(stranger)
    assert client.get(address(work)).status_code == 404
    assert client.post(address(work, "restore"), back_to(1, 3)).status_code == 404
    assert client.get(f"/map/{LAYER}/999999999/history").status_code == 404
    assert client.get("/map/nothing/1/history").status_code == 404


def test_of_personal_data_only_that_they_changed(make_feature, edit, viewer, signed_in) -> None:
    toilet = make_feature("toilets", householder="滕原主")
    edit("toilets", "update", toilet, householder="滕标记")
    shown = page(signed_in(viewer), f"/map/toilets/{toilet.pk}/history")
    assert "滕" not in shown
    assert "changes-hidden" in shown


def test_a_changeset_shows_its_edits_and_is_taken_back_as_a_whole(
    work, planner, viewer, stranger, signed_in
) -> None:
    number = Edit.objects.get(version=3).changeset_id
    path = f"/changesets/{number}/"
    assert "/undo" not in page(signed_in(viewer), path)
    assert signed_in(stranger).get(path).status_code == 404
    assert signed_in(stranger).post(path + "undo").status_code == 404
    assert signed_in(viewer).post(path + "undo").status_code == 403
    client = signed_in(planner)
    assert path + "undo" in page(client, path)
    client.post(path + "undo")
    work.refresh_from_db()
    assert round(work.geom.x, 6) == IN_HUAYUAN[0]
    assert path + "undo" not in page(client, path)


def test_a_changeset_that_was_changed_since_stays(work, planner, signed_in, edit) -> None:
    number = Edit.objects.get(version=2).changeset_id
    edit(LAYER, "update", work, actor=planner, name="再改")
    signed_in(planner).post(f"/changesets/{number}/undo")
    work.refresh_from_db()
    assert work.name == "再改"


def test_a_form_without_its_numbers_is_refused(work, planner, signed_in) -> None:
    client = signed_in(planner)
    assert client.post(address(work, "restore"), {"uid": "x"}).status_code == 400
    assert (
        client.post(address(work, "restore"), {**back_to(1, 3), "to_version": "-1"}).status_code
        == 400
    )


def test_history_costs_the_same_queries_however_long_it_is(
    work, viewer, signed_in, edit, django_assert_max_num_queries
) -> None:
    for number in range(8):
        work.refresh_from_db()
        edit(LAYER, "update", work, people_served=number)
    assert FENGHUANG != HUAYUAN
    client = signed_in(viewer)
    with django_assert_max_num_queries(45):
        client.get(address(work))
