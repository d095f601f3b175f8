"""Zones are public; counts are the reader's own, and equal to a recount."""

import json
import re
from collections import Counter

import pytest
from django.test import Client

from gisapp.zones import statistics, territory
from layers.access import policy
from layers.models import Zone
from layers.registry import LAYERS
from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG, XIANGXI

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(make_feature):
    """Features in two counties of 武陵, and one outside the zone (in 长沙县)."""
    return [
        make_feature("water-works"),
        make_feature("toilets"),
        make_feature("toilets", IN_FENGHUANG),
        make_feature("roads", IN_FENGHUANG, admin_class="county", length_m=2500),
        make_feature("roads", IN_FENGHUANG, length_m=4000, repeated=True),
        make_feature("assets", (113.08, 28.24)),
    ]


def test_counts_equal_a_recount(scene, account) -> None:
    reader = account("viewer", "430000000000")
    scope = policy.narrowed(policy.scope(reader), policy.zone_scope("wuling"))
    counts = statistics.counts_by_county(scope)
    members = {each.code[:6] for each in territory.counties_of(Zone.objects.get(pk="wuling"))}
    for name, layer in LAYERS.items():
        recount = Counter(
            (row.division_id[:6], row.upkeep_state)
            for row in layer.rows.all()
            if row.division_id[:6] in members
        )
        counted = {
            (county, state): count
            for county, states in counts[name].items()
            for state, count in states.counts.items()
            if count
        }
        assert counted == dict(recount), name


def test_shared_road_sections_are_summed_once(scene) -> None:
    found = statistics.indicators(policy.zone_scope("wuling"))
    assert float(found.road_km) == 2.5
    assert found.water_people == 420


def test_a_grant_narrows_the_zone_to_its_part(scene, account, signed_in) -> None:
    page = signed_in(account("viewer", FENGHUANG)).get("/zones/wuling")
    states = page.context["states"]
    assert states.total == 3
    rows = {row.county.code: row for row in page.context["rows"]}
    assert rows[FENGHUANG].states.total == 3
    assert not rows[HUAYUAN].covered


@pytest.mark.parametrize("address", ["/zones/", "/zones/wuling", "/zones/luoxiao"])
def test_without_an_account_no_count_is_shown(address, make_feature) -> None:
    before = Client().get(address)
    assert before.status_code == 200
    make_feature("toilets")
    make_feature("water-works")
    after = Client().get(address)
    assert strip(before) == strip(after)


def strip(response) -> str:
    token = r'(csrf-token" content|csrfmiddlewaretoken" value)="[^"]+"'
    return re.sub(token, "", response.content.decode())


def test_outside_the_zone_a_grant_shows_only_the_counties(scene, account, signed_in) -> None:
    page = signed_in(account("viewer", HUAYUAN)).get("/zones/luoxiao")
    assert not page.context["counted"]
    assert "桂东县" in page.content.decode()


@pytest.mark.parametrize("sort", ["code", "total", "work", "share"])
def test_the_table_sorts(scene, account, signed_in, sort) -> None:
    page = signed_in(account("viewer", XIANGXI)).get("/zones/wuling", {"sort": sort})
    rows = page.context["rows"]
    if sort == "total":
        assert rows[0].county.code == FENGHUANG
    assert len(rows) == 37


def test_one_layer_alone(scene, account, signed_in) -> None:
    page = signed_in(account("viewer", XIANGXI)).get("/zones/wuling", {"layer": "toilets"})
    assert page.context["states"].total == 2


@pytest.mark.parametrize(
    ("address", "status"),
    [("/zones/nowhere", 404), ("/zones/wuling?sort=x", 400), ("/zones/wuling?layer=x", 404)],
)
def test_an_address_that_means_nothing_is_refused(address, status) -> None:
    assert Client().get(address).status_code == status


def test_every_county_of_a_zone_is_drawn_inside_the_drawing() -> None:
    for zone in territory.zones_today():
        drawn = territory.drawing(territory.counties_of(zone))
        assert drawn
        assert len(drawn.outlines) == zone.members.count()
        for outline in drawn.outlines:
            assert outline.path.startswith("M")
            assert 0 <= float(outline.x) <= drawn.width
            assert 0 <= float(outline.y) <= drawn.height


def test_the_shareable_map_needs_no_network_and_holds_no_household(
    scene, account, signed_in
) -> None:
    response = signed_in(account("viewer", XIANGXI)).get("/zones/wuling/map.html")
    page = response.content.decode()
    assert response["Content-Disposition"] == 'attachment; filename="xiangcun-wuling.html"'
    assert not re.search(r"""<(script|link|img|iframe)[^>]+(src|href)=["']?(https?:)?//""", page)
    assert "@import" not in page
    assert "L.geoJson" in page
    # One water work in 花垣; its toilet is not counted.
    for value in ("花垣县", "待办 0 处，共 1 处"):
        assert json.dumps(value).strip('"') in page
    assert "GS(2024)0650号" in page
    for feature in scene:
        assert feature.code not in page


@pytest.mark.parametrize(("division", "status"), [(HUAYUAN, 403), (None, 403)])
def test_the_shareable_map_is_for_those_inside_the_zone(
    account, signed_in, division, status
) -> None:
    client = signed_in(account("viewer" if division else None, division))
    assert client.get("/zones/luoxiao/map.html").status_code == status
    assert Client().get("/zones/luoxiao/map.html").status_code == 302
