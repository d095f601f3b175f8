"""The raster answers what the polygons themselves answer, for every place."""

import numpy as np
import pytest
import shapely

from layers.divisions import HUNAN_BOUNDS
from layers.divisions.location import MANY, CountyLocator
from layers.divisions.raster import NOT_ALONE, BoundaryRaster

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def locator(django_db_setup, django_db_blocker) -> CountyLocator:
    with django_db_blocker.unblock():
        return CountyLocator()


@pytest.fixture(scope="module")
def drawn(locator) -> CountyLocator:
    locator.locate_ordinates(np.full((MANY, 2), np.nan))
    assert locator._raster is not None
    return locator


def same(drawn, lonlat) -> None:
    assert (drawn._indexes(lonlat) == drawn._by_geometry(lonlat)).all()


def test_a_hundred_thousand_places_are_in_the_same_county_with_and_without_the_raster(drawn):
    west, south, east, north = HUNAN_BOUNDS
    places = np.random.default_rng(4490).uniform((west, south), (east, north), (100_000, 2))
    same(drawn, places)
    assert (drawn._raster.look_up(places) == NOT_ALONE).mean() < 0.15


def test_places_on_and_beside_boundaries_are_in_the_same_county(drawn):
    corners = shapely.get_coordinates(drawn.polygons)
    middles = (corners[:-1] + corners[1:]) / 2
    away = np.random.default_rng(1).normal(0, 0.003, corners.shape)
    for places in (corners, middles, corners + 1e-12, corners + away):
        same(drawn, places)


def test_no_cell_with_any_piece_of_a_boundary_is_looked_up(drawn):
    boundaries = shapely.boundary(drawn.polygons[::6])
    dense = shapely.get_coordinates(shapely.segmentize(boundaries, 0.00003))
    assert len(dense) > 1_000_000
    assert (drawn._raster.look_up(dense) == NOT_ALONE).all()


def test_no_county_has_what_is_far_away_or_no_number(drawn):
    nowhere = np.array([[0, 0], [np.nan, 28], [112, np.inf], [-180, -90], [1e300, 28]])
    assert (drawn.locate_ordinates(nowhere) == "").all()
    assert drawn.locate([]).tolist() == []
    assert drawn.locate([shapely.Point()]).tolist() == [""]


def test_a_boundary_that_clips_the_corner_of_a_cell_leaves_the_cell_to_geometry():
    triangle = shapely.Polygon([(0, 0), (10, 0.3), (10, 9), (0.2, 10)])
    shapely.prepare(triangle)

    def locate(lonlat):
        return np.where(shapely.intersects_xy(triangle, *lonlat.T), 0, -1).astype(np.intp)

    raster = BoundaryRaster(np.array([triangle]), locate, cell=0.5)
    places = np.random.default_rng(2).uniform(-1, 11, (20_000, 2))
    found = raster.look_up(places)
    sure = found != NOT_ALONE
    assert (found[sure] == locate(places[sure])).all()
    assert sure.mean() > 0.5
