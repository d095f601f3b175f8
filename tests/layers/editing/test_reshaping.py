"""Split and merge: what they make, who gets what, and that undo takes all of it back."""

import uuid
from decimal import Decimal

import pytest

from layers.distance import measure
from layers.editing import service
from layers.editing.request import EditRequest, Other, OutcomeKind
from layers.errors import BadRequest, NotFound
from layers.models import Edit, Operation, Road, WaterWork
from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG

pytestmark = pytest.mark.django_db

LINE = {"type": "LineString", "coordinates": [[109.40, 28.50], [109.43, 28.50], [109.44, 28.50]]}
ACROSS = {"type": "LineString", "coordinates": [[109.41, 28.49], [109.41, 28.51]]}


def reshape(actor, operation, feature, layer="roads", **more):
    request = EditRequest(
        uuid.uuid4(), layer, Operation(operation), feature.pk, feature.version, **more
    )
    return service.submit(actor=actor, request=request)


@pytest.fixture
def road(make_feature, edit):
    road = make_feature("roads", length_m="3900.00")
    edit("roads", "update", road, geometry=LINE)
    road.refresh_from_db()
    return road


def coordinates(road):
    return [list(map(list, part)) for part in road.geom.coords]


def test_a_line_cut_across_becomes_two_that_share_its_length(road, steward) -> None:
    outcome = reshape(steward, "split", road, blade=ACROSS)
    assert outcome.kind is OutcomeKind.APPLIED
    road.refresh_from_db()
    piece = Road.objects.exclude(pk=road.pk).get()
    # The larger piece keeps the id.
    assert coordinates(road) == [[[109.41, 28.50], [109.43, 28.50], [109.44, 28.50]]]
    assert coordinates(piece) == [[[109.40, 28.50], [109.41, 28.50]]]
    assert road.length_m + piece.length_m == Decimal("3900.00")
    assert abs(piece.length_m - Decimal("975")) < 1
    assert (piece.name, piece.division_id) == (road.name, road.division_id)
    assert piece.code != road.code
    split, created = Edit.objects.order_by("-id")[:2][::-1]
    assert (split.operation, created.operation, created.part_of) == ("split", "create", split)


def test_a_line_is_cut_at_a_point_on_it(road, steward) -> None:
    point = {"type": "Point", "coordinates": [109.42, 28.5001]}
    assert reshape(steward, "split", road, blade=point).kind is OutcomeKind.APPLIED
    assert Road.objects.count() == 2


def test_undo_of_a_split_joins_the_pieces_and_undo_of_that_parts_them(road, steward) -> None:
    before = coordinates(road)
    outcome = reshape(steward, "split", road, blade=ACROSS)
    undone = service.undo(actor=steward, uid=outcome.uid)
    road.refresh_from_db()
    assert (coordinates(road), road.length_m) == (before, Decimal("3900.00"))
    assert Road.objects.count() == 1
    assert service.undo(actor=steward, uid=undone.uid).in_the_journal
    assert Road.objects.count() == 2


def test_undo_of_one_piece_is_undo_of_the_whole_split(road, steward) -> None:
    reshape(steward, "split", road, blade=ACROSS)
    piece = Road.objects.exclude(pk=road.pk).get()
    created = Edit.objects.get(layer="roads", feature_id=piece.pk)
    service.undo(actor=steward, uid=created.uid)
    assert Road.objects.count() == 1


def test_a_split_whose_piece_was_changed_since_is_not_undone_by_half(road, steward, edit) -> None:
    outcome = reshape(steward, "split", road, blade=ACROSS)
    piece = Road.objects.exclude(pk=road.pk).get()
    edit("roads", "update", piece, name="新名")
    assert service.undo(actor=steward, uid=outcome.uid).kind is OutcomeKind.CONFLICT
    road.refresh_from_db()
    assert (Road.objects.count(), road.version) == (2, 3)


def test_a_split_of_what_somebody_renamed_meanwhile_keeps_the_name(road, steward, edit) -> None:
    edit("roads", "update", road, name="新名")
    assert reshape(steward, "split", road, blade=ACROSS).kind is OutcomeKind.MERGED
    assert set(Road.objects.values_list("name", flat=True)) == {"新名"}


def test_a_split_of_what_was_moved_away_meanwhile_is_a_conflict(road, steward, edit) -> None:
    away = {"type": "LineString", "coordinates": [[109.50, 28.50], [109.51, 28.50]]}
    edit("roads", "update", road, geometry=away)
    assert reshape(steward, "split", road, blade=ACROSS).kind is OutcomeKind.CONFLICT


BAD_BLADES = [
    None,
    {"type": "LineString", "coordinates": [[109.60, 28.49], [109.60, 28.51]]},
    {"type": "LineString", "coordinates": [[109.40, 28.49], [109.40, 28.51]]},
    {"type": "Polygon", "coordinates": [[[109.4, 28.4], [109.5, 28.4], [109.5, 28.6]] * 2]},
    {"type": "Point", "coordinates": [109.42, 28.6]},
    {"type": "LineString", "coordinates": [[float("nan"), 28.49], [109.41, 28.51]]},
]  # fmt: skip


@pytest.mark.parametrize("blade", BAD_BLADES, ids=str)
def test_a_blade_that_cuts_nothing_is_rejected(road, steward, blade) -> None:
    outcome = reshape(steward, "split", road, blade=blade)
    assert outcome.kind is OutcomeKind.REJECTED
    assert [problem.field for problem in outcome.problems] == ["blade"]
    assert Road.objects.count() == 1


def test_a_line_that_crosses_itself_is_cut_only_where_the_blade_is(make_feature, edit, steward):
    loop = [[109.40, 28.50], [109.42, 28.52], [109.42, 28.50], [109.40, 28.52]]
    road = make_feature("roads")
    edit("roads", "update", road, geometry={"type": "LineString", "coordinates": loop})
    road.refresh_from_db()
    blade = {"type": "LineString", "coordinates": [[109.419, 28.51], [109.421, 28.51]]}
    reshape(steward, "split", road, blade=blade)
    assert Road.objects.count() == 2


def test_a_point_is_not_split(make_feature, steward) -> None:
    work = make_feature("water-works")
    outcome = reshape(steward, "split", work, layer="water-works", blade=ACROSS)
    assert outcome.kind is OutcomeKind.REJECTED


def test_merging_the_pieces_gives_the_line_back(road, steward) -> None:
    reshape(steward, "split", road, blade=ACROSS)
    road.refresh_from_db()
    piece = Road.objects.exclude(pk=road.pk).get()
    outcome = reshape(steward, "merge", road, others=(Other(piece.pk, 1),))
    assert outcome.kind is OutcomeKind.APPLIED
    merged = Road.objects.get()
    assert merged.pk == road.pk
    assert merged.length_m == Decimal("3900.00")
    (part,) = coordinates(merged)
    assert sorted(part) == sorted(
        [[109.40, 28.50], [109.41, 28.50], [109.43, 28.50], [109.44, 28.50]]
    )
    service.undo(actor=steward, uid=outcome.uid)
    assert {each.pk for each in Road.objects.all()} == {road.pk, piece.pk}


def test_what_stays_gets_the_values_it_lacks(make_feature, steward) -> None:
    one = make_feature("water-works", operator="")
    other = make_feature("water-works", operator="村委会", people_served=7)
    outcome = reshape(steward, "merge", one, layer="water-works", others=(Other(other.pk, 1),))
    assert outcome.kind is OutcomeKind.APPLIED
    kept = WaterWork.objects.get()
    assert (kept.pk, kept.operator, kept.people_served) == (one.pk, "村委会", 420)


def test_a_merge_with_something_changed_meanwhile_is_a_conflict(make_feature, steward, edit):
    one, other = make_feature("water-works"), make_feature("water-works")
    edit("water-works", "update", other, name="新名")
    outcome = reshape(steward, "merge", one, layer="water-works", others=(Other(other.pk, 1),))
    assert outcome.kind is OutcomeKind.CONFLICT
    assert WaterWork.objects.count() == 2


def test_a_merge_reaches_no_further_than_the_grant(make_feature, account) -> None:
    planner = account("planner", HUAYUAN)
    one, outside = make_feature("water-works"), make_feature("water-works", IN_FENGHUANG)
    assert outside.division_id == FENGHUANG
    with pytest.raises(NotFound):
        reshape(planner, "merge", one, layer="water-works", others=(Other(outside.pk, 1),))
    for others in ((), (Other(one.pk, 1),)):
        with pytest.raises(BadRequest):
            reshape(planner, "merge", one, layer="water-works", others=others)
    assert WaterWork.objects.count() == 2


def test_lengths_are_measured_on_the_ellipsoid() -> None:
    import shapely

    # One degree along the equator: a·π/180.
    assert measure(shapely.LineString([(0, 0), (1, 0)])) == pytest.approx(111_319.49, abs=0.01)
