"""Create, replace, update, delete: optimistic locking, outcomes, reference systems."""

import json

import pytest
from django.test import Client

from layers.models import Edit, WaterWork
from layers.ogc.reference_systems import reference_systems
from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN
from tests.layers.ogc.conftest import EPSG, Reader

pytestmark = pytest.mark.django_db

WORKS = "collections/water-works/items"
MERGE_PATCH = "application/merge-patch+json"


def feature(at=IN_HUAYUAN, **properties):
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(at)},
        "properties": {"name": "新水站", "kind": "over_100", **properties},
    }


def created(planner: Reader, **properties) -> tuple[str, str]:
    """Path and entity tag of a new feature."""
    response = planner.send("POST", WORKS, feature(**properties))
    assert response.status_code == 201, response.content.decode()
    return response["Location"].partition("/ogc/")[2], response["ETag"]


def test_a_new_feature_has_an_address_and_is_an_edit_of_its_author(planner) -> None:
    path, tag = created(planner, people_served=40)
    read = planner.ask(path)
    assert read["ETag"] == tag
    body = read.json()
    assert body["geometry"] == {"type": "Point", "coordinates": list(IN_HUAYUAN)}
    assert body["properties"]["name"] == "新水站"
    assert body["properties"]["people_served"] == 40
    assert body["properties"]["division"] == HUAYUAN
    entry = Edit.objects.get(layer="water-works", feature_id=body["id"])
    assert entry.author_id == int(planner.client.session["_auth_user_id"])


def test_replacing_clears_what_is_not_sent(planner) -> None:
    path, tag = created(planner, people_served=40, operator="村集体")
    code = planner.read(path)["properties"]["code"]
    body = feature(name="改名水站", code=code, division=HUAYUAN)
    response = planner.send("PUT", path, body, If_Match=tag)
    assert response.status_code == 200, response.content.decode()
    assert response["ETag"] != tag
    kept = planner.read(path)["properties"]
    assert (kept["name"], kept["people_served"], kept["operator"]) == ("改名水站", None, None)
    assert kept["version"] == 2
    again = planner.send("PUT", path, feature(name="又改名"), If_Match=response["ETag"])
    assert again.status_code == 200, again.content.decode()
    assert again.json()["properties"]["code"] == code


def test_who_may_not_edit_may_not_even_send_back_what_is_there(planner, account, reading) -> None:
    path, tag = created(planner)
    viewer = reading(account("viewer", HUAYUAN))
    body = viewer.read(path)
    assert viewer.send("PUT", path, body, If_Match=tag).status_code == 403
    assert viewer.send("PATCH", path, {}, MERGE_PATCH, If_Match=tag).status_code == 403


def test_a_feature_sent_back_as_it_was_read_changes_nothing(planner, make_feature) -> None:
    work = make_feature(
        "water-works", (109.482012345678, 28.5700987654321), daily_capacity_m3="12.5"
    )
    path = f"{WORKS}/{work.pk}"
    for uri in reference_systems():
        read = planner.ask(path, crs=uri)
        response = planner.send(
            "PUT", path, read.json(), If_Match=read["ETag"], Content_Crs=f"<{uri}>"
        )
        assert response.status_code == 200, response.content.decode()
    work.refresh_from_db()
    assert work.version == 1
    assert work.geom.x == 109.482012345678


def test_a_merge_patch_changes_only_what_it_names(planner) -> None:
    path, tag = created(planner, people_served=40, operator="村集体")
    patch = {"properties": {"people_served": 55, "operator": None}}
    response = planner.send("PATCH", path, patch, MERGE_PATCH, If_Match=tag)
    assert response.status_code == 200, response.content.decode()
    body = planner.read(path)
    assert body["properties"]["people_served"] == 55
    assert body["properties"]["operator"] is None
    assert body["properties"]["name"] == "新水站"
    assert Edit.objects.latest("pk").new.keys() == {"people_served", "operator"}


def test_a_deleted_feature_is_gone(planner) -> None:
    path, tag = created(planner)
    assert planner.send("DELETE", path, If_Match=tag).status_code == 204
    assert planner.ask(path).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_change_needs_the_tag_of_what_was_read(planner, method) -> None:
    path, tag = created(planner)
    assert planner.send(method, path, feature()).status_code == 428
    for stale in ('"7-0000"', f"W/{tag}", "no tag", '""'):
        assert planner.send(method, path, feature(), If_Match=stale).status_code == 412
    assert WaterWork.objects.get().version == 1


def test_of_two_changes_of_one_state_the_second_is_refused(planner) -> None:
    path, tag = created(planner)
    patch = {"properties": {"name": "甲"}}
    assert planner.send("PATCH", path, patch, MERGE_PATCH, If_Match=tag).status_code == 200
    assert planner.send("PATCH", path, patch, MERGE_PATCH, If_Match=tag).status_code == 412
    assert planner.send("PATCH", path, patch, MERGE_PATCH, If_Match="*").status_code == 200


@pytest.mark.parametrize("srid", [4490, 4326, 3857, 4525, 4546])
def test_a_place_is_stored_where_it_was_sent(planner, srid) -> None:
    """Read in every system, moved by that system's own text, read back the same."""
    path, tag = created(planner)
    uri = f"{EPSG}{srid}"
    body = planner.read(path, crs=uri)
    body["geometry"]["coordinates"][0] += 0.001 if srid in (4490, 4326) else 100
    response = planner.send("PUT", path, body, If_Match=tag, Content_Crs=f"<{uri}>")
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Crs"] == f"<{uri}>"
    assert response.json()["geometry"] == body["geometry"]
    lon, lat = planner.read(path)["geometry"]["coordinates"]
    moved_north = srid in (4490, 4326, 4525, 4546)
    assert (lat > IN_HUAYUAN[1] + 1e-4) == moved_north
    assert (lon > IN_HUAYUAN[0] + 1e-4) == (not moved_north)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"kind": "no-such-kind"}, "kind"),
        ({"people_served": -1}, "people_served"),
        ({"people_served": "many"}, "people_served"),
        ({"people_served": True}, "people_served"),
        ({"no_such_field": 1}, "no_such_field"),
        ({"id_number": "433124199001011234"}, "id_number"),
        ({"personal": "x"}, "personal"),
        ({"name": {"nested": 1}}, "name"),
        ({"name": "a\x00b"}, "name"),
    ],
)
def test_values_that_do_not_fit_are_named_and_nothing_changes(planner, change, field) -> None:
    path, tag = created(planner)
    patch = {"properties": change}
    response = planner.send("PATCH", path, patch, MERGE_PATCH, If_Match=tag)
    assert response.status_code == 422, response.content.decode()
    assert [each["field"] for each in response.json()["problems"]] == [field]
    assert planner.send("POST", WORKS, feature(**change)).status_code == 422
    assert WaterWork.objects.get().version == 1


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "LineString", "coordinates": [[109.48, 28.57], [109.49, 28.58]]},
        {"type": "Point", "coordinates": [28.57, 109.48]},
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "Point", "coordinates": ["a", "b"]},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": [[[[109.48, 28.57]]]]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "Point"},
        {"type": "Nonsense", "coordinates": [1, 2]},
        {"type": "Point", "coordinates": [1e308, 1e308]},
        [],
        "POINT(109 28)",
        None,
    ],
)
@pytest.mark.parametrize("crs", ["", f"<{EPSG}4490>", f"<{EPSG}4525>"])
def test_geometries_that_do_not_fit_are_refused(planner, geometry, crs) -> None:
    body = {**feature(), "geometry": geometry}
    swapped = crs.endswith("4490>") and geometry == {
        "type": "Point",
        "coordinates": [28.57, 109.48],
    }
    response = planner.send("POST", WORKS, body, Content_Crs=crs)
    assert response.status_code == (201 if swapped else 422), response.content.decode()


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/geo+json", 400),
        (b" ", "application/geo+json", 400),
        (b"[]", "application/geo+json", 400),
        (b'"Feature"', "application/geo+json", 400),
        (b"\xff\xfe", "application/geo+json", 400),
        (b'{"type":"Feature","geometry":{"type":"Point","coordinates":[NaN,28]},"properties":{}}',
         "application/geo+json", 400),
        (b"[" * 100_000, "application/geo+json", 400),
        (b"{}", "application/geo+json", 422),
        (b'{"type":"FeatureCollection","features":[]}', "application/geo+json", 422),
        (b'{"type":"Feature","properties":[]}', "application/geo+json", 422),
        (b"<Feature/>", "application/gml+xml", 415),
        (b"{}", "text/plain", 415),
        (b" " * (21 * 1024 * 1024), "application/geo+json", 413),
    ],
)  # fmt: skip
def test_bodies_that_are_no_features_are_refused(planner, body, content_type, status) -> None:
    response = planner.send("POST", WORKS, body, content_type)
    assert response.status_code == status
    assert response.json()["description"]
    assert not WaterWork.objects.exists()


def test_an_unknown_content_crs_is_refused(planner) -> None:
    response = planner.send("POST", WORKS, feature(), Content_Crs=f"<{EPSG}2180>")
    assert response.status_code == 400


def test_who_may_not_edit_is_told_so_and_who_may_not_see_is_not(
    account, reading, planner, make_feature
) -> None:
    path, tag = created(planner)
    viewer = reading(account("viewer", HUAYUAN))
    elsewhere = reading(account("planner", FENGHUANG))
    anonymous = Reader(Client())
    for method in ("PUT", "PATCH", "DELETE"):
        assert viewer.send(method, path, feature(name="x"), If_Match=tag).status_code == 403
        assert anonymous.send(method, path, feature(), If_Match=tag).status_code == 401
        hidden = elsewhere.send(method, path, feature(), If_Match=tag)
        missing = elsewhere.send(method, f"{WORKS}/999999", feature(), If_Match=tag)
        assert hidden.status_code == missing.status_code == 404
        assert hidden.content == missing.content
    assert viewer.send("POST", WORKS, feature()).status_code == 403
    assert elsewhere.send("POST", WORKS, feature()).status_code == 403
    assert anonymous.send("POST", WORKS, feature()).status_code == 401


def test_a_session_writes_with_its_csrf_token_only(account) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(account("planner", HUAYUAN))
    sender = Reader(browser)
    refused = sender.send("POST", WORKS, feature())
    assert refused.status_code == 403
    assert refused.json()["code"] == "forbidden"
    browser.get("/map/")
    token = browser.cookies["csrftoken"].value
    assert sender.send("POST", WORKS, feature(), X_CSRFToken=token).status_code == 201


def test_a_code_that_is_taken_is_refused(planner) -> None:
    created(planner, code="W-1")
    response = planner.send("POST", WORKS, feature(IN_FENGHUANG, code="W-1"))
    assert response.status_code == 422
    assert response.json()["problems"][0]["field"] == "code"


def test_options_say_who_may_do_what(planner, account, reading, anonymous) -> None:
    path, _tag = created(planner)
    viewer = reading(account("viewer", HUAYUAN))
    assert planner.send("OPTIONS", WORKS)["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert planner.send("OPTIONS", path)["Allow"] == "GET, HEAD, OPTIONS, PUT, PATCH, DELETE"
    assert viewer.send("OPTIONS", WORKS)["Allow"] == "GET, HEAD, OPTIONS"
    assert anonymous.send("OPTIONS", WORKS).status_code == 404
    zones = planner.send("POST", "collections/zones/items", feature())
    assert zones.status_code == 405
    assert zones["Allow"] == "GET, HEAD, OPTIONS"
    assert planner.send("DELETE", "collections").status_code == 405


def test_a_place_that_is_known_cannot_be_taken_away(planner) -> None:
    path, tag = created(planner)
    response = planner.send("PATCH", path, {"geometry": None}, MERGE_PATCH, If_Match=tag)
    assert response.status_code == 422


def test_equity_has_no_place(planner) -> None:
    body = {
        "type": "Feature",
        "geometry": None,
        "properties": {
            "name": "股权", "asset_class": "operating", "state": "in_use", "division": HUAYUAN,
        },
    }  # fmt: skip
    response = planner.send("POST", "collections/assets/items", body)
    assert response.status_code == 201, response.content.decode()
    assert json.loads(response.content)["geometry"] is None
