"""MapLibre styles: valid, of what the reader sees, and from no other host."""

import re
from pathlib import Path

import pytest
from django.test import Client

from layers.models.feature import UpkeepState
from layers.registry import LAYERS
from tests.conftest import HUAYUAN
from tiles.styles import colours

pytestmark = pytest.mark.django_db

WEB = Path(__file__).resolve().parents[2] / "gisapp/web/static"
REQUIRED = {"version", "name", "sources", "layers"}
PAINT = {
    "background": {"background-color"},
    "fill": {"fill-color", "fill-opacity"},
    "line": {"line-color", "line-width", "line-opacity", "line-dasharray"},
    "circle": {
        "circle-color", "circle-radius", "circle-opacity", "circle-stroke-color",
        "circle-stroke-width",
    },
}  # fmt: skip
"""Of the MapLibre Style Specification, those properties that are used here."""

OPERATORS = {
    "match", "case", "get", "has", "!", "==", ">=", ">", "all", "in", "literal", "coalesce",
    "+", "*", "max", "log10", "zoom", "interpolate", "linear",
}  # fmt: skip


@pytest.fixture
def reader(account, signed_in) -> Client:
    return signed_in(account("viewer", HUAYUAN))


def check(style: dict) -> None:
    assert style.keys() >= REQUIRED
    assert style["version"] == 8
    assert not {"sprite", "glyphs"} & style.keys()
    ids = [each["id"] for each in style["layers"]]
    assert len(ids) == len(set(ids))
    for each in style["layers"]:
        assert set(each["paint"]) <= PAINT[each["type"]], each["id"]
        if each["type"] != "background":
            assert each["source"] in style["sources"]
            assert each["source-layer"] == each["source"]
        expressions([each.get("filter", True), *each["paint"].values()])


def expressions(found) -> None:
    """Every list that begins with a word is an expression with a known operator."""
    if isinstance(found, list) and found and isinstance(found[0], str):
        assert found[0] in OPERATORS, found
        if found[0] == "literal":
            return
    for each in found if isinstance(found, list) else ():
        expressions(each)


@pytest.mark.parametrize(
    "name",
    ["map", "map-classes", "divisions", "zones", *LAYERS, *(f"{each}-classes" for each in LAYERS)],
)
def test_every_style_is_valid(reader, name) -> None:
    style = reader.get(f"/styles/{name}.json").json()
    check(style)
    shown = set(LAYERS) if name.startswith("map") else {name.removesuffix("-classes")} & set(LAYERS)
    assert set(style["sources"]) == {"divisions", "zones"} | shown
    for layer in shown:
        assert any(each["source"] == layer for each in style["layers"] if "source" in each)


def test_its_sources_are_tile_json_of_this_service(reader) -> None:
    style = reader.get("/styles/map.json").json()
    for name, source in style["sources"].items():
        assert source == {"type": "vector", "url": f"http://testserver/tiles/{name}.json"}
        assert reader.get(f"/tiles/{name}.json").json()["vector_layers"][0]["id"] == name


def test_a_past_date_goes_on_into_the_sources(reader) -> None:
    style = reader.get("/styles/roads.json?at=2024-03-01").json()
    assert style["sources"]["roads"]["url"].endswith("/tiles/roads.json?at=2024-03-01")
    assert reader.get("/styles/roads.json?at=never").status_code == 400


def test_nobody_is_shown_a_layer_that_they_do_not_see(account, signed_in) -> None:
    for client in (Client(), signed_in(account())):
        style = client.get("/styles/map.json").json()
        assert set(style["sources"]) == {"divisions", "zones"}
        assert client.get("/styles/roads.json").status_code == 404
    assert Client().get("/styles/castles.json").status_code == 404


def test_cells_grow_with_their_number_and_single_features_have_their_state(reader) -> None:
    layers = {each["id"]: each for each in reader.get("/styles/map.json").json()["layers"]}
    assert layers["toilets-cells"]["filter"] == ["has", "aggregate"]
    assert ["get", "n"] in flat(layers["toilets-cells"]["paint"]["circle-radius"])
    assert layers["toilets-points"]["paint"]["circle-color"][:2] == ["match", ["get", "state"]]
    assert layers["roads-overdue"]["paint"]["line-dasharray"]
    classes = {
        each["id"]: each for each in reader.get("/styles/roads-classes.json").json()["layers"]
    }
    assert LAYERS["roads"].style.classes["village"] in classes["roads-lines"]["paint"]["line-color"]


def flat(found) -> list:
    return (
        [found, *(each for part in found for each in flat(part))]
        if isinstance(found, list)
        else [found]
    )


def test_the_colours_are_those_of_the_pages() -> None:
    tokens = (WEB / "css/tokens.css").read_text()
    for state in UpkeepState:
        assert f"--state-{state.value}: {colours.STATE_COLOURS[state]};" in tokens
    reference = (WEB / "js/map/reference.js").read_text()
    found = dict(
        re.findall(r"(\w+): '(#\w{6})'", reference.partition("ZONE_COLOURS")[2].partition("}")[0])
    )
    assert found == colours.ZONE_COLOURS
    assert f"OTHER_ZONE = '{colours.OTHER_ZONE}'" in reference


def test_tile_json_is_whole(reader) -> None:
    body = reader.get("/tiles/water-works.json").json()
    assert body["tilejson"] == "3.0.0"
    assert (body["minzoom"], body["maxzoom"]) == (0, 22)
    assert {"state", "class", "name", "aggregate", "n", "ok"} <= body["vector_layers"][0][
        "fields"
    ].keys()
    assert "attribution" not in body
    assert "GS(2024)0650" in reader.get("/tiles/divisions.json").json()["attribution"]
