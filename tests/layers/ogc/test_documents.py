"""Landing page, conformance, collections, schemas, the API definition: as JSON and as pages."""

import json

import pytest

from layers.ogc.conformance import CLASSES
from tests.conftest import HUAYUAN
from tests.layers.ogc.conftest import EPSG, links

pytestmark = pytest.mark.django_db

DOCUMENTS = (
    "",
    "conformance",
    "api",
    "collections",
    "collections/toilets",
    "collections/toilets/queryables",
    "collections/toilets/sortables",
    "collections/toilets/schema",
    "collections/toilets/items",
    "collections/divisions",
    "collections/divisions/items",
    "collections/zones/items/wuling",
)
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_document_is_json_and_a_page_in_both_languages(reader, path) -> None:
    assert "json" in reader.ask(path, f="json")["Content-Type"]
    for language, word in (("zh-hans", "页"), ("en", "page")):
        browser = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": language}
        response = reader.client.get(f"/ogc/{path}", headers=browser)
        assert response.status_code == 200
        assert response["Content-Type"].startswith("text/html")
        assert word in response.content.decode()
        assert (
            response.content
            == reader.client.get(
                f"/ogc/{path}", {"f": "html"}, headers={"Accept-Language": language}
            ).content
            or "csrf" in response.content.decode()
        )


@pytest.mark.parametrize("path", DOCUMENTS)
def test_links_of_a_document_lead_somewhere(reader, path) -> None:
    body = reader.read(path)
    for link in body.get("links", []):
        assert {"href", "rel", "type"} <= link.keys()
        response = reader.client.get(link["href"])
        assert response.status_code == 200, link
        assert response["Content-Type"].split(";")[0] == link["type"].split(";")[0], link


def test_the_landing_page_leads_to_everything(anonymous) -> None:
    found = links(anonymous.read())
    assert {"self", "service-desc", "service-doc", "conformance", "data"} <= found.keys()
    assert anonymous.read("conformance")["conformsTo"][: len(CLASSES)] == list(CLASSES)


def test_accept_chooses_and_f_goes_before_it(anonymous) -> None:
    def kind(path: str, accept: str) -> str:
        return anonymous.client.get(path, headers={"Accept": accept})["Content-Type"]

    assert kind("/ogc/", "*/*") == "application/json"
    assert kind("/ogc/", "application/geo+json, text/html;q=0.5") == "application/json"
    assert kind("/ogc/", "text/html").startswith("text/html")
    assert kind("/ogc/?f=json", "text/html") == "application/json"
    assert kind("/ogc/collections/zones/items", "application/json") == "application/geo+json"
    assert anonymous.client.get("/ogc/", headers={"Accept": "image/png"}).status_code == 406
    anonymous.refused("", f="xml")


def test_a_type_may_be_asked_for_with_its_parameters(anonymous) -> None:
    """Clients take the type of a link, or their framework's constant, into the Accept header."""

    def status(path: str, accept: str) -> int:
        return anonymous.client.get(path, headers={"Accept": accept}).status_code

    landing = anonymous.read()["links"]
    definition = next(each["type"] for each in landing if each["rel"] == "service-desc")
    assert "version" in definition
    assert status("/ogc/api", definition) == 200
    for kind in ("application/json", "application/geo+json", "text/html"):
        assert status("/ogc/collections/zones/items", f"{kind}; charset=UTF-8") == 200
    assert status("/ogc/api", "application/vnd.oai.openapi+json;version=4.0") == 406


def test_a_collection_names_its_reference_systems(reader) -> None:
    body = reader.read("collections/roads")
    assert body["crs"][0] == CRS84
    assert {f"{EPSG}{srid}" for srid in (4490, 4326, 3857, 4524, 4525, 4526, 4546)} <= {
        *body["crs"]
    }
    assert body["storageCrs"] == f"{EPSG}4490"
    assert body["id"] == "roads"


def test_queryables_have_codes_with_labels_and_nothing_personal(reader) -> None:
    response = reader.ask("collections/toilets/queryables")
    assert response["Content-Type"] == "application/schema+json"
    body = response.json()
    assert body["$id"].endswith("/ogc/collections/toilets/queryables")
    assert body["properties"]["geometry"]["format"] == "geometry-point"
    kind = body["properties"]["toilet_type"]
    assert set(kind["enum"]) == set(kind["x-enumLabels"])
    assert kind["x-enumLabels"]["three_chamber"]
    for document in ("queryables", "sortables", "schema"):
        names = reader.read(f"collections/toilets/{document}")["properties"].keys()
        assert not names & {"householder", "id_number", "phone", "personal"}


def test_the_schema_says_what_cannot_be_written(reader) -> None:
    body = reader.read("collections/water-works/schema")
    assert body["properties"]["version"]["readOnly"]
    assert "readOnly" not in body["properties"]["name"]
    assert {"name", "kind"} <= set(body["required"])
    assert body["properties"]["id"]["x-ogc-role"] == "id"


def test_without_an_account_only_divisions_and_zones_exist(anonymous, account, reading) -> None:
    nobody = reading(account())
    for one in (anonymous, nobody):
        ids = [each["id"] for each in one.read("collections")["collections"]]
        assert ids == ["divisions", "zones"]
        paths = one.read("api")["paths"]
        assert not [path for path in paths if "roads" in path]
        hidden = one.refused("collections/roads", 404)
        assert hidden == one.refused("collections/no-such-thing", 404)
        for path in ("items", "items/1", "queryables", "schema", "sortables"):
            assert one.refused(f"collections/roads/{path}", 404) == hidden


def test_the_definition_is_whole_and_refers_to_nothing_elsewhere(reader) -> None:
    response = reader.ask("api")
    assert response["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    body = response.json()
    assert body["openapi"].startswith("3.0")
    references = [value for value in _values(body, "$ref") if not _resolves(body, value)]
    assert references == []
    assert {"get", "post"} == body["paths"]["/collections/roads/items"].keys()
    item = body["paths"]["/collections/roads/items/{featureId}"]
    assert {"get", "put", "patch", "delete", "parameters"} == item.keys()
    assert {"get", "parameters"} == body["paths"]["/collections/zones/items/{featureId}"].keys()
    names = [each["operationId"] for path in body["paths"].values() for each in path.values()
             if "operationId" in each]  # fmt: skip
    assert len(names) == len(set(names))


def _values(node, name: str):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == name:
                yield value
            yield from _values(value, name)
    elif isinstance(node, list):
        for each in node:
            yield from _values(each, name)


def _resolves(body, reference: str) -> bool:
    node = body
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    return reference.startswith("#/") and bool(node)


@pytest.mark.parametrize("path", ["nowhere", "collections/roads/nowhere", "collections/"])
def test_an_address_that_is_none_is_a_404_of_our_own(reader, path) -> None:
    reader.refused(path, 404)


def test_failures_are_pages_for_people(reader) -> None:
    response = reader.client.get("/ogc/nowhere", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_a_documents_unknown_parameters_are_refused(reader) -> None:
    for path in DOCUMENTS:
        reader.refused(path, no_such_parameter="1")


def test_html_escapes_what_features_hold(planner, make_feature) -> None:
    work = make_feature("water-works", name="<script>alert(1)</script>", division=HUAYUAN)
    for path in ("items", f"items/{work.pk}"):
        page = planner.ask(f"collections/water-works/{path}", f="html").content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
    text = planner.ask("collections/water-works/items", f="json").content.decode()
    assert json.loads(text)["features"][0]["properties"]["name"] == "<script>alert(1)</script>"
