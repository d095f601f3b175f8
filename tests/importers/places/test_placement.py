"""Rows in their places: every source, every reason with its hint, and what is kept of the file."""

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPoint, Point, Polygon

from importers.interpretation import Helmert, PlaceReading, PlaceSource
from importers.places.placement import Placement
from importers.places.rows import columns_of
from layers.editing.geometry import read_geometry
from layers.errors import Rejected
from layers.registry import LAYERS
from tests.importers.files import CHECK_ORDINATES, HUAYUAN
from tests.importers.places import scene

pytestmark = pytest.mark.django_db
ASSETS, ROADS = LAYERS["assets"], LAYERS["roads"]

COLUMNS = PlaceReading(PlaceSource.COLUMNS, x="x", y="y", datum="EPSG:4490")


@pytest.fixture
def place(locator):
    def run(batch, reading=None, layer=ASSETS):
        reading = reading or PlaceReading(datum="EPSG:4490")
        return Placement(layer, reading, locator).place(batch)

    return run


def hint(places, row):
    reason = places.reasons[row]
    assert reason.text.zh != reason.text.en
    return reason.hint.en if reason.hint else ""


def test_geometries_are_placed_and_in_epsg_4490_are_their_own_original(place):
    places = place(scene.batch([HUAYUAN, None, MultiPoint([HUAYUAN])]))
    assert places.counties.tolist() == ["433124000000", "", "433124000000"]
    assert places.shapes[0] == places.shapes[2] == HUAYUAN
    assert places.original_ordinates.to_pylist() == ["", "", ""]
    assert shapely.from_wkb(places.ewkb_hex[0].as_py()) == HUAYUAN
    assert places.ewkb_hex[1].as_py() is None
    assert not places.reasons


def test_plane_ordinates_are_kept_as_the_file_has_them_also_where_they_are_turned(place):
    turned = Point(CHECK_ORDINATES.y, CHECK_ORDINATES.x)
    for shape, swapped in ((CHECK_ORDINATES, False), (turned, True)):
        for extra in ([], [MultiPoint([shape])]):
            reading = PlaceReading(datum="EPSG:4525", swapped=swapped)
            places = place(scene.batch([shape, *extra]), reading)
            assert places.shapes[0].distance(Point(111.5, 27.5)) < 1e-8
            assert places.original_ordinates[0].as_py() == shape.wkt


def test_cells_are_kept_as_they_are_written(place):
    batch = scene.batch(
        x=["109°28′48″", "１０９．４８", "", None, "东经109.48"],
        y=["28-34-12", "28.57", " ", None, "北纬28.57"],
    )
    places = place(batch, COLUMNS)
    assert not places.reasons
    assert [shape is not None for shape in places.shapes] == [True, True, False, False, True]
    assert places.shapes[0].distance(HUAYUAN) < 1e-9
    kept = places.original_ordinates.to_pylist()
    assert kept == ["109°28′48″; 28-34-12", "１０９．４８; 28.57", "", "", "东经109.48; 北纬28.57"]


def test_whole_places_in_a_cell_are_placed(place):
    reading = PlaceReading(PlaceSource.WKT, wkt="坐标", datum="EPSG:4490", swapped=True)
    batch = scene.batch(坐标=["28.57,109.48", "E109.48 N28.57", None, "学校旁"])
    places = place(batch, reading)
    assert [shape == HUAYUAN for shape in places.shapes[:2]] == [True, True]
    assert list(places.reasons) == [3]
    assert places.original_ordinates[0].as_py() == "28.57,109.48"
    lines = scene.batch(坐标=["LINESTRING (109.48 28.57, 109.49 28.58)"])
    places = place(lines, PlaceReading(PlaceSource.WKT, wkt="坐标", datum="EPSG:4490"), ROADS)
    assert places.counties.tolist() == ["433124000000"]


def test_offsets_are_taken_off_and_packed_degrees_taken_apart(place):
    for datum in ("gcj02", "bd09"):
        written = scene.written_in(datum, np.array([[HUAYUAN.x, HUAYUAN.y]]))
        places = place(scene.batch(written), PlaceReading(datum=datum))
        assert places.shapes[0].distance(HUAYUAN) < 1e-9
        assert places.original_ordinates[0].as_py() == Point(written[0]).wkt
    reading = PlaceReading(PlaceSource.COLUMNS, x="x", y="y", datum="EPSG:4490", packed=True)
    places = place(scene.batch(x=["109.2848", "109.2868"], y=["28.3412", "28.3412"]), reading)
    assert places.shapes[0].distance(HUAYUAN) < 1e-9
    assert list(places.reasons) == [1]


def test_an_accepted_error_is_there_to_be_stored_and_parameters_need_none(locator):
    accepted = Placement(ASSETS, PlaceReading(datum="EPSG:2361", accuracy_m=80.0), locator)
    assert accepted.accuracy_m == 80
    shifted = PlaceReading(datum="EPSG:2361", parameters=Helmert(10, -120, -60), accuracy_m=80.0)
    assert Placement(ASSETS, shifted, locator).accuracy_m is None
    with pytest.raises(Rejected):
        Placement(ASSETS, PlaceReading(datum="EPSG:2361"), locator)


@pytest.mark.parametrize(
    ("datum", "x", "y", "words"),
    [
        ("EPSG:4490", 0, 0, "no place"),
        ("EPSG:4490", 28.57, 109.48, "exchanged"),
        ("EPSG:4490", 549_406, 3_043_133, "in metres"),
        ("EPSG:4525", 109.48, 28.57, "in degrees"),
        ("EPSG:4525", "109°29′", "28°34′", "metres"),
        ("EPSG:4525", 38_549_406, 3_043_133, "zone 38"),
        ("EPSG:4525", 549_406, 3_043_133, "meridian"),
        ("EPSG:4525", 3_043_133, 37_549_406, "exchanged"),
        ("EPSG:4490", 1, 2, ""),
        ("EPSG:4490", float("inf"), 28, ""),
    ],
)
def test_a_row_outside_says_what_it_looks_like(place, datum, x, y, words):
    reading = PlaceReading(PlaceSource.COLUMNS, x="x", y="y", datum=datum)
    places = place(scene.batch(x=[x], y=[y]), reading)
    assert words in hint(places, 0)
    assert places.shapes[0] is None
    assert places.counties.tolist() == [""]


def test_half_a_place_and_unreadable_cells_are_rejected_with_the_column(place):
    places = place(
        scene.batch(x=["109.48", "很远", "N28", None], y=[None, "28.57", "N28", "28"]), COLUMNS
    )
    assert "“y”" in places.reasons[0].text.en
    assert "很远" in places.reasons[1].text.en
    assert "direction" in places.reasons[2].text.en
    assert "“x”" in places.reasons[3].text.en
    assert columns_of(COLUMNS) == ("x", "y")


def test_shapes_of_another_kind_and_broken_ones_are_rejected_with_a_hint(place):
    square = Polygon([(109.4, 28.5), (109.5, 28.5), (109.5, 28.6)])
    places = place(scene.batch([HUAYUAN, square]))
    assert "Point on Surface" in hint(places, 1)
    assert places.shapes[0] == HUAYUAN
    assert hint(place(scene.batch([HUAYUAN]), layer=ROADS), 0)
    same = LineString([(109.48, 28.57), (109.48, 28.57)])
    places = place(scene.batch([same]), layer=ROADS)
    assert "Fix Geometries" in hint(places, 0)


def test_collections_nested_deep_are_rejected_and_not_parsed(place):
    import pyarrow as pa

    deep = bytes.fromhex("010700000001000000" * 200_000)
    batch = pa.record_batch({"__geometry__": pa.array([deep, shapely.to_wkb(HUAYUAN)])})
    places = place(batch)
    assert list(places.reasons) == [0]
    assert places.shapes[1] == HUAYUAN


def test_a_layer_that_needs_places_rejects_rows_without(place):
    batch = scene.batch(x=[None, "109.48"], y=["", "28.57"])
    assert list(place(batch, COLUMNS, LAYERS["resettlement-sites"]).reasons) == [0]


def test_no_places_are_read_where_there_are_none(place):
    places = place(scene.batch(x=[1, 2]), PlaceReading(source=PlaceSource.NONE))
    assert places.shapes.tolist() == [None, None]
    assert not places.reasons


def test_points_are_placed_as_the_editing_service_takes_them(place, locator):
    """The quick way for points and the service's own rule: the same places, none more or less."""
    lonlat = np.random.default_rng(11).uniform((108.6, 24.4), (114.5, 30.3), (300, 2))
    places = place(scene.batch(lonlat))
    for row, shape in enumerate(shapely.points(lonlat)):
        if row in places.reasons:
            continue
        stored = read_geometry(ASSETS, {"type": "Point", "coordinates": lonlat[row].tolist()})
        assert (stored.x, stored.y) == (places.shapes[row].x, places.shapes[row].y)
        county = locator.polygons[locator.codes.tolist().index(places.counties[row])]
        assert county.distance(shape) * 111_320 <= 600
    assert 50 < len(places.reasons) < 250


def test_a_place_far_from_its_stated_county_is_told(locator):
    placement = Placement(ASSETS, COLUMNS, locator)
    assert placement.disagreement(HUAYUAN, "433124110226") is None
    assert "km outside 凤凰县" in placement.disagreement(HUAYUAN, "433123000000").en
