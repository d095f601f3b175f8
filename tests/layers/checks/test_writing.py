"""The fast rules, over features that are being written."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely

from layers.access.policy import EVERYTHING, Scope
from layers.checks.specification import Issue, Severity
from layers.checks.writing import run_on_write
from layers.editing.rows import State, state_of
from layers.models import Division
from layers.models.feature import Feature
from layers.registry import layer_named
from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN

pytestmark = pytest.mark.django_db
METRE = 1 / 111_320


def ewkb(shape: Any) -> str:
    return str(shapely.to_wkb(shapely.set_srid(shape, 4490), hex=True, include_srid=True))


def toilet(lon: float, lat: float, **more: Any) -> State:
    state = {"code": "T1", "name": "", "division": HUAYUAN, "toilet_type": "three_chamber"}
    return {**state, "geom": ewkb(shapely.Point(lon, lat)), **more}


def road(*vertices: tuple[float, float], **more: Any) -> State:
    shape = shapely.multilinestrings([shapely.LineString(vertices)])
    state = {"code": "R1", "name": "村组路", "division": HUAYUAN, "admin_class": "village"}
    return {**state, "length_m": None, "geom": ewkb(shape), **more}


def found(layer: str, *states: State, scope: Scope | None = None) -> list[list[str]]:
    return [
        [issue.rule for issue in issues]
        for issues in run_on_write(layer_named(layer), [(None, s) for s in states], scope=scope)
    ]


def test_nothing_is_wrong_with_a_good_feature_or_with_none() -> None:
    assert found("toilets", toilet(*IN_HUAYUAN)) == [[]]
    assert found("toilets") == []
    assert found("assets", toilet(*IN_HUAYUAN, geom=None, asset_class="public")) == [[]]


def test_a_place_in_another_county_is_a_warning_and_one_in_another_province_an_error() -> None:
    nanjing = toilet(118.8, 32.06)
    assert found("toilets", toilet(*IN_FENGHUANG), toilet(*IN_HUAYUAN), nanjing) == [
        ["outside-county"],
        [],
        ["outside-hunan", "outside-county"],
    ]
    issues = run_on_write(layer_named("toilets"), [(7, nanjing)])[0]
    assert [each.severity for each in issues] == [Severity.ERROR, Severity.WARNING]
    assert issues[0].feature_ids == (7,)
    assert issues[0].place == {"type": "Point", "coordinates": (118.8, 32.06)}
    assert issues[0].field == "geom"


def test_up_to_600_m_outside_the_county_nothing_is_said() -> None:
    boundary = shapely.from_wkb(bytes(Division.objects.get(pk=HUAYUAN).boundary.wkb))
    west = shapely.get_coordinates(boundary)[np.argmin(shapely.get_coordinates(boundary)[:, 0])]
    near = toilet(west[0] - 550 * METRE, west[1])
    far = toilet(west[0] - 650 * METRE, west[1])
    assert found("toilets", near, far) == [[], ["outside-county"]]


def test_of_a_county_without_a_boundary_nothing_is_said_while_the_place_is_in_hunan() -> None:
    zone = "430171000000"
    nanjing = toilet(118.8, 32.06, division=zone)
    states = (toilet(*IN_HUAYUAN, division=zone), nanjing)
    assert found("toilets", *states) == [[], ["outside-hunan"]]


def test_an_issue_says_of_which_fields_a_change_can_have_brought_it_in(
    make_feature: Callable[..., Feature],
) -> None:
    make_feature("toilets")
    lon, lat = IN_HUAYUAN
    states = [(None, toilet(lon, lat + METRE)), (None, toilet(*IN_FENGHUANG))]
    near, stray = run_on_write(layer_named("toilets"), states, scope=EVERYTHING)
    assert near[0].arises_from == {"geom", "name", "toilet_type"}
    assert stray[0].arises_from == {"geom", "division"}
    wrong = road((lon, lat), (lon, lat + 0.01), length_m="9")
    ((length,),) = run_on_write(layer_named("roads"), [(None, wrong)])
    assert length.arises_from == {"geom", "length_m"}


def test_a_line_with_no_extent_is_invalid() -> None:
    assert found("roads", road(IN_HUAYUAN, IN_HUAYUAN)) == [["invalid-geometry"]]


def test_a_length_is_wrong_when_it_is_off_by_both_a_share_and_some_metres() -> None:
    lon, lat = IN_HUAYUAN
    line = ((lon, lat), (lon, lat + 0.01))
    # A hundredth of a degree along the meridian here is 1108.3 m.
    lengths = (None, "1108.3", "1160", "1170", "1050", "1045", "0")
    rules = found("roads", *(road(*line, length_m=each) for each in lengths))
    assert rules == [[], [], [], ["road-length"], ["road-length"], ["road-length"], ["road-length"]]
    short = ((lon, lat), (lon, lat + 0.0001))
    assert found("roads", road(*short, length_m="30"), road(*short, length_m="32")) == [
        [],
        ["road-length"],
    ]


def test_a_code_written_another_way_is_found_among_those_written_and_those_there(
    make_feature: Callable[..., Feature],
) -> None:
    make_feature("toilets", code="T433124-A1")
    lon, lat = IN_HUAYUAN
    states = (
        toilet(lon, lat + 0.001, code="t433124-a1 "),
        toilet(lon, lat + 0.002, code="Q-9"),
        toilet(lon, lat + 0.003, code="Ｑ-９"),
        toilet(lon, lat + 0.004, code="T433124-A1"),
    )
    assert found("toilets", *states, scope=EVERYTHING) == [
        ["similar-code"],
        ["similar-code"],
        ["similar-code"],
        ["similar-code"],
    ]
    assert found("toilets", states[0], scope=Scope.of([FENGHUANG[:6]])) == [[]]


def test_another_of_the_same_kind_within_five_metres_is_told_to_those_who_may_see_it(
    make_feature: Callable[..., Feature],
) -> None:
    there = make_feature("toilets")
    lon, lat = IN_HUAYUAN
    near, far = toilet(lon, lat + 4.5 * METRE), toilet(lon, lat + 5.5 * METRE)
    other = toilet(lon, lat + 4.5 * METRE, toilet_type="sewer_flush")
    named = toilet(lon, lat + 4.5 * METRE, name="老王家")
    assert found("toilets", near, far, other, named, scope=EVERYTHING) == [
        ["near-duplicate"],
        [],
        [],
        [],
    ]
    assert found("toilets", near) == [[]]
    assert found("toilets", near, scope=Scope.of([FENGHUANG[:6]])) == [[]]
    itself = (there.pk, state_of(layer_named("toilets"), there))
    assert run_on_write(layer_named("toilets"), [itself], scope=EVERYTHING) == [[]]


def test_ten_thousand_features_take_a_handful_of_queries(
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    lon, lat = IN_HUAYUAN
    states = [(None, toilet(lon, lat + i * 1e-6, code=f"N{i}")) for i in range(10_000)]
    with django_assert_max_num_queries(8):
        issues: list[list[Issue]] = run_on_write(layer_named("toilets"), states, scope=EVERYTHING)
    assert not any(issues)
