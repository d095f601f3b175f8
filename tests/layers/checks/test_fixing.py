"""A fix is an edit of the person who asks for it, journalled, once."""

from collections.abc import Callable

import pytest
from django.contrib.gis.geos import GEOSGeometry

from layers.access import policy
from layers.checks.fixing import apply_fix, find_issue
from layers.editing import service
from layers.editing.request import Outcome, OutcomeKind
from layers.errors import BadRequest, Forbidden, NotFound
from layers.models import Edit, User
from layers.models.feature import Feature
from layers.registry import LAYERS, layer_named
from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN
from tests.layers.checks.conftest import METRE, ids_of, issues_of

pytestmark = pytest.mark.django_db
Make = Callable[..., Feature]
LON, LAT = IN_HUAYUAN
ROADS, TOILETS = LAYERS["roads"], LAYERS["toilets"]


@pytest.fixture
def long(make_road: Make) -> Feature:
    return make_road((LON, LAT), (LON, LAT + 0.01), length_m=5000, division=HUAYUAN)


def test_a_fix_is_journalled_under_the_name_of_who_asked_and_takes_the_issue_away(
    long: Feature, account: Callable[..., User]
) -> None:
    planner = account("planner", HUAYUAN)
    (issue,) = issues_of("roads", "road-length")
    (outcome,) = apply_fix(actor=planner, layer=ROADS, issue=issue.id)
    assert outcome.kind is OutcomeKind.APPLIED
    entry = Edit.objects.get(uid=outcome.uid)
    assert (entry.author, entry.new) == (planner, {"length_m": "1108.3"})
    assert issues_of("roads", "road-length") == []


def test_a_fix_applied_twice_is_one_edit_and_an_issue_that_comes_back_can_be_fixed_again(
    long: Feature, steward: User, edit: Callable[..., Outcome]
) -> None:
    (issue,) = issues_of("roads", "road-length")
    first = apply_fix(actor=steward, layer=ROADS, issue=issue.id)[0]
    again = apply_fix(actor=steward, layer=ROADS, issue=issue.id)[0]
    assert (again.uid, again.version) == (first.uid, first.version)
    long.refresh_from_db()
    edit("roads", "update", long, length_m=7000)
    (back,) = issues_of("roads", "road-length")
    assert back.id == issue.id
    third = apply_fix(actor=steward, layer=ROADS, issue=issue.id)[0]
    assert third.uid != first.uid
    assert Edit.objects.filter(feature_id=long.pk).count() == 4


def test_who_may_not_edit_may_not_fix_and_who_may_not_see_finds_no_issue(
    long: Feature, account: Callable[..., User]
) -> None:
    (issue,) = issues_of("roads", "road-length")
    with pytest.raises(Forbidden):
        apply_fix(actor=account("viewer", HUAYUAN), layer=ROADS, issue=issue.id)
    with pytest.raises(NotFound):
        apply_fix(actor=account("planner", FENGHUANG), layer=ROADS, issue=issue.id)
    assert issues_of("roads", "road-length") == [issue]


@pytest.mark.parametrize(
    "issue",
    [
        "",
        "roads.road-length.1.",
        "toilets.road-length.1",
        "toilets.near-duplicate.1+2",
        "toilets.no-such-rule.1",
        "toilets.similar-code." + "9" * 18,
    ],
)
def test_an_issue_that_there_is_not_is_not_found(issue: str, steward: User) -> None:
    with pytest.raises(NotFound):
        apply_fix(actor=steward, layer=TOILETS, issue=issue)


def test_an_issue_without_a_fix_says_so(
    make_feature: Make, spoil: Callable[..., None], steward: User
) -> None:
    spoil(make_feature("toilets"), toilet_type="gold")
    (issue,) = issues_of("toilets", "bad-value")
    with pytest.raises(BadRequest):
        apply_fix(actor=steward, layer=TOILETS, issue=issue.id)


def test_a_dangling_end_is_snapped_and_keeps_how_it_was_surveyed(
    make_road: Make, steward: User, spoil: Callable[..., None]
) -> None:
    make_road((LON - 0.01, LAT), (LON + 0.01, LAT + 0.003))
    side = make_road((LON, LAT + 0.008), (LON, LAT + 0.0015 + 6 * METRE))
    (issue,) = issues_of("roads", "dangling-end")
    apply_fix(actor=steward, layer=ROADS, issue=issue.id)
    assert issues_of("roads", "dangling-end") == []
    moved = ROADS.rows.get(pk=side.pk)
    (line,) = moved.geom.coords
    assert line[0] == (LON, LAT + 0.008)
    assert abs(line[1][1] - LAT - 0.0015) < METRE
    assert moved.method == side.method


def test_a_stated_county_is_set_to_the_one_it_stands_in(make_feature: Make, steward: User) -> None:
    stray = make_feature("toilets", IN_FENGHUANG, division=HUAYUAN)
    (issue,) = issues_of("toilets", "outside-county")
    apply_fix(actor=steward, layer=TOILETS, issue=issue.id)
    assert TOILETS.rows.get(pk=stray.pk).division_id == FENGHUANG
    assert issues_of("toilets") == []


def test_duplicates_are_merged_into_the_first_once(make_feature: Make, steward: User) -> None:
    first = make_feature("toilets", keeper="")
    make_feature("toilets", (LON, LAT + METRE), keeper="张三")
    (issue,) = issues_of("toilets", "near-duplicate")
    outcome = apply_fix(actor=steward, layer=TOILETS, issue=issue.id)[0]
    again = apply_fix(actor=steward, layer=TOILETS, issue=issue.id)[0]
    assert (again.uid, again.kind) == (outcome.uid, OutcomeKind.APPLIED)
    (left,) = TOILETS.rows.all()
    assert (left.pk, left.keeper) == (first.pk, "张三")
    service.undo(actor=steward, uid=outcome.uid)
    assert TOILETS.rows.count() == 2


def test_a_road_drawn_twice_keeps_its_one_line_and_its_one_length(
    make_road: Make, steward: User
) -> None:
    first = make_road((LON, LAT), (LON, LAT + 0.01), length_m=1108)
    make_road((LON, LAT + METRE), (LON, LAT + 0.01), length_m=1107)
    (issue,) = issues_of("roads", "near-duplicate")
    apply_fix(actor=steward, layer=ROADS, issue=issue.id)
    (left,) = ROADS.rows.all()
    assert (left.length_m, left.geom.coords) == (first.length_m, first.geom.coords)


def test_an_invalid_area_is_made_valid_where_it_stays_an_area(make_road: Make) -> None:
    """No layer has areas yet, so this looks at the rule alone."""
    from dataclasses import replace

    from layers.checks.rules import invalid_geometry
    from layers.checks.specification import Subject

    areas = replace(ROADS)
    areas.__dict__["geometry"] = "polygon"
    bow = GEOSGeometry("SRID=4490;MULTIPOLYGON(((0 0,2 2,2 0,0 2,0 0)))").hexewkb.decode()
    state = {"geom": bow, "method": "survey", "accuracy_m": 0.5}
    ((_index, issue),) = invalid_geometry.judge(areas, [Subject(3, 4, state)])
    assert issue.place == {"type": "Point", "coordinates": (1.0, 1.0)}
    assert issue.fix is not None
    (edit,) = issue.fix.edits
    assert edit.geometry is not None
    assert edit.geometry["type"] == "MultiPolygon"
    assert len(edit.geometry["coordinates"]) == 2
    assert (edit.base_version, edit.method, edit.accuracy_m) == (4, "survey", 0.5)


def test_an_issue_is_found_only_where_all_its_features_are_seen(
    make_feature: Make, account: Callable[..., User]
) -> None:
    make_feature("toilets", division=HUAYUAN)
    make_feature("toilets", (LON, LAT + METRE), division=FENGHUANG)
    (issue,) = issues_of("toilets", "near-duplicate")
    scope = policy.scope(account("planner", HUAYUAN))
    assert find_issue(TOILETS, scope, issue.id) is None
    assert ids_of("toilets", "near-duplicate", scope=scope) == []
    assert find_issue(layer_named("toilets"), policy.EVERYTHING, issue.id) == issue
