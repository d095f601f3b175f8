"""The versions of a feature and what lies between them, as a person or a program reads them."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from layers.editing import service
from layers.editing.request import EditRequest, Outcome
from layers.editing.rows import state_of
from layers.errors import NotFound
from layers.history.difference import difference
from layers.history.versions import state_at_version, versions_of
from layers.models import Edit, Operation, User
from layers.models.feature import Feature
from layers.registry import layer_named
from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN, place
from tests.layers.journal.conftest import load  # noqa: F401

pytestmark = pytest.mark.django_db

TOILETS, ROADS = layer_named("toilets"), layer_named("roads")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def toilet(make_feature: Callable[..., Feature]) -> Feature:
    return make_feature("toilets", division=HUAYUAN, keeper="甲", householder="赵六")


def address(feature: Feature, tail: str, layer: str = "toilets") -> str:
    return f"/api/layers/{layer}/features/{feature.pk}/{tail}"


def test_every_version_says_who_when_why_and_what(
    toilet: Feature, edit: Callable[..., Outcome], account: Callable[..., User], steward: User
) -> None:
    planner = account("planner", HUAYUAN)
    sent = EditRequest(
        uid=uuid.uuid4(),
        layer="toilets",
        operation=Operation.UPDATE,
        feature_id=toilet.pk,
        base_version=1,
        properties={"keeper": "乙"},
        reason="现场核实",
    )
    service.submit(actor=planner, request=sent)
    service.undo(actor=planner, uid=sent.uid)
    toilet.refresh_from_db()
    edit("toilets", "delete", toilet)
    made, changed, undone, deleted = versions_of(TOILETS, toilet.pk)
    assert (made.operation, made.author, made.version) == ("create", steward.username, 1)
    assert (changed.author, changed.reason) == (planner.username, "现场核实")
    assert (changed.fields, changed.uid) == (("keeper",), sent.uid)
    assert (changed.undone_by, undone.undoes) == (undone.uid, changed.uid)
    assert (deleted.removed, deleted.version) == (True, 4)
    assert [each.removed for each in (made, changed, undone)] == [False] * 3


def test_the_state_at_each_version_is_what_was_written_then(
    toilet: Feature, edit: Callable[..., Outcome]
) -> None:
    states = [state_of(TOILETS, toilet)]
    for change in ({"keeper": "乙"}, {"geometry": place("toilets", *IN_FENGHUANG)}):
        edit("toilets", "update", toilet, **change)
        toilet.refresh_from_db()
        states.append(state_of(TOILETS, toilet))
    edit("toilets", "delete", toilet)
    edit("toilets", "restore", toilet, base_version=4)
    states += [{}, states[-1]]
    assert [state_at_version(TOILETS, toilet.pk, number) for number in range(1, 6)] == states
    for missing in (0, 6):
        with pytest.raises(NotFound):
            state_at_version(TOILETS, toilet.pk, missing)


def test_a_loaded_features_first_version_is_the_loads(
    load: Callable[..., Any],  # noqa: F811
    edit: Callable[..., Outcome],
    steward: User,
) -> None:
    changeset = load("A", "B")
    feature = TOILETS.rows.get(code="A")
    (only,) = versions_of(TOILETS, feature.pk)
    assert (only.operation, only.changeset, only.author) == (
        "load", changeset.pk, steward.username,
    )  # fmt: skip
    edit("toilets", "delete", feature)
    assert [each.version for each in versions_of(TOILETS, feature.pk)] == [1, 2]
    assert state_at_version(TOILETS, feature.pk, 1)["code"] == "A"
    with pytest.raises(NotFound):
        versions_of(TOILETS, feature.pk + 100)


def test_a_difference_is_told_in_words(toilet: Feature, edit: Callable[..., Outcome]) -> None:
    edit(
        "toilets", "update", toilet,
        category="public", squat_places=4, publicly_funded=True, householder="钱七",
        division=FENGHUANG,
    )  # fmt: skip
    found = {each.name: each for each in difference(TOILETS, toilet.pk, 1, 2).fields}
    assert set(found) == {"category", "squat_places", "publicly_funded", "division", "personal"}
    assert (found["publicly_funded"].old, found["publicly_funded"].new) == ("", "yes")
    assert found["squat_places"].new == "4"
    assert found["category"].old != "household"
    assert found["division"].new.endswith("凤凰县")
    assert found["personal"].hidden
    assert (found["personal"].old, found["personal"].new) == ("", "")
    assert difference(TOILETS, toilet.pk, 1, 2).geometry is None


def test_a_moved_point_says_how_far(toilet: Feature, edit: Callable[..., Outcome]) -> None:
    lon, lat = IN_HUAYUAN
    edit("toilets", "update", toilet, geometry=place("toilets", lon, lat + 0.001))
    shape = difference(TOILETS, toilet.pk, 1, 2).geometry
    assert shape is not None
    assert (shape.moved, shape.added, shape.removed) == (1, 0, 0)
    assert shape.moved_m == pytest.approx(110.8, abs=0.2)
    assert shape.old["coordinates"] == pytest.approx(IN_HUAYUAN)


def test_a_redrawn_line_says_which_vertices_and_how_long(
    make_feature: Callable[..., Feature], edit: Callable[..., Outcome]
) -> None:
    road = make_feature("roads")
    (start, end) = place("roads", *IN_HUAYUAN)["coordinates"]
    middle = [start[0] + 0.004, start[1] + 0.004]
    edit("roads", "update", road, geometry={"type": "LineString", "coordinates": [
        start, middle, [end[0], end[1] + 0.0001],
    ]})  # fmt: skip
    shape = difference(ROADS, road.pk, 1, 2).geometry
    assert shape is not None
    assert (shape.moved, shape.added, shape.removed) == (1, 1, 0)
    assert shape.moved_m == pytest.approx(11.1, abs=0.1)
    assert shape.length_m[0] == pytest.approx(1124, abs=5)
    assert shape.length_m[1] > shape.length_m[0]


def test_versions_are_read_by_who_may_see_the_feature(
    toilet: Feature,
    edit: Callable[..., Outcome],
    account: Callable[..., User],
    signed_in: Callable[[User], Client],
) -> None:
    inside = signed_in(account("viewer", HUAYUAN))
    outside = signed_in(account("viewer", FENGHUANG))
    tails = ("versions", "versions/1", "difference", "difference?from=1&to=2")
    edit("toilets", "update", toilet, keeper="乙")
    for tail in tails:
        assert inside.get(address(toilet, tail)).status_code == 200, tail
        assert outside.get(address(toilet, tail)).status_code == 404, tail
        assert Client().get(address(toilet, tail)).status_code == 404, tail
    read = inside.get(address(toilet, "versions/1")).json()
    assert (read["version"], read["properties"]["keeper"]) == (1, "甲")
    assert "personal" not in read["properties"]
    assert inside.get(address(toilet, "versions/3")).status_code == 404
    assert inside.get(address(toilet, "versions/99999999999999999999")).status_code == 404
    assert inside.get(address(toilet, "difference?from=1&to=9")).status_code == 404


def test_a_deleted_features_history_stays_with_who_saw_it_last(
    toilet: Feature,
    edit: Callable[..., Outcome],
    account: Callable[..., User],
    signed_in: Callable[[User], Client],
) -> None:
    edit("toilets", "update", toilet, division=FENGHUANG)
    edit("toilets", "delete", toilet, base_version=2)
    before = signed_in(account("viewer", HUAYUAN))
    last = signed_in(account("viewer", FENGHUANG))
    assert before.get(address(toilet, "versions")).status_code == 404
    assert len(last.get(address(toilet, "versions")).json()["versions"]) == 3
    assert last.get(address(toilet, "versions/2")).status_code == 200
    assert last.get(address(toilet, "versions/3")).status_code == 404


def changes(client: Client, **query: Any) -> dict[str, Any]:
    connection.check_constraints()
    response = client.get("/api/changes", query)
    assert response.status_code == 200, response.content
    return response.json()


def test_the_feed_gives_every_change_in_scope_once_and_in_order(
    toilet: Feature,
    make_feature: Callable[..., Feature],
    edit: Callable[..., Outcome],
    load: Callable[..., Any],  # noqa: F811
    account: Callable[..., User],
    signed_in: Callable[[User], Client],
) -> None:
    far = make_feature("roads", IN_FENGHUANG, division=FENGHUANG)
    edit("toilets", "update", toilet, keeper="乙")
    loaded = load("A", "B")
    edit("toilets", "delete", toilet, base_version=2)
    inside = signed_in(account("viewer", HUAYUAN))
    found = changes(inside)
    told = [(each["operation"], each["feature_id"]) for each in found["changes"]]
    assert told == [
        ("create", toilet.pk), ("update", toilet.pk), ("load", None), ("delete", toilet.pk),
    ]  # fmt: skip
    assert found["changes"][2]["changeset"] == loaded.pk
    assert found["changes"][3]["removed"]
    position, followed = 0, []
    while True:
        page = changes(inside, since=position, limit=1)
        followed += page["changes"]
        position = page["next"]
        if not page["more"]:
            break
    assert followed == found["changes"]
    assert changes(inside, since=position) == {"changes": [], "next": position, "more": False}
    elsewhere = changes(signed_in(account("viewer", FENGHUANG)))["changes"]
    assert [each["feature_id"] for each in elsewhere] == [far.pk]
    assert [each["layer"] for each in changes(inside, layer="roads")["changes"]] == []


def test_what_happens_elsewhere_moves_no_readers_cursor(
    toilet: Feature,
    make_feature: Callable[..., Feature],
    account: Callable[..., User],
    signed_in: Callable[[User], Client],
) -> None:
    inside = signed_in(account("viewer", HUAYUAN))
    before = changes(inside)
    make_feature("roads", IN_FENGHUANG, division=FENGHUANG)
    assert changes(inside) == before
    assert Edit.objects.count() == 2


def test_the_feed_needs_a_grant_and_reads_its_parameters(
    account: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    assert Client().get("/api/changes").status_code == 401
    assert signed_in(account()).get("/api/changes").status_code == 403
    viewer = signed_in(account("viewer", HUAYUAN))
    for query in ("since=-1", "since=x", "limit=0", "limit=100000"):
        assert viewer.get(f"/api/changes?{query}").status_code == 422, query
    assert viewer.get("/api/changes?layer=nothing").status_code == 404
