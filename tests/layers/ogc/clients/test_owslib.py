"""OWSLib reads and writes."""

import pytest
from owslib.ogcapi.features import Features
from owslib.util import Authentication

from tests.layers.ogc.clients.scene import PASSWORD, ROADS


@pytest.fixture
def planner(ogc: str) -> Features:
    return Features(ogc, auth=Authentication(username="planner", password=PASSWORD))


def test_it_describes_the_service(ogc: str, planner: Features) -> None:
    anonymous = Features(ogc)
    assert set(anonymous.feature_collections()) == {"divisions", "zones"}
    assert "roads" in planner.feature_collections()
    assert "/collections/roads/items" in planner.api()["paths"]
    assert any("cql2-text" in each for each in planner.conformance()["conformsTo"])
    assert planner.collection("roads")["id"] == "roads"
    assert "length_m" in planner.collection_queryables("roads")["properties"]
    assert "length_m" in planner.collection_schema("roads")["properties"]


def test_it_reads_pages_boxes_and_filters(planner: Features, scene: dict) -> None:
    page = planner.collection_items("roads", limit=3, sortby=("name", "desc"))
    assert page["numberMatched"] == ROADS
    assert page["features"][0]["properties"]["name"] == f"村道 {ROADS - 1}"
    found = planner.collection_items("water-works", bbox=[109.4, 28.5, 109.5, 28.6])
    assert [each["id"] for each in found["features"]] == [scene["water"]]
    found = planner.collection_items("roads", filter="length_m < 1002 AND name LIKE '村%'")
    assert found["numberMatched"] == 2
    one = planner.collection_item("roads", str(scene["roads"][0]))
    assert one["properties"]["name"] == "村道 0"


def test_it_creates_replaces_and_deletes(planner: Features) -> None:
    body = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [109.49, 28.56]},
        "properties": {"name": "新站", "kind": "over_100"},
    }
    assert planner.collection_item_create("water-works", body)
    address = planner.response_headers["Location"]
    key = address.rpartition("/")[2]
    read = planner.collection_item("water-works", key)
    with pytest.raises(RuntimeError, match="precondition-required"):
        planner.collection_item_update("water-works", key, read)
    read["properties"]["name"] = "改名"
    planner.headers["If-Match"] = planner_tag(planner, key)
    assert planner.collection_item_update("water-works", key, read)
    with pytest.raises(RuntimeError, match="precondition-failed"):
        planner.collection_item_update("water-works", key, read)
    assert planner.collection_item("water-works", key)["properties"]["name"] == "改名"
    planner.headers["If-Match"] = planner_tag(planner, key)
    assert planner.collection_item_delete("water-works", key)
    with pytest.raises(RuntimeError, match="not-found"):
        planner.collection_item("water-works", key)


def planner_tag(planner: Features, key: str) -> str:
    planner.collection_item("water-works", key)
    return str(planner.response_headers["ETag"])
