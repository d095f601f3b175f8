"""What demonstration rows look like: valid, inside their county, marked, consistent."""

import re
from datetime import timedelta

import numpy as np
import pytest
import shapely
from django.db.models import F, Q

from layers.access.personal import unseal
from layers.codes import code_lists
from layers.demonstration.toilets import check_digit
from layers.divisions import CountyLocator
from layers.editing.upkeep import state_on, warning_days
from layers.models import (
    Asset,
    Changeset,
    Division,
    Feature,
    ResettlementSite,
    Road,
    Toilet,
    UpkeepState,
    WaterWork,
)
from layers.registry import LAYERS
from layers.registry.specification import Kind

from .conftest import COUNTIES, SMALL, Seeded

pytestmark = pytest.mark.django_db

LAYER_NAMES = sorted(LAYERS)


def shapes(name: str) -> tuple[list[Feature], list[shapely.Geometry]]:
    rows = [row for row in LAYERS[name].rows.order_by("pk") if row.geom is not None]
    return rows, [shapely.from_wkb(bytes(row.geom.wkb)) for row in rows]


def test_about_so_many_rows_are_made_as_were_asked_for(seeded: Seeded) -> None:
    counts = {name: LAYERS[name].rows.count() for name in LAYER_NAMES}
    assert counts == {name: seeded.made[name] for name in LAYER_NAMES}
    assert counts["toilets"] == SMALL.toilets
    assert counts["water-works"] == SMALL.water_works
    assert counts["assets"] == SMALL.assets
    assert counts["resettlement-sites"] == SMALL.resettlement_sites
    assert 0.95 * SMALL.roads <= counts["roads"] <= SMALL.roads


@pytest.mark.parametrize("name", LAYER_NAMES)
def test_every_row_says_that_it_is_a_demonstration(seeded: Seeded, name: str) -> None:
    rows = LAYERS[name].rows
    assert not rows.filter(demonstration=False).exists()
    changeset = Changeset.objects.get(layer=name, kind=Changeset.Kind.DEMONSTRATION)
    assert changeset.rows == rows.count()
    # A few were edited since, so that there is a conflict to look at.
    assert not rows.filter(version=1).exclude(changeset=changeset).exists()
    assert changeset.author is not None
    assert changeset.author.demonstration
    assert not changeset.author.has_usable_password()
    assert not rows.exclude(name="").exclude(name__startswith="演示·").exists()


@pytest.mark.parametrize("name", LAYER_NAMES)
def test_every_place_is_in_the_county_that_is_stated(seeded: Seeded, name: str) -> None:
    rows, geometries = shapes(name)
    vertices, index = shapely.get_coordinates(geometries, return_index=True)
    located = CountyLocator().locate(shapely.points(vertices))
    stated = np.array([row.division_id[:6] for row in rows])[index]
    assert set(stated) == {code[:6] for code in COUNTIES}
    assert [code[:6] for code in located] == stated.tolist()


@pytest.mark.parametrize("name", LAYER_NAMES)
def test_required_fields_are_filled_and_codes_are_on_their_lists(seeded: Seeded, name: str) -> None:
    layer = LAYERS[name]
    lists = code_lists(*{each.codes for each in layer.fields if each.codes})
    known = set(Division.objects.values_list("code", flat=True))
    for row in layer.rows.all():
        for each in layer.columns():
            value = getattr(row, each.name if each.name != "division" else "division_id")
            if each.required:
                assert value not in (None, ""), (row, each.name)
            if each.codes and value:
                assert value in lists[each.codes], (row, each.name, value)
            if layer.kind(each) in (Kind.INTEGER, Kind.DECIMAL, Kind.YEAR) and value is not None:
                assert each.minimum is None or value >= each.minimum, (row, each.name)
                assert each.maximum is None or value <= each.maximum, (row, each.name)
        assert row.division_id in known


@pytest.mark.parametrize("name", LAYER_NAMES)
def test_states_follow_from_due_days(seeded: Seeded, name: str) -> None:
    cycles = {cycle: warning_days(cycle) for cycle in (1, 7, 14, 30, 90, 180, 365)}
    for row in LAYERS[name].rows.exclude(upkeep_state=UpkeepState.DEFECTIVE):
        if row.upkeep_due_on is None:
            assert row.upkeep_state == UpkeepState.NONE
        else:
            possible = {state_on(seeded.day, row.upkeep_due_on, each) for each in cycles.values()}
            assert row.upkeep_state in possible


def test_every_state_occurs_and_counties_differ(seeded: Seeded) -> None:
    assert set(Toilet.objects.values_list("upkeep_state", flat=True)) == set(UpkeepState.values)
    shares = set()
    for code in COUNTIES:
        rows = Toilet.objects.filter(county=code[:6], upkeep_due_on__isnull=False)
        shares.add(rows.filter(upkeep_state=UpkeepState.OVERDUE).count() / rows.count())
    assert len(shares) == len(COUNTIES)


def test_road_codes_are_route_and_section(seeded: Seeded) -> None:
    letters = {"county": "X", "township": "Y", "village": "C", "special": "Z"}
    for road in Road.objects.all():
        assert re.fullmatch(r"[XYCZ][0-9A-Z]{3}\d{6}", road.route_code)
        assert road.code == road.route_code + road.section_no
        assert road.route_code[0] == letters[road.admin_class]
        assert road.route_code[4:] == road.division_id[:6]
        assert re.fullmatch(r"\d{3}", road.section_no)


def test_sections_of_a_route_follow_each_other(seeded: Seeded) -> None:
    before: dict[str, Road] = {}
    for road in Road.objects.order_by("code"):
        previous = before.get(road.route_code)
        if previous is not None:
            assert int(road.section_no) == int(previous.section_no) + 1
            assert road.start_stake_km == previous.end_stake_km
            assert road.geom[0][0] == previous.geom[0][-1]
        else:
            assert (road.section_no, road.start_stake_km) == ("001", 0)
        before[road.route_code] = road


def test_the_roads_of_a_county_are_one_network(seeded: Seeded) -> None:
    for code in COUNTIES:
        groups: dict[tuple[float, float], tuple[float, float]] = {}

        def root(
            node: tuple[float, float],
            groups: dict[tuple[float, float], tuple[float, float]] = groups,
        ) -> tuple[float, float]:
            while groups.setdefault(node, node) != node:
                node = groups[node]
            return node

        for road in Road.objects.filter(county=code[:6]):
            line = road.geom[0]
            groups[root(line[0])] = root(line[-1])
        assert len({root(node) for node in list(groups)}) == 1, code


def test_the_ledger_length_is_the_length_on_the_ellipsoid(seeded: Seeded) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(abs(ST_Length(geom::geography, true) - length_m)) FROM layers_road"
        )
        (difference,) = cursor.fetchone()
    assert difference <= 0.06


def test_stakes_measure_the_length(seeded: Seeded) -> None:
    for road in Road.objects.all():
        assert abs((road.end_stake_km - road.start_stake_km) * 1000 - road.length_m) <= 1


def test_water_works_are_as_large_as_their_kind_says(seeded: Seeded) -> None:
    people = {
        "over_10000": (10_000, 10**6),
        "over_1000": (1_000, 9_999),
        "over_100": (100, 999),
        "other_central": (20, 99),
        "scattered": (1, 19),
    }
    for work in WaterWork.objects.exclude(kind="urban_extension"):
        fewest, most = people[work.kind]
        assert fewest <= work.people_served <= most
        assert work.households_served <= work.people_served
        litres = work.daily_capacity_m3 * 1000 / work.people_served
        assert 40 <= litres <= 150


def test_equity_has_no_place_and_other_assets_have_one(seeded: Seeded) -> None:
    equity = Asset.objects.filter(subclass="equity")
    assert equity.exists()
    assert not equity.filter(geom__isnull=False).exists()
    assert not Asset.objects.exclude(subclass="equity").filter(geom__isnull=True).exists()


def test_values_and_days_of_assets_are_in_order(seeded: Seeded) -> None:
    assert not Asset.objects.filter(net_value_yuan__gt=F("original_value_yuan")).exists()
    assert not Asset.objects.filter(handed_over_on__lt=F("titled_on")).exists()
    assert not Asset.objects.filter(
        Q(titled_on__gt=seeded.day) | Q(handed_over_on__gt=seeded.day)
    ).exists()


def test_sites_have_gaps_and_people(seeded: Seeded) -> None:
    assert ResettlementSite.objects.filter(has_school=False).exists()
    assert not ResettlementSite.objects.filter(people__lt=F("households")).exists()
    assert not ResettlementSite.objects.filter(
        zero_employment_households__gt=F("households")
    ).exists()


def test_household_toilets_carry_people_who_cannot_exist(seeded: Seeded) -> None:
    layer = LAYERS["toilets"]
    for toilet in Toilet.objects.filter(category="household"):
        person = unseal(layer, toilet.personal)
        assert person["householder"].endswith("（演示）")
        assert re.fullmatch(r"1000000\d{4}", person["phone"])
        number = person["id_number"]
        assert re.fullmatch(r"999999\d{12}", number)
        assert number[-1] != check_digit(number[:-1])
    assert not Toilet.objects.filter(category="public", personal__isnull=False).exists()


def test_the_check_digit_is_the_standards() -> None:
    # The worked example of GB 11643-1999: 11010519491231002X.
    assert check_digit("11010519491231002") == "X"


def test_public_toilets_have_places_and_households_have_groups(seeded: Seeded) -> None:
    assert not Toilet.objects.filter(category="public", squat_places__isnull=True).exists()
    assert not Toilet.objects.filter(category="household", squat_places__isnull=False).exists()
    assert not Toilet.objects.filter(village_group="").exists()
    assert not Toilet.objects.filter(completed_on__gt=seeded.day - timedelta(days=1)).exists()


def test_seats_are_inside_and_say_that_they_are_invented(seeded: Seeded) -> None:
    seats = Division.objects.filter(seat__isnull=False)
    assert seats.count() > 500
    assert set(seats.values_list("seat_source", flat=True)) == {"demonstration"}
    points = [shapely.from_wkb(bytes(each.seat.wkb)) for each in seats]
    located = CountyLocator().locate(points)
    assert [code[:6] for code in located] == [each.code[:6] for each in seats]


def test_shibadong_village_is_about_where_it_is(seeded: Seeded) -> None:
    seat = Division.objects.get(code="433124110226").seat
    assert seat is not None
    assert (seat.x, seat.y) == (109.46, 28.33)
