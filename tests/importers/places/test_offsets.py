"""GCJ-02 and BD-09 against the values of the domain, and back again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from importers.places import offsets

GEOD = Geod(ellps="GRS80")
PLACE = np.array([[111.5, 27.5]])


def metres(start, end):
    """East and north, along the ellipsoid."""
    (lon, lat), (to_lon, to_lat) = start[0], end[0]
    east = GEOD.inv(lon, lat, to_lon, lat)[2]
    north = GEOD.inv(lon, lat, lon, to_lat)[2]
    return np.copysign(east, to_lon - lon), np.copysign(north, to_lat - lat)


@pytest.mark.parametrize(
    ("offset", "east", "north"),
    [(offsets.gcj02_from_wgs84, 542, -366), (offsets.bd09_from_wgs84, 1184, 309)],
)
def test_the_offset_at_the_check_place_is_the_domains(offset, east, north):
    assert metres(PLACE, offset(PLACE)) == pytest.approx((east, north), abs=1.5)


@pytest.mark.parametrize(
    ("there", "back"),
    [
        (offsets.gcj02_from_wgs84, offsets.wgs84_from_gcj02),
        (offsets.bd09_from_wgs84, offsets.wgs84_from_bd09),
    ],
)
@given(lon=st.floats(106, 116), lat=st.floats(23, 32))
def test_every_offset_is_taken_off_again(there, back, lon, lat):
    place = np.array([[lon, lat]])
    assert np.abs(back(there(place)) - place).max() < 1e-10


def test_what_is_no_place_does_not_settle_and_does_not_disturb_the_others():
    given_places = np.array([[np.nan, 27.5], [111.5, np.inf], [1e9, 1e9], [111.5, 27.5]])
    found = offsets.wgs84_from_gcj02(given_places)
    assert np.isnan(found[:2]).all(axis=1).all()
    assert found[3] == pytest.approx(offsets.wgs84_from_gcj02(PLACE)[0], abs=1e-12)
    assert offsets.wgs84_from_bd09(np.empty((0, 2))).shape == (0, 2)
