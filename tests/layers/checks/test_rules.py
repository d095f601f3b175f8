"""Each rule over a whole layer: what it finds, where, and what it leaves alone."""

import math
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry

from layers.access.policy import EVERYTHING, NOTHING, Scope
from layers.checks import window
from layers.checks.rules import RULES, rules_for
from layers.checks.running import Step, check, check_layer
from layers.checks.window import Window
from layers.checks.writing import run_on_write
from layers.divisions import Bounds
from layers.editing import service
from layers.editing.request import EditRequest
from layers.editing.rows import state_of
from layers.errors import NotFound
from layers.models import Division, Operation, User
from layers.models.feature import Feature
from layers.registry import LAYERS, layer_named
from tests.conftest import ATTRIBUTES, FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN
from tests.layers.checks.conftest import METRE, ids_of, issues_of

pytestmark = pytest.mark.django_db
Make = Callable[..., Feature]
LON, LAT = IN_HUAYUAN
EAST = METRE / math.cos(math.radians(LAT))
"""Degrees of longitude that are a metre here."""


@pytest.mark.parametrize("name", LAYERS)
def test_no_rule_finds_anything_in_a_good_feature_or_an_empty_layer(
    make_feature: Make, name: str
) -> None:
    assert issues_of(name) == []
    made = make_feature(name, length_m=1108) if name == "roads" else make_feature(name)
    found = [issue for issue in issues_of(name) if issue.rule != "road-length"]
    assert found == [], made


def test_a_rule_that_there_is_not_is_named_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="no-such"):
        issues_of("roads", "no-such")


def test_rules_about_lines_are_not_asked_of_points() -> None:
    names = {rule.name for rule in rules_for(layer_named("toilets"))}
    assert set(RULES) - names == {
        "invalid-geometry",
        "dangling-end",
        "overlapping-roads",
        "road-length",
    }


def test_an_invalid_shape_is_found_at_its_flaw(make_road: Make, spoil: Callable[..., None]) -> None:
    road = make_road((LON, LAT), (LON + 0.01, LAT))
    spoil(road, geom=GEOSGeometry(f"SRID=4490;MULTILINESTRING(({LON} {LAT},{LON} {LAT}))"))
    (issue,) = issues_of("roads", "invalid-geometry")
    assert issue.place == {"type": "Point", "coordinates": (LON, LAT)}
    assert issue.fix is None, "a line without extent cannot be made a line"


def test_places_outside_the_county_and_outside_the_province_are_told_apart(
    make_feature: Make, spoil: Callable[..., None]
) -> None:
    good, stray, lost = (make_feature("toilets", (LON, LAT + i / 1000)) for i in range(3))
    spoil(stray, geom=GEOSGeometry("SRID=4490;POINT({} {})".format(*IN_FENGHUANG)))
    spoil(lost, geom=GEOSGeometry("SRID=4490;POINT(118.8 32.06)"))
    assert ids_of("toilets", "outside-hunan") == [(lost.pk,)]
    assert ids_of("toilets", "outside-county") == [(stray.pk,), (lost.pk,)]
    (fixed, unfixed) = (issue.fix for issue in issues_of("toilets", "outside-county"))
    assert fixed is not None
    assert fixed.edits[0].properties == {"division": FENGHUANG}
    assert unfixed is None
    assert good.division_id == HUAYUAN


def test_the_database_lets_no_stray_pass_that_the_rule_would_find(steward: User) -> None:
    """It asks a boundary drawn wider and simpler; the rule holds places to the real one."""
    boundary = shapely.from_wkb(bytes(Division.objects.get(pk=HUAYUAN).boundary.wkb))
    line = boundary.exterior if boundary.geom_type == "Polygon" else boundary.geoms[0].exterior
    requests = []
    for number in range(150):
        at = line.interpolate(number / 150, normalized=True)
        angle, metres = number * 2.4, 450 + number * 2
        place = (at.x + metres * EAST * math.cos(angle), at.y + metres * METRE * math.sin(angle))
        requests.append(
            EditRequest(
                uuid.uuid4(),
                "toilets",
                Operation.CREATE,
                geometry={"type": "Point", "coordinates": place},
                properties={**ATTRIBUTES["toilets"], "division": HUAYUAN},
            )
        )
    service.submit_all(actor=steward, requests=requests)
    layer = layer_named("toilets")
    rows = [(row.pk, state_of(layer, row)) for row in layer.rows.order_by("pk")]
    issues = run_on_write(layer, rows)
    wanted = [each.id for found in issues for each in found if each.rule == "outside-county"]
    assert 10 < len(wanted) < len(rows) == 150
    assert [issue.id for issue in issues_of("toilets", "outside-county")] == wanted


def test_codes_that_differ_in_case_space_and_width_are_one_issue(make_feature: Make) -> None:
    spellings = ("R-1a", "r-1A", "Ｒ－１Ａ", "R- 1A", "R-1A", "R-2a", "R-3A")
    made = [
        make_feature("toilets", (LON, LAT + i / 1000), code=code)
        for i, code in enumerate(spellings)
    ]
    (issue,) = issues_of("toilets", "similar-code")
    assert issue.feature_ids == tuple(each.pk for each in made[:5])


def test_two_of_the_same_kind_and_name_within_five_metres_are_found_once(
    make_feature: Make,
) -> None:
    def work(metres: float, **more: str) -> Feature:
        return make_feature("water-works", (LON + metres * EAST, LAT), **more)

    first, near = work(0), work(4.9)
    work(2, name="另一个水厂")
    work(3, kind="scattered")
    (issue,) = issues_of("water-works", "near-duplicate")
    assert issue.feature_ids == (first.pk, near.pk)
    far = work(10.0)
    assert ids_of("water-works", "near-duplicate") == [(first.pk, near.pk)]
    halfway = work(14.8)
    assert ids_of("water-works", "near-duplicate")[-1] == (far.pk, halfway.pk)


def test_nameless_ones_of_a_kind_are_duplicates_too(make_feature: Make) -> None:
    pair = [make_feature("toilets", (LON, LAT + i * METRE)) for i in range(2)]
    assert ids_of("toilets", "near-duplicate") == [(pair[0].pk, pair[1].pk)]


def test_a_pair_across_a_county_line_is_found_by_who_sees_both_and_by_nobody_else(
    make_feature: Make,
) -> None:
    one = make_feature("toilets", (LON, LAT), division=HUAYUAN)
    other = make_feature("toilets", (LON, LAT + METRE), division=FENGHUANG)
    assert ids_of("toilets", "near-duplicate") == [(one.pk, other.pk)]
    for county in (HUAYUAN, FENGHUANG):
        assert ids_of("toilets", "near-duplicate", scope=Scope.of([county[:6]])) == []
    both = Scope.of([HUAYUAN[:6], FENGHUANG[:6]])
    assert ids_of("toilets", "near-duplicate", scope=both) == [(one.pk, other.pk)]


def test_stretches_of_one_road_are_no_duplicates_but_a_road_drawn_twice_is(
    make_road: Make,
) -> None:
    middle = (LON + 0.01, LAT)
    first = make_road((LON, LAT), middle)
    make_road(middle, (LON + 0.02, LAT))
    assert ids_of("roads", "near-duplicate") == []
    again = make_road((LON, LAT + 2 * METRE), (LON + 0.01, LAT + 2 * METRE))
    assert ids_of("roads", "near-duplicate") == [(first.pk, again.pk)]


def test_an_end_just_short_of_another_road_dangles(make_road: Make) -> None:
    main = make_road((LON - 0.01, LAT), (LON + 0.01, LAT))

    def side(x: float, metres: float) -> Feature:
        return make_road((LON + x, LAT + 0.005), (LON + x, LAT + metres * METRE))

    touching, near, far = side(0.001, 0), side(0.003, 9), side(0.005, 11)
    (issue,) = issues_of("roads", "dangling-end")
    assert issue.feature_ids == (main.pk, near.pk)
    assert issue.id == f"roads.dangling-end.{main.pk}+{near.pk}.end-0-of-{near.pk}"
    assert issue.place == {"type": "Point", "coordinates": (LON + 0.003, LAT + 9 * METRE)}
    assert {touching.pk, far.pk}.isdisjoint(issue.feature_ids)


def test_an_end_that_touches_one_road_and_is_near_another_does_not_dangle(
    make_road: Make,
) -> None:
    make_road((LON - 0.01, LAT), (LON + 0.01, LAT))
    make_road((LON - 0.02, LAT - 5 * METRE), (LON + 0.02, LAT - 5 * METRE))
    side = make_road((LON, LAT + 0.005), (LON, LAT))
    dangling = {issue.id.rpartition("-")[2] for issue in issues_of("roads", "dangling-end")}
    assert dangling, "the ends of the two that run side by side"
    assert str(side.pk) not in dangling


def test_roads_that_run_together_overlap_unless_one_is_marked_as_repeated(
    make_road: Make, spoil: Callable[..., None]
) -> None:
    one = make_road((LON, LAT), (LON + 0.01, LAT))
    other = make_road((LON + 0.008, LAT + 0.4 * METRE), (LON + 0.02, LAT + 0.4 * METRE))
    make_road((LON + 0.005, LAT - 0.01), (LON + 0.005, LAT + 0.01))
    (issue,) = issues_of("roads", "overlapping-roads")
    assert issue.feature_ids == (one.pk, other.pk)
    assert issue.place is not None
    assert issue.place["type"] == "LineString"
    assert " 196 " in issue.message
    spoil(other, repeated=True)
    assert ids_of("roads", "overlapping-roads") == []


def test_roads_that_run_together_for_a_few_metres_do_not_overlap(make_road: Make) -> None:
    make_road((LON, LAT), (LON + 100 * EAST, LAT))
    make_road((LON + 82 * EAST, LAT), (LON + 300 * EAST, LAT))
    assert ids_of("roads", "overlapping-roads") == []


def test_a_length_that_disagrees_with_the_line_can_be_set_to_the_measured_one(
    make_road: Make,
) -> None:
    make_road((LON, LAT), (LON, LAT + 0.01), length_m=1150)
    wrong = make_road((LON, LAT), (LON, LAT + 0.01), length_m=1200)
    (issue,) = issues_of("roads", "road-length")
    assert issue.feature_ids == (wrong.pk,)
    assert issue.field == "length_m"
    assert issue.fix is not None
    measured = Decimal(issue.fix.edits[0].properties["length_m"])
    assert abs(measured - Decimal("1108.3")) < 1


def test_values_outside_lists_and_ranges_are_found_field_by_field(
    make_road: Make, spoil: Callable[..., None]
) -> None:
    road = make_road((LON, LAT), (LON, LAT + 0.01))
    spoil(road, surface="gold", lanes=13, built_year=1800, division_id="439999000000")
    issues = issues_of("roads", "bad-value")
    assert {issue.field for issue in issues} == {"surface", "lanes", "built_year", "division"}
    assert len({issue.id for issue in issues}) == 4
    assert any("gold" in issue.message for issue in issues)


def test_missing_values_and_places_are_found(
    make_feature: Make, spoil: Callable[..., None]
) -> None:
    site, asset = make_feature("resettlement-sites"), make_feature("assets")
    spoil(site, name="", households=None, geom=None)
    spoil(asset, geom=None)
    nowhere = make_feature("toilets")
    spoil(nowhere, division_id="")
    assert [(i.feature_ids, i.field) for i in issues_of("toilets", "missing-value")] == [
        ((nowhere.pk,), "division")
    ]
    found = {issue.field for issue in issues_of("resettlement-sites", "missing-value")}
    assert found == {"name", "geom"} | (
        {"households"} if type(site)._meta.get_field("households").null else set()
    )
    assert issues_of("assets") == [], "an asset may be without a place"


def test_nothing_outside_the_scope_is_compared_with(make_road: Make) -> None:
    """What a county sees is the same with and without the roads of its neighbour."""
    own = make_road((LON, LAT), (LON + 0.01, LAT), code="R-1", division=HUAYUAN)
    make_road(
        (LON + 0.005, LAT + 8 * METRE), (LON + 0.005, LAT + 0.01), code="q-5", division=HUAYUAN
    )
    inside = Scope.of([HUAYUAN[:6]])
    before = issues_of("roads", scope=inside)
    assert [issue.rule for issue in before] == ["dangling-end"]
    # On top of one's own, nearer to its dangling end, its code and name once more.
    make_road((LON, LAT), (LON + 0.01, LAT), code="r-1", division=FENGHUANG)
    make_road((LON, LAT + 9 * METRE), (LON + 0.01, LAT + 9 * METRE), code="Q-5", division=FENGHUANG)
    assert {issue.rule for issue in issues_of("roads")} >= {"overlapping-roads", "similar-code"}
    assert issues_of("roads", scope=inside) == before
    few = list(check(layer_named("roads"), Window(inside, feature_ids=(own.pk,))))
    assert [issue.rule for issue in few] == []


def test_the_same_issue_has_the_same_id_however_it_is_found(make_feature: Make) -> None:
    pair = [make_feature("toilets", (LON, LAT + i * METRE)) for i in range(2)]
    layer = layer_named("toilets")
    whole = [issue.id for issue in check_layer(layer, EVERYTHING)]
    box = Bounds(LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01)
    assert whole == [f"toilets.near-duplicate.{pair[0].pk}+{pair[1].pk}"]
    assert [issue.id for issue in check(layer, Window(bounds=box))] == whole
    for each in pair:
        assert [i.id for i in check(layer, Window(feature_ids=(each.pk,)))] == whole
    elsewhere = Bounds(LON + 1, LAT, LON + 2, LAT + 1)
    assert list(check(layer, Window(bounds=elsewhere))) == []
    assert list(check_layer(layer, NOTHING)) == []


def test_progress_is_told_piece_by_piece(
    make_feature: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_feature("toilets", division=HUAYUAN)
    make_feature("toilets", IN_FENGHUANG, division=FENGHUANG)
    monkeypatch.setattr(window, "PIECE", 1)
    steps: list[Step] = []
    list(check_layer(layer_named("toilets"), EVERYTHING, ["bad-value"], progress=steps.append))
    assert [(step.rule.name, step.done, step.pieces) for step in steps] == [
        ("bad-value", 0, 2),
        ("bad-value", 1, 2),
    ]
