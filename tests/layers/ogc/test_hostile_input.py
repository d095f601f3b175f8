"""Hostile and broken input: each a clear 4xx, none a 500, and nothing selected by accident."""

import json
import time

import pytest

from layers.ogc.parameters import ITEMS
from tests.layers.ogc.conftest import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def reader(viewing: Reader) -> Reader:
    return viewing


INJECTIONS = (
    "'; DROP TABLE layers_asset; --",
    "1 OR 1=1",
    "') OR ('1'='1",
    "%s", "%(v0)s", "%", "{relation}", "\\", "\x00", "a\x00b", "NaN", "Infinity", "-Infinity",
    "1e999999999", "9" * 400, "-" * 50, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "٣", "１００", "'", '"', "a" * 5000, "𝟙", "null", "[]", "{}", "../../etc/passwd",
)  # fmt: skip


@pytest.mark.parametrize("parameter", [*ITEMS, "f"])
def test_no_parameter_takes_what_it_cannot_mean(reader, assets, parameter) -> None:
    for text in INJECTIONS:
        if parameter == "limit" and set(text) == {"9"}:
            continue  # the most there is
        body = reader.refused("collections/assets/items", **{parameter: text})
        assert body["code"] in {"bad-parameter", "bad-filter"}, text


@pytest.mark.parametrize("name", ["code", "name", "state", "keeper"])
def test_text_properties_take_any_text_for_a_text(reader, assets, name) -> None:
    for text in INJECTIONS:
        response = reader.ask("collections/assets/items", **{name: text})
        if "\x00" in text:
            assert response.status_code == 400
        else:
            assert response.status_code == 200
            assert response.json()["numberMatched"] == 0


@pytest.mark.parametrize("name", ["acquired_year", "funds_yuan", "titled_on", "demonstration"])
def test_typed_properties_refuse_what_is_not_of_their_type(reader, assets, name) -> None:
    for text in (*INJECTIONS, "2020-02-30", "tRuE", "1_000", " 1", "0x10", ""):
        if name == "funds_yuan" and text in {"٣", "１００", "𝟙", "1_000", " 1"}:
            continue
        reader.refused("collections/assets/items", **{name: text})


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "", "+5", "1,2", "١"])
def test_a_limit_is_a_positive_number(reader, text) -> None:
    reader.refused("collections/assets/items", limit=text)


def test_more_than_the_most_is_the_most(reader) -> None:
    assert reader.items("zones", limit=10**30)["numberReturned"] == 3


@pytest.mark.parametrize(
    "text",
    ["1,2,3", "1,2,3,4,5", "110,28,109,x", "109,28,110,27", "109,27,110,91", "181,27,182,28",
     "109,27,110,28,", "nan,nan,nan,nan", "1e400,0,1,1", "109 27 110 28", "[109,27,110,28]"],
)  # fmt: skip
def test_a_bbox_is_a_box(reader, text) -> None:
    reader.refused("collections/assets/items", bbox=text)


@pytest.mark.parametrize("srid", [3857, 4525])
@pytest.mark.parametrize(
    "text", ["1e300,0,1e301,1", "5,5,1,1", "-1e9,-1e9,1e9,1e9", "1e9,1e9,1e9,1e9"]
)
def test_a_projected_box_out_of_this_world_finds_nothing_or_is_refused(
    reader, assets, srid, text
) -> None:
    uri = f"http://www.opengis.net/def/crs/EPSG/0/{srid}"
    response = reader.ask("collections/assets/items", bbox=text, bbox_crs=uri)
    assert response.status_code in {200, 400}


@pytest.mark.parametrize(
    "text",
    ["yesterday", "2020", "2020-13-01", "2021-02-29", "2020-01-01T25:00:00Z", "2020-01-01T00:00:00",
     "2021-01-01/2020-01-01", "2020-01-01/2020-02-01/2020-03-01", "9999-12-31T23:59:59-23:59",
     "0000-01-01", "2020-01-01/P1D", "20200101", "-2020-01-01"],
)  # fmt: skip
def test_a_datetime_is_a_moment_or_an_interval(reader, text) -> None:
    body = reader.refused("collections/assets/items", datetime=text)
    assert body["parameter"] == "datetime"


def test_parameters_come_once_and_are_known(reader) -> None:
    assert reader.client.get("/ogc/collections/assets/items?limit=1&limit=2").status_code == 400
    for name in ("offset", "LIMIT", "householder", "personal", "geom", "filter-Lang", "' OR 1=1"):
        reader.refused("collections/assets/items", **{name: "1"})
    assert reader.client.get("/ogc/collections/assets/items?limit=1&%00=1").status_code == 400


TEXTS = (
    "", " ", "name", "name =", "= name", "name = 'x", "name == 'x'", "name = 'x' AND", "AND", "NOT",
    "(name = 'x'", "name = 'x')", "name LIKE name", "name LIKE 5", "name LIKE 'x\\",
    "name LIKE 'x\\'", "acquired_year LIKE '%'", "name IN ()", "name IN ('a',)", "name IN (1)",
    "name BETWEEN 'a' AND 'b'", "acquired_year BETWEEN 1", "name = 5", "acquired_year = 'x'",
    "name > TRUE", "name + 1 = 2", "CASEI(acquired_year) = 'x'", "CASEI() = 'x'", "CASEI(name)",
    "CASEI(name, name) = 'x'", "pg_sleep(10) = 1", "version() = 'x'", "lower(name) = 'x'",
    "titled_on = DATE('2020-02-30')", "titled_on = DATE(2020)", "DATE('2020-01-01')",
    "titled_on = 'x'", "updated_at > TIMESTAMP('2020-01-01')", "T_AFTER(name, DATE('2020-01-01'))",
    "T_DURING(titled_on, INTERVAL('2020-01-01'))", "T_DURING(titled_on, INTERVAL(1,2))",
    "S_INTERSECTS(geometry)", "S_INTERSECTS(name, POINT(1 1))", "S_INTERSECTS(geometry, 'x')",
    "S_INTERSECTS(geometry, POINT(1))", "S_INTERSECTS(geometry, POINT(1 1)",
    "S_INTERSECTS(geometry, POINT(nan nan))", "S_INTERSECTS(geometry, POINT EMPTY)",
    "S_INTERSECTS(geometry, POINT(1e400 1))", "S_INTERSECTS(geometry, POINT(500 1))",
    "S_INTERSECTS(geometry, POLYGON((0 0, 1 1)))", "S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0)))",
    "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))",
    "S_WITHIN(geometry, GEOMETRYCOLLECTION(POINT(1 1)))", "S_INTERSECTS(geometry, CIRCLE(1 1))",
    "S_INTERSECTS(geometry, BBOX(1,2))", "S_INTERSECTS(geometry, BBOX(2,2,1,1))",
    "S_INTERSECTS(geometry, BBOX(1,1,1,'x'))", "geometry = 'x'", "geometry", "S_DWITHIN(geometry)",
    "name = 'a\x00'", "name = 1e99999", "1 = 1; DROP TABLE layers_asset", "name = $1", "name = %s",
    "funds_yuan ^ 99999 > 1", "10 ^ 1000 > 1", "acquired_year = acquired_year ^ 0.5 ^",
    "0 - 1 = (0 - 8) ^ 0.5",
    "A_CONTAINS(name, ('a','b'))", "ACCENTI(name) = 'x'",
    "(" * 200 + "TRUE" + ")" * 200, "NOT " * 200 + "TRUE", "-" * 300 + "1 = 1",
    "CASEI(" * 100 + "name" + ")" * 100 + " = 'x'", "1" + "+1" * 5000 + " = 1",
    "name = 'x'" + " OR name = 'x'" * 5000, "name IN (" + "'x'," * 5000 + "'x')",
    "S_INTERSECTS(geometry, " + "GEOMETRYCOLLECTION(" * 50 + "POINT(1 1)" + ")" * 51,
    "S_INTERSECTS(geometry, LINESTRING(" + "1 1," * 10001 + "1 1))",
    "x" * 100_000, "'" * 9999,
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=[text[:40] or "empty" for text in TEXTS])
def test_a_broken_filter_is_refused(reader, assets, text) -> None:
    began = time.perf_counter()
    body = reader.refused("collections/assets/items", filter=text)
    assert body["code"] in {"bad-filter", "bad-parameter"}
    assert time.perf_counter() - began < 3


def nested(depth: int) -> str:
    return '{"op":"not","args":[' * depth + "true" + "]}" * depth


FORMS = (
    "", "{", "[]", "null", '"x"', "5", "{}", '{"op":"="}', '{"op":"=","args":[]}',
    '{"op":"=","args":[1]}', '{"op":"=","args":[1,2,3]}', '{"op":5,"args":[1,2]}',
    '{"op":"pg_sleep","args":[10]}', '{"op":"in","args":[{"property":"name"},"x"]}',
    '{"op":"and","args":[true]}', '{"op":"=","args":[{"property":5},1]}',
    '{"op":"=","args":[{"property":"name; --"},"x"]}', '{"op":">","args":[1,NaN]}',
    '{"op":">","args":[{"property":"acquired_year"},1e999]}', '{"op":"like","args":["x",null]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[]}]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[[1,2]]}]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Cat","coordinates":[1,2]}]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[1,2,"3",4]}]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[true,2,3,4]}]}',
    '{"op":"t_after","args":[{"property":"titled_on"},{"date":"2020"}]}',
    '{"op":"t_after","args":[{"property":"titled_on"},{"interval":["2020-01-01"]}]}',
    nested(45), nested(3000), "[" * 50_000,
    '{"op":"or","args":[' + "true," * 5000 + "true]}",
    '{"op":"=","args":[' + "9" * 5000 + ",1]}",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=[form[:60] or "empty" for form in FORMS])
def test_a_broken_json_filter_is_refused(reader, assets, form) -> None:
    body = reader.refused("collections/assets/items", filter=form, filter_lang="cql2-json")
    assert body["code"] == "bad-filter"


def test_a_filter_at_its_limits_still_works(reader, assets) -> None:
    deep = "(" * 30 + "state = 'idle'" + ")" * 30
    long = " OR ".join(["state = 'idle'"] * 1000)
    expected = reader.ids("assets", filter="state = 'idle'", limit=1000)
    for text in (deep, long):
        assert reader.ids("assets", filter=text, limit=1000) == expected
    form = json.dumps({"op": "=", "args": [{"property": "state"}, "idle"]})
    for _level in range(30):
        form = f'{{"op":"and","args":[true,{form}]}}'
    assert reader.ids("assets", filter=form, filter_lang="cql2-json", limit=1000) == expected


@pytest.mark.parametrize(
    "key", ["0", "-1", "1.0", "abc", "9" * 30, "1%00", "%27", "1;DROP", "١", "%s", "%2e%2e"]
)
def test_an_id_that_is_none_is_not_found(reader, key) -> None:
    for layer in ("assets", "zones"):
        response = reader.client.get(f"/ogc/collections/{layer}/items/{key}")
        assert response.status_code == 404, response.content
        assert response.json()["code"] == "not-found"


def test_tokens_of_other_lists_and_forged_ones_are_refused(reader, assets) -> None:
    import base64

    from tests.layers.ogc.conftest import links

    page = reader.items("assets", limit=5)
    token = links(page)["next"].partition("token=")[2]
    for query in ({"sortby": "name"}, {"bbox": "109,27,110,29"}):
        reader.refused("collections/assets/items", token=token, **query)
    for forged in (
        '["division,id",0,["x"]]', '["division,id",0,[null,"1"]]', '["division,id",0,["1","x"]]',
        '["division,id",7,["1","1"]]', "[]", "null", '["division,id",0,{"a":1}]', "[" * 3000,
        '["division,id",0,[1,2]]', '["division,id",0,["a\\u0000","1"]]',
    ):  # fmt: skip
        text = base64.urlsafe_b64encode(forged.encode()).decode().rstrip("=")
        reader.refused("collections/assets/items", token=text)
