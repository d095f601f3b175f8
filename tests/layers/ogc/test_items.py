"""Pages of features: every feature once, in order, forwards and backwards; selections, moments."""

import random
import re
from datetime import timedelta
from time import sleep

import pytest
from django.db import connection
from django.utils import timezone

from layers.access.policy import EVERYTHING, Scope
from layers.models import Asset
from layers.ogc import items, statements
from layers.ogc.collections import COLLECTIONS
from layers.ogc.listing import Listing
from layers.ogc.places import read_boxes
from layers.ogc.query import Query
from layers.ogc.reference_systems import CRS84
from tests.conftest import FENGHUANG, HUAYUAN, IN_HUAYUAN, place
from tests.layers.ogc.conftest import EPSG, links

pytestmark = pytest.mark.django_db

COUNTY_BOX = "109,27,110,29"


def walk(reader, first, rel: str = "next") -> list[dict]:
    """All pages from one on, by their links; tokens are followed as they come."""
    pages = [first]
    while rel in (found := links(pages[-1])):
        pages.append(reader.follow(found[rel]))
        assert len(pages) < 100
    return pages


def ids(pages: list[dict]) -> list[int]:
    return [feature["id"] for page in pages for feature in page["features"]]


SELECTIONS = (
    {},
    {"bbox": COUNTY_BOX},
    {"bbox": "109.48,28.57,109.50,28.59"},
    {"bbox": "109.59,27.94,109.63,27.97", "sortby": "-acquired_year"},
    {"sortby": "name"},
    {"sortby": "+acquired_year,-funds_yuan"},
    {"sortby": "-titled_on,keeper"},
    {"sortby": "-updated_at,code"},
    {"filter": "state <> 'idle'"},
    {"filter": "acquired_year > 2016", "bbox": COUNTY_BOX},
    {"division": HUAYUAN},
    {"datetime": "2999-01-01T00:00:00Z"},
)


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
@pytest.mark.parametrize("role", ["county", "province"])
def test_pages_hold_every_feature_once_in_both_directions(
    account, reading, assets, selection, role
) -> None:
    division = {"county": HUAYUAN, "province": "430000000000"}[role]
    reader = reading(account("viewer", division))
    whole = reader.items("assets", limit=1000, **selection)
    everything = ids([whole])
    assert whole["numberMatched"] == whole["numberReturned"] == len(everything)
    assert len(everything) == len(set(everything)) > 3
    assert not {"next", "prev"} & links(whole).keys()
    for limit in (1, 7) if selection == SELECTIONS[1] else (7, len(everything)):
        pages = walk(reader, reader.items("assets", limit=limit, **selection))
        assert ids(pages) == everything
        assert {page["numberMatched"] for page in pages} == {len(everything)}
        assert all(page["numberReturned"] == len(page["features"]) <= limit for page in pages)
        back = walk(reader, pages[-1], "prev")
        assert ids(back[::-1]) == everything
        assert "prev" not in links(back[-1])


def test_pages_go_on_where_they_were_while_others_edit(reader, assets, edit, make_feature) -> None:
    first = reader.items("assets", limit=20)
    edit("assets", "delete", Asset.objects.get(pk=first["features"][-1]["id"]))
    rest = walk(reader, reader.follow(links(first)["next"]))
    assert sorted(ids([first, *rest])) == sorted(each.pk for each in assets)


def test_sorted_lists_are_in_order_with_missing_values_last(reader, assets) -> None:
    for name, kind in (("acquired_year", int), ("keeper", str), ("titled_on", str)):
        for sign in ("", "-"):
            found = reader.items("assets", limit=1000, sortby=sign + name)["features"]
            values = [each["properties"][name] for each in found]
            known = [kind(value) for value in values if value is not None]
            assert known == sorted(known, reverse=bool(sign))
            assert values == known + [None] * (len(values) - len(known))


def test_a_box_takes_what_touches_it_and_what_has_no_place(reader, assets) -> None:
    chance = random.Random(3)  # noqa: S311
    placeless = {each.pk for each in assets if each.geom is None}
    assert placeless
    for _attempt in range(25):
        west, south = 109.45 + chance.randrange(20) / 100, 27.93 + chance.randrange(70) / 100
        east, north = west + chance.randrange(8) / 100, south + chance.randrange(8) / 100
        box = tuple(round(each, 2) for each in (west, south, east, north))
        expected = placeless | {
            each.pk for each in assets if each.geom
            and box[0] <= each.geom.x <= box[2] and box[1] <= each.geom.y <= box[3]
        }  # fmt: skip
        found = reader.items("assets", limit=1000, bbox=",".join(map(str, box)))
        assert {each["id"] for each in found["features"]} == expected, box
        assert found["numberMatched"] == len(expected)
        heights = f"{box[0]},{box[1]},-5,{box[2]},{box[3]},9000"
        assert set(reader.ids("assets", limit=1000, bbox=heights)) == expected
        latitude_first = f"{box[1]},{box[0]},{box[3]},{box[2]}"
        query = {"bbox": latitude_first, "bbox_crs": f"{EPSG}4490", "limit": 1000}
        assert set(reader.ids("assets", **query)) == expected


def test_a_box_across_the_180th_meridian_is_one_box(reader, assets) -> None:
    everything = {each.pk for each in assets}
    around = reader.ids("assets", limit=1000, bbox="109,20,100,30")
    assert set(around) == everything
    assert len(around) == len(everything)
    beyond = reader.ids("assets", limit=1000, bbox="120,20,100,30")
    assert set(beyond) == {each.pk for each in assets if each.geom is None}


def test_a_line_is_found_by_any_part_of_it(reader, make_feature) -> None:
    road = make_feature("roads")
    lon, lat = IN_HUAYUAN
    assert reader.ids("roads", bbox=f"{lon + 0.0099},{lat + 0.0049},{lon + 1},{lat + 1}") == [
        road.pk
    ]
    assert reader.ids("roads", bbox=f"{lon},{lat + 0.004},{lon + 0.001},{lat + 0.005}") == []
    assert reader.ids("roads", bbox=COUNTY_BOX) == [road.pk]


def test_selected_properties_only_and_no_geometry(reader, assets) -> None:
    found = reader.items("assets", limit=1, properties="name,state")["features"][0]
    assert found["properties"].keys() == {"name", "state"}
    bare = reader.items("assets", limit=1, properties="", skipGeometry="true")["features"][0]
    assert bare["properties"] == {}
    assert bare["geometry"] is None


def test_properties_have_their_types_and_empty_texts_are_null(reader, assets) -> None:
    by_id = {each.pk: each for each in assets}
    for feature in reader.items("assets", limit=1000)["features"]:
        row, found = by_id[feature["id"]], feature["properties"]
        assert found["keeper"] == (row.keeper or None)
        assert found["acquired_year"] == row.acquired_year
        assert found["funds_yuan"] == (float(row.funds_yuan) if row.funds_yuan else row.funds_yuan)
        assert found["titled_on"] == (row.titled_on.isoformat() if row.titled_on else None)
        assert not found.keys() & {"personal", "geom", "geom_3857", "morton", "changeset_id"}


def test_a_property_filters_by_its_own_name(reader, assets) -> None:
    for name, text, test in (
        ("state", "idle", lambda each: each.state == "idle"),
        ("name", "O'Brien 厂", lambda each: each.name == "O'Brien 厂"),
        ("name", "50% 分成", lambda each: each.name == "50% 分成"),
        ("acquired_year", "2018", lambda each: each.acquired_year == 2018),
        ("funds_yuan", "1200.5", lambda each: str(each.funds_yuan) == "1200.50"),
        ("titled_on", "2021-01-01", lambda each: str(each.titled_on) == "2021-01-01"),
        ("demonstration", "false", lambda _each: True),
    ):
        expected = [each.pk for each in assets if test(each)]
        assert expected
        assert sorted(reader.ids("assets", limit=1000, **{name: text})) == expected, name


def test_a_moment_reads_the_layer_as_it_was_then(reader, make_feature, edit) -> None:
    work = make_feature("water-works", name="旧名")
    sleep(0.002)
    before = timezone.now()
    sleep(0.002)
    edit("water-works", "update", work, name="新名", geometry=place("water-works", 109.49, 28.58))
    gone = make_feature("water-works", (109.5, 28.5))
    edit("water-works", "delete", gone)
    moment = before.isoformat().replace("+00:00", "Z")

    def names(**query) -> list[str]:
        return [
            each["properties"]["name"] for each in reader.items("water-works", **query)["features"]
        ]

    assert names() == ["新名"]
    assert names(datetime=moment) == ["旧名"]
    assert names(datetime=f"../{moment}") == ["旧名"]
    assert names(datetime=f"{moment}/..") == ["新名"]
    assert names(datetime=f"{moment}/2999-01-01T00:00:00Z") == ["新名"]
    assert names(datetime=moment, bbox="109.481,28.569,109.483,28.571") == ["旧名"]
    assert names(bbox="109.481,28.569,109.483,28.571") == []
    assert names(datetime=moment, filter="name LIKE '旧%'", sortby="name") == ["旧名"]
    long_ago = (before - timedelta(days=2)).date()
    assert names(datetime=str(long_ago)) == []
    assert names(datetime=str(timezone.localdate())) == ["新名"]
    one = f"collections/water-works/items/{work.pk}"
    assert reader.read(one, datetime=moment)["properties"]["version"] == 1
    assert "ETag" not in reader.ask(one, datetime=moment)
    reader.refused(one, 404, datetime="2001-01-01T00:00:00Z")


def test_divisions_and_zones_have_days_of_validity(anonymous) -> None:
    from layers.models import Zone

    Zone.objects.filter(pk="luoxiao").update(valid_from="2021-01-01", valid_to="2023-06-30")
    assert "luoxiao" in anonymous.ids("zones")
    for period, inside in (
        ("2023-06-30", True), ("2023-07-01", False), ("2020-12-31", False), ("2021-01-01", True),
        ("../2020-12-31", False), ("2023-06-30/..", True), ("2023-07-01/..", False),
        ("2019-01-01/2030-01-01", True), ("2022-03-01T00:00:00+08:00", True),
    ):  # fmt: skip
        assert ("luoxiao" in anonymous.ids("zones", datetime=period)) == inside, period


def test_an_account_sees_its_divisions_only_in_lists_counts_and_features(
    account, reading, assets
) -> None:
    reader = reading(account("viewer", FENGHUANG))
    own = {each.pk for each in assets if each.division_id == FENGHUANG}
    other = next(each.pk for each in assets if each.pk not in own)
    for selection in SELECTIONS:
        found = reader.items("assets", limit=1000, **selection)
        assert set(ids([found])) <= own
        assert found["numberMatched"] <= len(own)
    assert set(reader.ids("assets", limit=1000)) == own
    hidden = reader.refused(f"collections/assets/items/{other}", 404)
    assert hidden == reader.refused("collections/assets/items/999999999", 404)
    assert hidden == reader.refused("collections/assets/items/abc", 404)


def test_a_feature_that_the_reader_has_is_not_sent_again(reader, make_feature) -> None:
    work = make_feature("water-works")
    path = f"/ogc/collections/water-works/items/{work.pk}"
    first = reader.client.get(path)
    again = reader.client.get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert not again.content
    other = reader.client.get(
        path, {"crs": f"{EPSG}3857"}, headers={"If-None-Match": first["ETag"]}
    )
    assert other.status_code == 200


def test_what_the_map_workspace_snaps_to(reader, make_feature) -> None:
    road = make_feature("roads")
    body = reader.follow("/ogc/collections/roads/items?f=json&limit=500&bbox=109.4,28.5,109.6,28.6")
    assert body["numberMatched"] == 1
    assert body["features"][0]["id"] == road.pk
    assert body["features"][0]["geometry"]["type"] == "MultiLineString"


def test_the_links_are_in_the_header_too(reader) -> None:
    """RFC 8288: a client that only asks HEAD finds the queryables (Part 3, queryables-link)."""
    response = reader.client.head("/ogc/collections/roads/items")
    assert response.status_code == 200
    found = dict(re.findall(r'<([^>]+)>; rel="([^"]+)"', response["Link"]))
    by_rel = {rel: href for href, rel in found.items()}
    queryables = by_rel["http://www.opengis.net/def/rel/ogc/1.0/queryables"]
    assert reader.follow(queryables)["$id"] == queryables
    assert {"self", "alternate", "collection"} <= by_rel.keys()


def test_a_page_in_a_box_is_read_along_the_index(assets) -> None:
    """However many features the box holds: no sort of all of them, no bitmap."""
    query = Query(limit=5, boxes=read_boxes(COUNTY_BOX, CRS84))
    for scope in (EVERYTHING, Scope((HUAYUAN[:6],))):
        statement = statements.page(Listing(COLLECTIONS["assets"], query, scope), None)
        assert statement.walks
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off")
            text = b"EXPLAIN " + statement.text.as_string(cursor.connection).encode()
            cursor.execute(text, statement.values)
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "asset_morton" in plan
        assert "asset_geom" not in plan


def test_what_takes_too_long_ends_and_says_when_to_come_back(anonymous, monkeypatch) -> None:
    monkeypatch.setattr(items, "TIME_LIMIT_MS", 1)
    response = anonymous.ask("collections/divisions/items", bbox="100,20,120,40", limit=200)
    assert response.status_code == 503
    assert response.json()["code"] == "busy"
    assert int(response["Retry-After"]) > 0
    monkeypatch.undo()
    assert anonymous.items("divisions", limit=1)["numberReturned"] == 1
