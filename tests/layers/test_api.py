"""The layers' API as its clients use it."""

import json
import uuid

import pytest
from django.test import Client

from layers.models import Edit, Unmasking, WaterWork
from layers.plates import plate_of
from layers.registry import LAYERS, layer_named
from tests.conftest import ATTRIBUTES, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN, place

pytestmark = pytest.mark.django_db


def post(client: Client, path: str, body: object) -> tuple[int, dict]:
    text = body if isinstance(body, str) else json.dumps(body)
    response = client.post(path, text, content_type="application/json")
    return response.status_code, response.json()


def new_work(**more: object) -> dict:
    return {
        "uid": str(uuid.uuid4()),
        "layer": "water-works",
        "operation": "create",
        "geometry": place("water-works", *IN_HUAYUAN),
        "properties": ATTRIBUTES["water-works"],
        **more,
    }


def test_layers_describe_themselves_in_the_readers_language(client) -> None:
    layers = client.get("/api/layers", headers={"Accept-Language": "en"}).json()
    assert [layer["name"] for layer in layers] == list(LAYERS)
    roads = next(layer for layer in layers if layer["name"] == "roads")
    assert roads["title"] == "Rural roads"
    surface = next(field for field in roads["fields"] if field["name"] == "surface")
    assert {"code": "cement", "label": "Cement concrete"} in surface["codes"]
    chinese = client.get("/api/layers", headers={"Accept-Language": "zh-hans"}).json()
    assert chinese[1]["title"] == "农村公路"


def test_a_planner_draws_reads_changes_and_deletes_a_water_work(account, signed_in) -> None:
    client = signed_in(account("planner", HUAYUAN))
    status, made = post(client, "/api/edits", new_work())
    assert status == 200
    address = f"/api/layers/water-works/features/{made['feature_id']}"
    read = client.get(address).json()
    assert read["properties"]["people_served"] == 420
    assert read["geometry"]["coordinates"] == list(IN_HUAYUAN)
    assert read["division"]["path"].endswith("湘西土家族苗族自治州 › 花垣县")
    assert read["can"]["update"] is True
    change = {
        "uid": str(uuid.uuid4()), "layer": "water-works", "operation": "update",
        "feature_id": made["feature_id"], "base_version": 1, "properties": {"people_served": 900},
    }  # fmt: skip
    assert post(client, "/api/edits", change)[1]["version"] == 2
    removal = {**change, "uid": str(uuid.uuid4()), "operation": "delete", "base_version": 2}
    assert post(client, "/api/edits", removal)[0] == 200
    assert client.get(address).status_code == 404
    assert post(client, f"/api/edits/{removal['uid']}/undo", {})[0] == 200
    assert client.get(address).json()["properties"]["people_served"] == 900


def test_a_conflict_says_what_both_sides_did(make_feature, edit, account, signed_in) -> None:
    work = make_feature("water-works")
    edit("water-works", "update", work, people_served=500)
    status, body = post(
        signed_in(account("planner", HUAYUAN)),
        "/api/edits",
        {
            "uid": str(uuid.uuid4()), "layer": "water-works", "operation": "update",
            "feature_id": work.pk, "base_version": 1, "properties": {"people_served": 600},
        },
    )  # fmt: skip
    assert status == 409
    assert body["conflicts"] == [
        {"field": "people_served", "base": 420, "mine": 600, "theirs": 500}
    ]


MALFORMED = {
    "cut off": "{",
    "a list": "[]",
    "null": "null",
    "empty": {},
    "not a number": '{"uid": NaN}',
    "no uid": new_work(uid="not-a-uid"),
    "unknown operation": new_work(operation="explode"),
    "unknown key": new_work(surprise=1),
    "the service's own key": new_work(undoes=1),
    "geometry as text": new_work(geometry="POINT(109 28)"),
    "properties as a list": new_work(properties=[]),
    "id out of range": new_work(feature_id=10**30),
    "negative accuracy": new_work(accuracy_m=-1),
}


@pytest.mark.parametrize("body", list(MALFORMED.values()), ids=list(MALFORMED))
def test_a_malformed_edit_is_a_clear_4xx_and_changes_nothing(account, signed_in, body) -> None:
    status, answer = post(signed_in(account("planner", HUAYUAN)), "/api/edits", body)
    assert 400 <= status < 500
    assert answer["message"]
    assert not WaterWork.objects.exists()


def test_an_unknown_layer_is_not_found(account, signed_in) -> None:
    client = signed_in(account("planner", HUAYUAN))
    assert post(client, "/api/edits", new_work(layer="castles"))[0] == 404
    assert client.get("/api/layers/castles/counts").status_code == 404


def test_writing_needs_an_account_and_a_csrf_token(account) -> None:
    assert post(Client(), "/api/edits", new_work())[0] == 401
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(account("planner", HUAYUAN))
    assert strict.post("/api/edits", "{}", content_type="application/json").status_code == 403
    assert not Edit.objects.exists()


def test_what_is_outside_the_grant_answers_like_what_does_not_exist(
    make_feature, account, signed_in
) -> None:
    outside = make_feature("toilets", IN_FENGHUANG)
    client = signed_in(account("planner", HUAYUAN))
    there = client.get(f"/api/layers/toilets/features/{outside.pk}")
    nowhere = client.get("/api/layers/toilets/features/999999999")
    assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)
    assert client.get(f"/map/toilets/{outside.pk}/sheet").status_code == 404


@pytest.mark.parametrize("layer", LAYERS)
def test_bytes_do_not_depend_on_features_out_of_region(
    make_feature, account, signed_in, layer
) -> None:
    make_feature(layer)
    client = signed_in(account("viewer", HUAYUAN))
    addresses = [
        "/api/layers",
        f"/api/layers/{layer}/counts",
        f"/api/layers/{layer}/counts?bbox=108,24,115,31",
        f"/api/search?q={layer_named(layer).letter}433",
        f"/tiles/{layer}/6/51/26.mvt",
        f"/tiles/{layer}/0/0/0.mvt",
    ]
    before = [client.get(address).content for address in addresses]
    make_feature(layer, IN_FENGHUANG)
    assert [client.get(address).content for address in addresses] == before


def test_counts_follow_the_scope_and_the_box(make_feature, account, signed_in) -> None:
    make_feature("water-works")
    make_feature("water-works", IN_FENGHUANG)
    everywhere = signed_in(account("viewer", "430000000000"))
    assert everywhere.get("/api/layers/water-works/counts").json()["total"] == 2
    box = "109.4,28.5,109.6,28.7"
    assert everywhere.get(f"/api/layers/water-works/counts?bbox={box}").json()["total"] == 1
    assert Client().get("/api/layers/water-works/counts").json()["total"] == 0


@pytest.mark.parametrize("bbox", ["1", "a,b,c,d", "3,2,1,0", "0,0,0,nan", "0,0,0,inf", "1,2,3,4,5"])
def test_a_bad_bbox_is_a_clear_400(client, bbox) -> None:
    answer = client.get(f"/api/layers/roads/counts?bbox={bbox}")
    assert answer.status_code == 400
    assert answer.json()["remedy"]


def test_search_finds_names_codes_plates_divisions_and_coordinates(
    make_feature, account, signed_in
) -> None:
    work = make_feature("water-works", name="十八洞水厂")
    client = signed_in(account("viewer", HUAYUAN))

    def found(text: str) -> list[tuple[str, str]]:
        return [
            (r["layer"], r["id"]) for r in client.get("/api/search", {"q": text}).json()["results"]
        ]

    wanted = ("water-works", str(work.pk))
    assert wanted in found("八洞水")
    assert wanted in found(work.code)
    assert wanted in found(plate_of(layer_named("water-works"), work.pk))
    assert ("divisions", "433124110226") in found("十八洞村")
    assert ("divisions", HUAYUAN) in found(HUAYUAN)
    assert found("花垣")[0] == ("divisions", HUAYUAN), "a county stands before its villages"
    assert found("109.48, 28.57") == [("coordinates", "109.48,28.57")]
    assert found("28.57 109.48") == [("coordinates", "109.48,28.57")]
    assert found("' OR 1=1 --") == []
    assert found("%") == []
    assert found("\x00") == []


def test_unmasking_needs_the_right_and_a_reason_and_is_journalled(
    make_feature, account, signed_in
) -> None:
    toilet = make_feature("toilets", householder="张演示")
    address = f"/api/layers/toilets/features/{toilet.pk}/unmask"
    assert post(signed_in(account("planner", HUAYUAN)), address, {"reason": "x"})[0] == 403
    client = signed_in(account("steward", HUAYUAN))
    assert post(client, address, {"reason": " "})[0] == 400
    assert not Unmasking.objects.exists()
    assert post(client, address, {"reason": "核对改厕对象"})[1] == {"householder": "张演示"}
    assert Unmasking.objects.get().feature_id == toilet.pk
    assert "张演示" not in client.get(f"/map/toilets/{toilet.pk}/sheet").content.decode()


def test_the_sheet_shows_labels_units_and_map_links(make_feature, account, signed_in) -> None:
    work = make_feature("water-works")
    client = signed_in(account("planner", HUAYUAN))
    page = client.get(
        f"/map/water-works/{work.pk}/sheet", headers={"Accept-Language": "zh-hans"}
    ).content.decode()
    for text in ("供水人口", "420", "百人以上工程", "花垣县", "coordinate=wgs84", "coord_type=1"):
        assert text in page


def test_health_and_docs_answer(client) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json() == {"status": "ready"}
    assert client.get("/api/openapi.json").json()["openapi"].startswith("3.1")
    docs = client.get("/api/docs").content.decode()
    assert "https://" not in docs, "the documentation page must not need another host"
