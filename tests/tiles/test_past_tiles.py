"""Tiles of a past date and of a plan: what the tile was then, or will be, and nobody else's."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from psycopg2 import sql

from layers.editing.request import EditRequest
from layers.models import Changeset, Edit, Operation
from layers.plans import service as plans
from tests.conftest import ATTRIBUTES, FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN, XIANGXI, place
from tests.tiles.conftest import tile_over
from tests.tiles.decoding import features, represented
from tiles import rule
from tiles.coordinates import Tile
from tiles.direct import statements
from tiles.overview.folding import fold
from tiles.statements import Statement

pytestmark = pytest.mark.django_db


def address(layer: str, tile: Tile) -> str:
    return f"/tiles/{layer}/{tile.z}/{tile.x}/{tile.y}.mvt"


@pytest.fixture
def reader(account, signed_in) -> Client:
    return signed_in(account("planner", XIANGXI))


def moment() -> dict[str, str]:
    """Now, as a query that asks for the state of it later on."""
    return {"at": timezone.now().isoformat()}


def days_ago(days: int) -> str:
    return str(timezone.localdate() - timedelta(days=days))


@pytest.mark.parametrize("z", [0, 8, 14, 18])
@pytest.mark.parametrize("limit", [5000, 0])
def test_a_past_tile_is_what_the_tile_was_then(
    make_feature, edit, reader, monkeypatch, z, limit
) -> None:
    monkeypatch.setattr(rule, "RAW_LIMIT", limit)
    before = moment()
    moved, renamed, gone = (make_feature("water-works") for _each in range(3))
    tile = tile_over(*IN_HUAYUAN, z)
    fold()
    then = features(reader.get(address("water-works", tile)).content, "water-works")
    query = moment()
    edit("water-works", "update", moved, geometry=place("water-works", 110.9, 27.1))
    edit("water-works", "update", renamed, name="新名", kind="over_1000")
    edit("water-works", "delete", gone)
    for _each in range(3):
        make_feature("water-works")
    now = features(reader.get(address("water-works", tile)).content, "water-works")
    past = reader.get(address("water-works", tile), query)
    assert without_state(features(past.content, "water-works")) == without_state(then)
    assert without_state(now) != without_state(then)
    assert reader.get(address("water-works", tile), before).status_code == 204


def without_state(found: list[dict]) -> list[dict]:
    """Upkeep states are today's in any past state: they are derived, not journalled."""
    states = {"state", "ok", "due", "overdue", "defective", "none"}
    kept = [
        {**each, "properties": {k: v for k, v in each["properties"].items() if k not in states}}
        for each in found
    ]
    return sorted(kept, key=lambda each: (each.get("id", 0), str(each["geometry"])))


def test_roads_of_a_past_date_are_lines(make_feature, edit, reader) -> None:
    road = make_feature("roads")
    query = moment()
    edit("roads", "delete", road)
    tile = tile_over(*IN_HUAYUAN, 13)
    (found,) = features(reader.get(address("roads", tile), query).content, "roads")
    assert found["id"] == road.pk
    assert found["geometry"]["type"] == "LineString"
    assert reader.get(address("roads", tile)).status_code == 204


def test_the_past_is_told_to_the_reader_s_divisions_only(make_feature, account, signed_in) -> None:
    make_feature("toilets", IN_HUAYUAN)
    make_feature("toilets", IN_FENGHUANG)
    query = moment()
    make_feature("toilets", IN_HUAYUAN)
    whole = address("toilets", Tile(0, 0, 0))
    for division, seen in ((HUAYUAN, 1), (FENGHUANG, 1), (XIANGXI, 2)):
        client = signed_in(account("viewer", division))
        assert represented(client.get(whole, query).content, "toilets") == seen
    assert Client().get(whole, query).status_code == 204
    divisions = Client().get(address("divisions", tile_over(*IN_HUAYUAN, 7)), query)
    assert {"花垣县"} <= {
        each["properties"]["name"] for each in features(divisions.content, "divisions")
    }


def test_a_past_tile_is_asked_about_by_its_tag(make_feature, edit, reader) -> None:
    work = make_feature("water-works")
    query = moment()
    path = address("water-works", tile_over(*IN_HUAYUAN, 12))
    first = reader.get(path, query)
    assert first.status_code == 200
    edit("water-works", "update", work, name="改名")
    again = reader.get(path, query, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "at",
    [
        "",
        "yesterday",
        "2024-02-30",
        "2024-3-1",
        "2024-03-01T08:00:00",
        "0000-01-01",
        "2024-03-01\x00",
    ],
)
def test_a_date_that_cannot_be_read_is_refused(client, at) -> None:
    answer = client.get("/tiles/divisions/0/0/0.mvt", {"at": at})
    assert answer.status_code == 400
    assert answer.json()["remedy"]


def test_the_future_and_two_states_at_once_are_refused(client) -> None:
    for query in (
        {"at": days_ago(-1)},
        {"at": "2999-01-01T00:00:00Z"},
        {"at": days_ago(1), "plan": "1"},
    ):
        assert client.get("/tiles/divisions/0/0/0.mvt", query).status_code == 400
        assert client.get("/tiles/divisions.json", query).status_code == 400


def test_today_is_read_as_far_as_it_has_come(make_feature, reader) -> None:
    make_feature("water-works")
    found = reader.get(address("water-works", Tile(0, 0, 0)), {"at": days_ago(0)})
    assert represented(found.content, "water-works") == 1


def test_a_time_may_come_with_a_bare_plus(client) -> None:
    assert client.get("/tiles/zones/0/0/0.mvt?at=2024-03-01T08:00:00+08:00").status_code == 200


def test_a_past_tile_that_does_not_exist_is_not_found(client) -> None:
    for path in ("roads/3/8/0", "roads/23/0/0", "castles/0/0/0"):
        assert client.get(f"/tiles/{path}.mvt", {"at": days_ago(1)}).status_code == 404


def test_a_past_tile_over_the_time_limit_is_a_clear_503(reader, monkeypatch) -> None:
    monkeypatch.setattr("tiles.serving.TIME_LIMIT_MS", 1)
    slow = Statement(sql.SQL("SELECT 0 FROM pg_sleep(1)").format(), {})
    monkeypatch.setattr(statements.Drawing, "counted", lambda _drawing: slow)
    answer = reader.get("/tiles/water-works/14/0/0.mvt", {"at": days_ago(1)})
    assert answer.status_code == 503
    assert answer["Retry-After"]


def planned(operation: str, layer: str = "water-works", feature=None, geometry=None, **properties):
    return EditRequest(
        uid=uuid.uuid4(),
        layer=layer,
        operation=Operation(operation),
        feature_id=feature.pk if feature else None,
        base_version=feature.version if feature else None,
        geometry=geometry,
        properties=properties,
    )


@pytest.fixture
def plan(account, make_feature):
    """A plan in 花垣县 that moves, renames, deletes and adds; with its author and a reviewer."""
    author, reviewer = account("planner", XIANGXI), account("reviewer", XIANGXI)
    moved, renamed, gone = (make_feature("water-works") for _each in range(3))
    make_feature("water-works", name="不动的")
    number = plans.draft(actor=author, title="扩网", purpose="", division=HUAYUAN).pk
    attributes = {**ATTRIBUTES["water-works"], "name": "新站"}
    plans.add_edits(
        actor=author,
        number=number,
        requests=[
            planned("update", feature=moved, geometry=place("water-works", 109.50, 28.58)),
            planned("update", feature=renamed, name="新名", kind="over_1000"),
            planned("delete", feature=gone),
            planned("create", geometry=place("water-works", 109.481, 28.571), **attributes),
            planned("create", geometry=place("water-works", 109.482, 28.569), **attributes),
        ],
    )
    return plans.visible_plan(author, number), author, reviewer


@pytest.mark.parametrize("z", [0, 9, 14])
@pytest.mark.parametrize("limit", [5000, 0])
def test_a_plan_s_tile_is_the_tile_after_applying_it(
    plan, signed_in, monkeypatch, z, limit
) -> None:
    monkeypatch.setattr(rule, "RAW_LIMIT", limit)
    found, author, reviewer = plan
    client = signed_in(author)
    path = address("water-works", tile_over(*IN_HUAYUAN, z))
    live = features(client.get(path).content, "water-works")
    edits = Edit.objects.count()
    before = features(client.get(path, {"plan": found.pk}).content, "water-works")
    assert Edit.objects.count() == edits, "looking at a plan writes nothing"
    plans.submit_for_review(actor=author, number=found.pk)
    plans.approve(actor=reviewer, number=found.pk)
    assert all(each.in_the_journal for each in plans.apply(actor=author, number=found.pk))
    after = features(client.get(path).content, "water-works")
    assert without_ids(before) == without_ids(after)
    assert without_ids(live) != without_ids(after)
    done = features(client.get(path, {"plan": found.pk}).content, "water-works")
    assert without_ids(done) == without_ids(after)


def without_ids(found: list[dict]) -> list[dict]:
    """What a plan adds has no id and no upkeep before it is applied."""
    stateless = without_state(found)
    return sorted(
        ({key: value for key, value in each.items() if key != "id"} for each in stateless), key=str
    )


def test_a_plan_is_shown_to_who_may_see_it_only(plan, account, signed_in) -> None:
    found, _author, reviewer = plan
    path = address("water-works", Tile(0, 0, 0))
    query = {"plan": found.pk}
    assert signed_in(reviewer).get(path, query).status_code == 200
    outside = signed_in(account("planner", FENGHUANG))
    assert outside.get(path, query).status_code == 404
    assert outside.get("/tiles/water-works.json", query).status_code == 404
    assert Client().get(path, query).status_code == 401
    for wrong in ("x", "-1", "9" * 30, "0"):
        assert outside.get(path, {"plan": wrong}).status_code == 404


def test_a_plan_s_tile_is_the_same_bytes_each_time(plan, signed_in) -> None:
    found, author, _reviewer = plan
    client, path = signed_in(author), address("water-works", tile_over(*IN_HUAYUAN, 14))
    first = client.get(path, {"plan": found.pk})
    again = client.get(path, {"plan": found.pk}, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert Changeset.objects.filter(plan=found).count() == 1


def test_tile_json_keeps_the_date_and_the_plan(plan, signed_in) -> None:
    found, author, _reviewer = plan
    client = signed_in(author)
    for query, kept in (
        ({"at": "2024-03-01"}, "?at=2024-03-01"),
        ({"plan": found.pk}, f"?plan={found.pk}"),
    ):
        (tiles,) = client.get("/tiles/roads.json", query).json()["tiles"]
        assert tiles == f"http://testserver/tiles/roads/{{z}}/{{x}}/{{y}}.mvt{kept}"
