"""Datums: what is known, what is proposed and what is refused; there and back without loss."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely import Point

from importers.interpretation import Helmert
from importers.places.advice import looks_like
from importers.places.datum_names import DATUM_NAMES, LOCAL_DATUM_NAMES
from importers.places.datums import named_datum, read_datum
from importers.places.frames import Frame
from importers.places.labels import label
from layers.errors import Rejected
from tests.importers.files import CHECK_ORDINATES, CHECK_PLACE

METRE = 1 / 111_320
PARAMETERS = Helmert(15.8, -154.4, -82.3, 1.2, -2.3, 4.1, 3.2)
PLACES = st.tuples(st.floats(108.7, 114.4), st.floats(24.5, 30.3))
EVERY_DATUM = [*DATUM_NAMES, *LOCAL_DATUM_NAMES, "gcj02", "bd09"]


def datum_named(name, **how):
    return named_datum(name, PARAMETERS if name in LOCAL_DATUM_NAMES else None, **how)


@pytest.mark.parametrize("name", EVERY_DATUM)
@settings(max_examples=8, deadline=None)
@given(places=st.lists(PLACES, min_size=1, max_size=40))
def test_every_datum_brings_every_place_of_hunan_there_and_back(name, places):
    datum, degrees = datum_named(name), np.array(places)
    assert np.abs(datum.to_degrees(datum.from_degrees(degrees)) - degrees).max() < METRE / 10_000
    line = shapely.linestrings([*places, (111.5, 27.5)])
    [back] = datum.to_stored(datum.from_stored(np.array([line])))
    assert shapely.hausdorff_distance(back, line) < METRE / 10_000


@pytest.mark.parametrize("name", sorted(DATUM_NAMES))
def test_every_named_datum_brings_the_check_place_home(name):
    datum = named_datum(name)
    there = Transformer.from_crs("EPSG:4490", datum.crs, always_xy=True)
    place = Point(*there.transform(CHECK_PLACE.x, CHECK_PLACE.y))
    [back] = datum.to_stored(shapely.points([[place.x, place.y]]))
    assert back.distance(CHECK_PLACE) < 1e-8
    assert datum.name == f"EPSG:{DATUM_NAMES[name]}"
    assert datum.frame in (Frame.CGCS2000, Frame.WGS84)


def test_the_check_place_has_the_ordinates_of_the_domain():
    for code, east in ((4525, CHECK_ORDINATES.x), (4546, CHECK_ORDINATES.x - 37_000_000)):
        [[x, y]] = named_datum(str(code)).from_degrees(np.array([[111.5, 27.5]]))
        assert (x, y) == pytest.approx((east, CHECK_ORDINATES.y), abs=0.001)


@pytest.mark.parametrize(
    ("name", "code", "epsg_name"),
    [
        ("xian80-3-37", 2361, "Xian 1980 / 3-degree Gauss-Kruger zone 37"),
        ("xian80-3-cm114", 2383, "Xian 1980 / 3-degree Gauss-Kruger CM 114E"),
        ("xian80-6-19", 2333, "Xian 1980 / Gauss-Kruger zone 19"),
        ("xian80-6-cm117", 2345, "Xian 1980 / Gauss-Kruger CM 117E"),
        ("beijing54-3-36", 2412, "Beijing 1954 / 3-degree Gauss-Kruger zone 36"),
        ("beijing54-3-cm108", 2433, "Beijing 1954 / 3-degree Gauss-Kruger CM 108E"),
        ("beijing54-6-20", 21420, "Beijing 1954 / Gauss-Kruger zone 20"),
        ("beijing54-6-cm111", 21459, "Beijing 1954 / Gauss-Kruger CM 111E"),
        ("cgcs2000-6-cm117", 4509, "CGCS2000 / Gauss-Kruger CM 117E"),
    ],
)
def test_names_of_zones_are_the_codes_of_those_zones(name, code, epsg_name):
    datum = named_datum(name, accuracy_m=1)
    assert (datum.code, datum.crs.name) == (f"EPSG:{code}", epsg_name)
    assert str(label(datum.code)) != datum.code


@pytest.mark.parametrize(("code", "ellipsoid"), [(4214, "krass"), (4610, "+a=6378140 +rf=298.257")])
def test_seven_parameters_are_applied_as_proj_does(code, ellipsoid):
    ellipsoid = ellipsoid if ellipsoid.startswith("+") else f"+ellps={ellipsoid}"
    p = PARAMETERS
    proj = Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad"
        f" +step +proj=cart {ellipsoid}"
        f" +step +proj=helmert +x={p.dx} +y={p.dy} +z={p.dz} +rx={p.rx} +ry={p.ry} +rz={p.rz}"
        f" +s={p.scale} +convention=position_vector"
        " +step +inv +proj=cart +a=6378137 +rf=298.257222101"
        " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
    places = np.random.default_rng(5).uniform((108.7, 24.5), (114.4, 30.3), (500, 2))
    expected = np.column_stack(proj.transform(*places.T, np.zeros(500)))[:, :2]
    found = named_datum(str(code), PARAMETERS).to_degrees(places)
    assert np.abs(found - expected).max() < METRE / 10_000
    assert np.abs(found - places).max() > 50 * METRE


def test_what_is_kept_tells_how_a_place_was_shifted():
    assert named_datum("2361", PARAMETERS).name == "EPSG:2361 (7 parameters)"
    accepted = named_datum("EPSG:2361", accuracy_m=100)
    assert (accepted.name, accepted.accuracy_m) == ("EPSG:2361 (±100 m)", 100)
    assert named_datum("4525", PARAMETERS, 100).name == "EPSG:4525"
    assert [named_datum(text).name for text in ("GCJ-02", "bd09")] == ["gcj02", "bd09"]
    own = named_datum("4546").crs.to_wkt("WKT1_ESRI").replace("111.0", "109.5")
    assert len(read_datum(own, PARAMETERS).name) <= 40
    assert named_datum(read_datum(own).reference).crs == read_datum(own).crs


@pytest.mark.parametrize(
    "parameters",
    [Helmert(15_800, -154_000, 0), Helmert(1, 1, 1, rx=3600), Helmert(1, 1, 1, rz=1e9)],
)
def test_parameters_in_other_units_are_refused(parameters):
    with pytest.raises(Rejected) as refusal:
        named_datum("2361", parameters)
    assert "km" in refusal.value.message or "千米" in refusal.value.message


@pytest.mark.parametrize("accuracy_m", [0, -5, 1e6, float("nan")])
def test_an_accepted_error_is_a_distance(accuracy_m):
    with pytest.raises(Rejected):
        named_datum("2361", accuracy_m=accuracy_m)


@pytest.mark.parametrize(
    ("ordinates", "epsg"),
    [
        (CHECK_ORDINATES, 4525),
        (Point(19_549_406, 3_043_133), 4497),
        (Point(549_406, 3_043_133), 0),
        (Point(111.5, 27.5), 4490),
        (Point(27.5, 111.5), 0),
        (Point(3_043_133, 37_549_406), 0),
        (Point(12_412_123, 3_188_000), 3857),
    ],
)
def test_magnitudes_propose_a_datum_and_leave_open_what_they_cannot_tell(ordinates, epsg):
    proposal = looks_like(shapely.points([[ordinates.x, ordinates.y]]))
    assert proposal is not None
    assert proposal.epsg == epsg


def test_magnitudes_of_nowhere_propose_nothing():
    assert looks_like(shapely.points([[1.0, 2.0]])) is None


@pytest.mark.parametrize("text", ["+init=/etc/passwd", "EPSG:4267", "", 'LOCAL_CS["x"]'])
def test_what_is_neither_cgcs2000_nor_wgs84_is_refused(text):
    with pytest.raises(Rejected):
        read_datum(text)


@pytest.mark.parametrize(
    "text", ["gcj03", "EPSG:2361", "4610", "cgcs2000-3-99", "+proj=longlat", "EPSG:４５２５"]
)
def test_a_stated_datum_that_cannot_be_placed_is_refused(text):
    with pytest.raises(Rejected):
        named_datum(text)
