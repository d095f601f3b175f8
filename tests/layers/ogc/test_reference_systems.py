"""Reference systems: axis order and millimetres, read and asked."""

import pytest
from pyproj import CRS, Transformer

from layers.ogc.reference_systems import GAUSS_KRUGER, box_in, reference_systems
from tests.layers.ogc.conftest import EPSG

pytestmark = pytest.mark.django_db

# domain.md: (111.5°E, 27.5°N) = 37549406.431, 3043133.573 in EPSG:4525 (east, north).
SURVEYED = (111.5, 27.5)


@pytest.fixture
def everywhere(account, reading):
    return reading(account("viewer", "430000000000"))


@pytest.fixture
def work(make_feature):
    return make_feature("water-works", SURVEYED, division="430000000000")


def coordinates(reader, work, srid: int) -> list[float]:
    path = f"collections/water-works/items/{work.pk}"
    response = reader.ask(path, crs=f"{EPSG}{srid}")
    assert response["Content-Crs"] == f"<{EPSG}{srid}>"
    return response.json()["geometry"]["coordinates"]


def test_a_surveyed_point_comes_out_in_the_registrys_axis_order(everywhere, work) -> None:
    assert coordinates(everywhere, work, 4525) == pytest.approx(
        [3043133.573, 37549406.431], abs=1e-3
    )
    assert coordinates(everywhere, work, 4546) == pytest.approx([3043133.573, 549406.431], abs=1e-3)
    assert coordinates(everywhere, work, 4490) == [27.5, 111.5]
    assert coordinates(everywhere, work, 4326) == [27.5, 111.5]
    x, y = coordinates(everywhere, work, 3857)
    assert (x, y) == pytest.approx((12412123.2235, 3186080.2334), abs=0.001)
    plain = everywhere.ask(f"collections/water-works/items/{work.pk}")
    assert plain["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    assert plain.json()["geometry"]["coordinates"] == [111.5, 27.5]


@pytest.mark.parametrize("srid", GAUSS_KRUGER)
def test_every_offered_system_is_cgcs2000_over_hunan(everywhere, work, srid) -> None:
    crs = CRS.from_epsg(srid)
    assert "CGCS2000" in crs.name
    expected = Transformer.from_crs(4490, crs).transform(SURVEYED[1], SURVEYED[0])
    assert coordinates(everywhere, work, srid) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("uri", list(reference_systems()))
def test_a_small_box_in_any_system_finds_its_feature_and_its_neighbour_does_not(
    everywhere, work, uri
) -> None:
    path = f"collections/water-works/items/{work.pk}"
    first, second = everywhere.read(path, crs=uri)["geometry"]["coordinates"]
    size = 1e-7 if reference_systems()[uri].degrees else 0.01
    box = (first - size, second - size, first + size, second + size)
    beside = (first + size, second - size, first + 3 * size, second + size)
    for asked, found in ((box, [work.pk]), (beside, [])):
        text = ",".join(f"{each:.9f}" for each in asked)
        page = everywhere.items("water-works", bbox=text, bbox_crs=uri)
        assert [each["id"] for each in page["features"]] == found
        assert page["numberMatched"] == len(found)


def test_the_box_around_a_curved_box_holds_its_bulge() -> None:
    """A Gauss-Krüger northing bulges polewards away from the central meridian."""
    south, north = 3_043_000, 3_044_000
    west, east = 37_400_000, 37_600_000
    found = box_in(4490, 4525, (west, south, east, north))
    to_degrees = Transformer.from_crs(4525, 4490, always_xy=True)
    corners = [to_degrees.transform(x, y) for x in (west, east) for y in (south, north)]
    middle = to_degrees.transform(37_500_000, north)
    assert found[3] >= middle[1] > max(lat for _lon, lat in corners)


@pytest.mark.parametrize("name", ["crs", "bbox-crs", "filter-crs"])
@pytest.mark.parametrize("value", ["", "4490", f"{EPSG}99999", f"{EPSG}2180", "http://x/'; --"])
def test_an_unknown_system_is_refused(everywhere, name, value) -> None:
    body = everywhere.refused("collections/water-works/items", **{name: value})
    assert body["parameter"] == name


def test_a_system_may_be_named_in_short(everywhere, work) -> None:
    found = everywhere.items("water-works", crs="[EPSG:4490]")["features"][0]
    assert found["geometry"]["coordinates"] == [27.5, 111.5]
