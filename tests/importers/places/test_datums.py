"""Datums: what is known, what is proposed and what is refused."""

import pytest
import shapely
from pyproj import Transformer
from shapely import Point

from importers.places.advice import looks_like
from importers.places.datums import DATUM_NAMES, named_datum, read_datum
from importers.places.frames import Frame
from layers.errors import Rejected
from tests.importers.files import CHECK_ORDINATES, CHECK_PLACE


@pytest.mark.parametrize("name", sorted(DATUM_NAMES))
def test_every_named_datum_brings_the_check_place_home(name):
    datum = named_datum(name)
    there = Transformer.from_crs("EPSG:4490", datum.crs, always_xy=True)
    place = Point(*there.transform(CHECK_PLACE.x, CHECK_PLACE.y))
    [back] = datum.to_stored(shapely.points([[place.x, place.y]]))
    assert back.distance(CHECK_PLACE) < 1e-8
    assert datum.name == f"EPSG:{DATUM_NAMES[name]}"
    assert datum.frame in (Frame.CGCS2000, Frame.WGS84)


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


@pytest.mark.parametrize("text", ["gcj03", "EPSG:2361", "4610", "cgcs2000-3-99"])
def test_a_stated_datum_that_cannot_be_placed_is_refused(text):
    with pytest.raises(Rejected):
        named_datum(text)
