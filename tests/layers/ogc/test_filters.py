"""CQL2: what both encodings select, compared with what Python selects."""

import json
from collections.abc import Callable
from datetime import date

import pytest

from layers.models import Asset
from tests.conftest import HUAYUAN
from tests.layers.ogc.conftest import EPSG, Reader

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def reader(viewing: Reader) -> Reader:
    return viewing


BOX = "POLYGON((109.48 28.57, 109.50 28.57, 109.50 28.59, 109.48 28.59, 109.48 28.57))"
YEAR = {"property": "acquired_year"}


def inside(each: Asset) -> bool:
    if each.geom is None:
        return False
    return 109.48 <= each.geom.x <= 109.50 and 28.57 <= each.geom.y <= 28.59


def year(test: Callable[[int], bool]) -> Callable[[Asset], bool]:
    return lambda each: each.acquired_year is not None and test(each.acquired_year)


def titled(test: Callable[[date], bool]) -> Callable[[Asset], bool]:
    return lambda each: each.titled_on is not None and test(each.titled_on)


TEXTS: list[tuple[str, Callable[[Asset], bool]]] = [
    ("state = 'idle'", lambda a: a.state == "idle"),
    ("'idle' = state", lambda a: a.state == "idle"),
    ("state <> 'idle'", lambda a: a.state != "idle"),
    ("keeper = 'O''Brien 厂'", lambda a: a.keeper == "O'Brien 厂"),
    (r"keeper = 'O\'Brien 厂'", lambda a: a.keeper == "O'Brien 厂"),
    ("keeper <> '苗绣工坊'", lambda a: a.keeper not in ("", "苗绣工坊")),
    ("NOT keeper = '苗绣工坊'", lambda a: a.keeper not in ("", "苗绣工坊")),
    ("keeper IS NULL", lambda a: not a.keeper),
    ("keeper IS NOT NULL", lambda a: bool(a.keeper)),
    ("keeper = ''", lambda _each: False),
    ("acquired_year > 2018", year(lambda y: y > 2018)),
    ("acquired_year >= 2018 AND acquired_year < 2021", year(lambda y: 2018 <= y < 2021)),
    ("2018 < acquired_year", year(lambda y: y > 2018)),
    ("acquired_year IS NULL", lambda a: a.acquired_year is None),
    ("NOT (acquired_year > 2018)", year(lambda y: y <= 2018)),
    ("acquired_year BETWEEN 2016 AND 2020", year(lambda y: 2016 <= y <= 2020)),
    ("acquired_year NOT BETWEEN 2016 AND 2020", year(lambda y: not 2016 <= y <= 2020)),
    ("acquired_year IN (2015, 2021)", year(lambda y: y in (2015, 2021))),
    ("acquired_year NOT IN (2015, 2021)", year(lambda y: y not in (2015, 2021))),
    ("state IN ('idle', 'damaged')", lambda a: a.state in ("idle", "damaged")),
    # AND binds tighter than OR, NOT tighter than both.
    (
        "acquired_year = 2015 OR acquired_year = 2018 AND state = 'idle'",
        year(lambda y: y == 2015),
    ),
    ("funds_yuan = 0.1", lambda a: str(a.funds_yuan) == "0.10"),
    ("funds_yuan >= 1.2005e3", lambda a: bool(a.funds_yuan and a.funds_yuan >= 1200)),
    ("acquired_year + 2 * 3 = 2024", year(lambda y: y == 2018)),
    ("(acquired_year - 2000) / 3 = 6", year(lambda y: y == 2018)),
    ("acquired_year % 5 = 0", year(lambda y: y % 5 == 0)),
    ("acquired_year div 10 = 202", year(lambda y: y // 10 == 202)),
    ("-acquired_year = -2018", year(lambda y: y == 2018)),
    ("2 ^ 3 = 8", lambda _each: True),
    ("acquired_year / 0 = 1", lambda _each: False),
    ("name LIKE '苗%'", lambda a: a.name.startswith("苗")),
    ("name NOT LIKE '苗%'", lambda a: not a.name.startswith("苗")),
    ("name LIKE 'under_score'", lambda a: a.name == "under_score"),
    (r"name LIKE 'under\_score'", lambda a: a.name == "under_score"),
    (r"name LIKE '50\%%'", lambda a: a.name.startswith("50%")),
    ("name LIKE '%roof%'", lambda a: "roof" in a.name),
    ("CASEI(name) LIKE CASEI('%ROOF%')", lambda a: "roof" in a.name.lower()),
    ("CASEI(name) = CASEI('SOLAR roof')", lambda a: a.name.lower() == "solar roof"),
    ("CASEI(code) LIKE casei('a-%')", lambda _each: True),
    ("name = keeper", lambda a: a.name == a.keeper),
    ("code < name", lambda a: a.code < a.name),
    ("demonstration = FALSE", lambda _each: True),
    ("demonstration", lambda _each: False),
    ("NOT demonstration", lambda _each: True),
    ("TRUE", lambda _each: True),
    ("titled_on = DATE('2020-12-31')", titled(lambda d: d == date(2020, 12, 31))),
    ("titled_on > '2020-01-01'", titled(lambda d: d > date(2020, 1, 1))),
    (
        "titled_on BETWEEN DATE('2019-01-01') AND DATE('2020-12-31')",
        titled(lambda d: date(2019, 1, 1) <= d <= date(2020, 12, 31)),
    ),
    ("updated_at > TIMESTAMP('2020-01-01T00:00:00Z')", lambda _each: True),
    ("T_BEFORE(updated_at, TIMESTAMP('2020-01-01T00:00:00Z'))", lambda _each: False),
    ("T_AFTER(titled_on, DATE('2020-12-31'))", titled(lambda d: d > date(2020, 12, 31))),
    (
        "T_DURING(titled_on, INTERVAL('2020-12-30','2021-01-01'))",
        titled(lambda d: d == date(2020, 12, 31)),
    ),
    (
        "T_INTERSECTS(titled_on, INTERVAL('2020-12-31','..'))",
        titled(lambda d: d >= date(2020, 12, 31)),
    ),
    ("T_EQUALS(titled_on, DATE('2019-05-01'))", titled(lambda d: d == date(2019, 5, 1))),
    ("T_DISJOINT(titled_on, INTERVAL('..','2020-12-31'))", titled(lambda d: d.year == 2021)),
    # A day meets a moment within it.
    (
        "T_INTERSECTS(titled_on, TIMESTAMP('2020-12-31T15:00:00Z'))",
        titled(lambda d: d == date(2020, 12, 31)),
    ),
    (f"S_INTERSECTS(geometry, {BOX})", inside),
    ("S_INTERSECTS(geometry, BBOX(109.48, 28.57, 109.50, 28.59))", inside),
    (f"S_WITHIN(geometry, {BOX})", lambda a: inside(a) and 109.48 < a.geom.x < 109.50
     and 28.57 < a.geom.y < 28.59),
    (f"S_DISJOINT(geometry, {BOX})", lambda a: a.geom is not None and not inside(a)),
    (f"NOT S_INTERSECTS(geometry, {BOX})", lambda a: a.geom is not None and not inside(a)),
    (f"S_CONTAINS({BOX}, geometry)", lambda a: inside(a) and 109.48 < a.geom.x < 109.50
     and 28.57 < a.geom.y < 28.59),
    ("S_EQUALS(geometry, point(109.48 28.57))", lambda a: a.geom is not None
     and a.geom.coords == (109.48, 28.57)),
    ("geometry IS NULL", lambda a: a.geom is None),
    ('"state" = \'idle\' and not (acquired_year is null)', lambda a: a.state == "idle"
     and a.acquired_year is not None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "test"), TEXTS, ids=[text[:60] for text, _test in TEXTS])
def test_a_text_selects_what_it_says(reader, assets, text, test) -> None:
    if text.startswith("acquired_year = 2015 OR"):
        expected = [
            each.pk for each in assets
            if each.acquired_year == 2015 or (each.acquired_year == 2018 and each.state == "idle")
        ]  # fmt: skip
    else:
        expected = [each.pk for each in assets if test(each)]
    found = reader.items("assets", filter=text, limit=1000)
    assert sorted(each["id"] for each in found["features"]) == expected
    assert found["numberMatched"] == len(expected)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("state = 'idle'", {"op": "=", "args": [{"property": "state"}, "idle"]}),
        (
            "state = 'idle' OR acquired_year > 2018 AND NOT acquired_year = 2020",
            {"op": "or", "args": [
                {"op": "=", "args": [{"property": "state"}, "idle"]},
                {"op": "and", "args": [
                    {"op": ">", "args": [YEAR, 2018]},
                    {"op": "not", "args": [{"op": "=", "args": [YEAR, 2020]}]},
                ]},
            ]},
        ),
        ("acquired_year BETWEEN 2016 AND 2020.5", {"op": "between", "args": [YEAR, 2016, 2020.5]}),
        ("acquired_year IN (2015,2021)", {"op": "in", "args": [YEAR, [2015, 2021]]}),
        ("name LIKE '%roof'", {"op": "like", "args": [{"property": "name"}, "%roof"]}),
        (
            "CASEI(name) = CASEI('solar roof')",
            {"op": "=", "args": [{"op": "casei", "args": [{"property": "name"}]},
                                 {"op": "casei", "args": ["solar roof"]}]},
        ),
        ("acquired_year IS NULL", {"op": "isNull", "args": [YEAR]}),
        ("acquired_year * 2 > 4036", {"op": ">", "args": [{"op": "*", "args": [YEAR, 2]}, 4036]}),
        (
            "S_INTERSECTS(geometry, BBOX(109.48,28.57,109.50,28.59))",
            {"op": "s_intersects",
             "args": [{"property": "geometry"}, {"bbox": [109.48, 28.57, 109.50, 28.59]}]},
        ),
        (
            f"S_INTERSECTS(geometry, {BOX})",
            {"op": "s_intersects", "args": [{"property": "geometry"}, {
                "type": "Polygon", "coordinates": [[[109.48, 28.57], [109.50, 28.57],
                [109.50, 28.59], [109.48, 28.59], [109.48, 28.57]]]}]},
        ),
        (
            "T_DURING(titled_on, INTERVAL('2020-01-01','..'))",
            {"op": "t_during", "args": [{"property": "titled_on"},
                                        {"interval": ["2020-01-01", ".."]}]},
        ),
        (
            "titled_on < DATE('2021-01-01') AND updated_at > TIMESTAMP('2020-01-01T00:00:00Z')",
            {"op": "and", "args": [
                {"op": "<", "args": [{"property": "titled_on"}, {"date": "2021-01-01"}]},
                {"op": ">", "args": [{"property": "updated_at"},
                                     {"timestamp": "2020-01-01T00:00:00Z"}]},
            ]},
        ),
    ],
)  # fmt: skip
def test_json_and_text_say_the_same(reader, assets, text, form) -> None:
    by_text = reader.items("assets", filter=text, limit=1000)
    by_json = reader.items("assets", filter=json.dumps(form), filter_lang="cql2-json", limit=1000)
    assert by_text["features"] == by_json["features"]
    assert 0 < by_text["numberMatched"] < len(assets)


def test_the_filters_reference_system_gives_the_axis_order(reader, assets) -> None:
    expected = reader.ids("assets", filter=f"S_INTERSECTS(geometry, {BOX})", limit=1000)
    latitude_first = "S_INTERSECTS(geometry, BBOX(28.57, 109.48, 28.59, 109.50))"
    found = reader.ids("assets", filter=latitude_first, filter_crs=f"{EPSG}4326", limit=1000)
    assert found == expected != []
    one = reader.items("assets", crs=f"{EPSG}4524", filter="geometry IS NOT NULL", limit=1)
    north, east = one["features"][0]["geometry"]["coordinates"]
    box = f"BBOX({north - 0.01},{east - 0.01},{north + 0.01},{east + 0.01})"
    near = reader.ids(
        "assets", filter=f"S_WITHIN(geometry, {box})", filter_crs=f"{EPSG}4524", limit=1000
    )
    assert one["features"][0]["id"] in near
    assert len(near) < 10


def test_a_road_crosses_a_line_and_touches_a_point(reader, make_feature) -> None:
    road = make_feature("roads")
    lon, lat = 109.4820, 28.5700
    across = f"LINESTRING({lon} {lat + 0.005}, {lon + 0.01} {lat})"
    for text, found in (
        (f"S_CROSSES(geometry, {across})", True),
        (f"S_TOUCHES(geometry, POINT({lon} {lat}))", True),
        (f"S_OVERLAPS(geometry, {across})", False),
        (f"S_EQUALS(geometry, LINESTRING({lon} {lat}, {lon + 0.01} {lat + 0.005}))", True),
        (f"S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT({lon} {lat}), POINT(0 0)))", True),
    ):
        assert reader.ids("roads", filter=text) == ([road.pk] if found else []), text


def test_filters_of_divisions(anonymous) -> None:
    found = anonymous.items("divisions", filter="parent = '433100000000' AND level = 'county'")
    assert found["numberMatched"] == 8
    here = "S_CONTAINS(geometry, POINT(109.482 28.57)) AND level = 'county'"
    assert anonymous.ids("divisions", filter=here) == [HUAYUAN]


@pytest.mark.parametrize(
    "text",
    [
        "householder = 'x'", "id_number IS NULL", "personal IS NULL", "changeset_id = 1",
        "geom_3857 IS NULL", "morton > 1", "no_such = 1", "feature.id = 1", "feature.personal = 1",
    ],
)  # fmt: skip
def test_only_published_properties_can_be_asked_for(reader, text) -> None:
    body = reader.refused("collections/toilets/items", filter=text)
    assert body["code"] == "bad-filter"


def test_a_code_is_found_by_its_index(reader, assets, django_assert_num_queries) -> None:
    from django.db import connection

    from layers.access.policy import EVERYTHING
    from layers.ogc import statements
    from layers.ogc.collections import COLLECTIONS
    from layers.ogc.cql2 import READERS
    from layers.ogc.listing import Listing
    from layers.ogc.query import Query

    query = Query(filter=READERS["cql2-text"]("code = 'A-1'"))
    statement = statements.count(Listing(COLLECTIONS["assets"], query, EVERYTHING))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(b"EXPLAIN " + statement.text.as_string(cursor.connection).encode(),
                       statement.values)  # fmt: skip
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "asset_code" in plan
