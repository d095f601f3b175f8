"""Heights: as colours that read back, as slope and shade without seams."""

import math

import numpy as np
import pytest
from rasterio.transform import Affine

from tests.importers.rasters import files
from tests.tiles.rasters.conftest import INSIDE, WEB, address, block, pixels, tile_over
from tiles.coordinates import Tile
from tiles.rasters import terrain
from tiles.rasters.colours import SLOPE_CLASSES, slope_classes

FINER = Affine(files.STEP / 4, 0, files.WEST, 0, -files.STEP / 4, files.NORTH)


def hills(side: int = 800) -> np.ndarray:
    row, column = np.mgrid[0:side, 0:side]
    return (400 + 60 * np.sin(column / 17) + 45 * np.cos(row / 23)).astype("float32")


def heights(colours: np.ndarray) -> np.ndarray:
    """By the formula of Mapbox's specification."""
    red, green, blue = (colours[..., band].astype(float) for band in range(3))
    return -10000 + (red * 65536 + green * 256 + blue) * 0.1


@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_terrain_rgb_reads_back_as_the_heights(shown, chief_client, suffix):
    raster = shown(hills(), transform=FINER, nodata=-9999)
    for zoom in (raster.max_zoom, raster.max_zoom - 1):
        tile = tile_over(*INSIDE, zoom)
        values, mask = block(raster, tile)
        found = pixels(chief_client.get(address(raster, tile, suffix, "?render=terrain-rgb")))
        visible = mask > 0
        assert visible.sum() > 10_000
        assert np.array_equal(found[..., 3] > 0, visible)
        assert np.abs(heights(found) - values[0])[visible].max() <= 0.0501
        # Where nothing is known, who looks nevertheless finds the level of the sea.
        assert np.allclose(heights(found)[~visible], 0)


def test_the_scale_of_the_file_counts(shown, chief_client):
    """Decimetres as integers, with a scale of 0.1."""
    import rasterio

    def in_decimetres(path):
        with rasterio.open(path, "r+") as dataset:
            dataset.scales = (0.1,)

    raster = shown((hills() * 10).astype("int16"), transform=FINER, prepare=in_decimetres)
    tile = tile_over(*INSIDE, raster.max_zoom)
    values, mask = block(raster, tile)
    found = pixels(chief_client.get(address(raster, tile, "png", "?render=terrain-rgb")))
    visible = mask > 0
    assert np.abs(heights(found) - values[0] * 0.1)[visible].max() < 1e-6
    assert 290 < heights(found)[visible].min() < heights(found)[visible].max() < 510


def test_codes_of_the_specification():
    told = {-10000.0: (0, 0, 0), 0.0: (1, 134, 160), 1667721.5: (255, 255, 255), 9e9: (255,) * 3}
    for height, colour in told.items():
        assert tuple(terrain.terrain_rgb(np.array([[height]]))[0, 0, :3]) == colour


def plane(east: float, north: float, tile: Tile) -> np.ndarray:
    """Heights that rise so many metres a metre, on the ground at the tile's middle."""
    width, length = (sizes[128, 0] for sizes in terrain.ground_pixel(tile))
    row, column = np.mgrid[0:258, 0:258]
    return column * width * east - row * length * north


def by_the_book(metres: np.ndarray, tile: Tile) -> tuple[np.ndarray, np.ndarray]:
    """Degrees of slope, and shade from 0 to 255, by the angles of textbooks in float64."""
    a, b, c = metres[:-2, :-2], metres[:-2, 1:-1], metres[:-2, 2:]
    d, f = metres[1:-1, :-2], metres[1:-1, 2:]
    g, h, i = metres[2:, :-2], metres[2:, 1:-1], metres[2:, 2:]
    width, length = terrain.ground_pixel(tile)
    right = ((c + 2 * f + i) - (a + 2 * d + g)) / (8 * width)
    down = ((g + 2 * h + i) - (a + 2 * b + c)) / (8 * length)
    steep, aspect = np.arctan(np.hypot(right, down)), np.arctan2(down, -right)
    zenith, azimuth = np.radians(45), np.radians(360 - 315 + 90)
    light = np.cos(zenith) * np.cos(steep)
    light += np.sin(zenith) * np.sin(steep) * np.cos(azimuth - aspect)
    return np.degrees(steep), light.clip(0, 1) * 255


@pytest.mark.parametrize(("dtype", "unit_m"), [("float32", 1.0), ("int16", 0.1), ("int32", 0.001)])
def test_slope_and_shade_are_those_of_the_textbooks(dtype, unit_m):
    """On rough ground, high up, where float32 has steps of a quarter of a millimetre."""
    tile = tile_over(*INSIDE, 14)
    rough = np.random.default_rng(3).normal(0, 3, (258, 258)).cumsum(axis=0) / 2
    stored = ((rough + 2900) / unit_m).astype(dtype)
    degrees, light = by_the_book(stored.astype("float64") * unit_m, tile)
    by = terrain.gradient(stored, None, tile, unit_m=unit_m)
    assert np.abs(terrain.slope(by) - degrees).max() < 1e-4
    assert np.abs(terrain.hillshade(by) - light).max() <= 0.501
    limits = [limit for limit, _colour in SLOPE_CLASSES[:-1]]
    classes = np.digitize(degrees, limits, right=True)
    tied = np.min([np.abs(degrees - limit) for limit in limits], axis=0) < 1e-4
    found = slope_classes(terrain.steepness(by))
    assert np.array_equal(found[~tied], classes[~tied])
    assert len(np.unique(found)) == len(SLOPE_CLASSES)
    assert tied.mean() < 0.001


def test_beside_gaps_the_same_is_computed_as_elsewhere():
    tile = tile_over(*INSIDE, 14)
    surface = np.random.default_rng(4).normal(500, 9, (258, 258)).astype("float32")
    whole = terrain.gradient(surface, None, tile)
    valid = np.ones((258, 258), bool)
    surface[100, 100], valid[100, 100] = np.nan, False
    by = terrain.gradient(surface, valid, tile)
    same = np.ones((256, 256), bool)
    same[98:101, 98:101] = False
    assert np.allclose(by.east[same], whole.east[same], atol=1e-6)
    assert np.allclose(by.north[same], whole.north[same], atol=1e-6)
    assert np.isfinite(by.east).all()


def test_a_limit_belongs_to_the_class_below_it():
    exact = [terrain.steepness_of(limit) for limit, _colour in SLOPE_CLASSES]
    assert list(slope_classes(np.array(exact))) == [0, 1, 2, 3, 4]
    assert list(slope_classes(np.array(exact[:4]) * 1.0001)) == [1, 2, 3, 4]


def test_slope_is_in_degrees_on_the_ground():
    tile = tile_over(*INSIDE, 14)
    for degrees in (0.0, 10.0, 45.0, 80.0):
        rise = math.tan(math.radians(degrees))
        by = terrain.gradient(plane(rise * 0.6, rise * 0.8, tile), None, tile)
        assert terrain.slope(by)[128, 128] == pytest.approx(degrees, abs=1e-9)


def test_the_size_of_a_pixel_is_that_of_the_ellipsoid():
    """Against pyproj's geodesics, at the middle of the tile."""
    from pyproj import Geod

    tile = tile_over(*INSIDE, 14)
    box = WEB.bounds(tile.x, tile.y, tile.z)
    middle = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    width, length = (sizes[127:129, 0].mean() for sizes in terrain.ground_pixel(tile))
    geod = Geod(ellps="GRS80")
    across = geod.inv(box.left, middle[1], box.right, middle[1])[2] / 256
    along = geod.inv(middle[0], box.bottom, middle[0], box.top)[2] / 256
    assert width == pytest.approx(across, rel=1e-5)
    assert length == pytest.approx(along, rel=1e-5)


def test_shade_is_the_cosine_to_the_sun():
    tile = tile_over(*INSIDE, 14)
    flat = terrain.hillshade(terrain.gradient(plane(0, 0, tile), None, tile))
    assert (flat == round(math.sin(math.radians(45)) * 255)).all()
    # A slope of 45° that falls to the north-west faces the sun; one that falls away is dark.
    half = math.sqrt(0.5)
    facing = terrain.gradient(plane(half, -half, tile), None, tile)
    assert terrain.hillshade(facing)[128, 128] == 255
    away = terrain.gradient(plane(-half, half, tile), None, tile)
    assert terrain.hillshade(away)[128, 128] == 0


def test_a_missing_neighbour_is_as_high_as_the_pixel():
    tile = tile_over(*INSIDE, 14)
    surface = np.full((258, 258), 500.0)
    valid = np.ones((258, 258), bool)
    surface[:, 200:], valid[:, 200:] = -9999, False
    assert np.allclose(terrain.slope(terrain.gradient(surface, valid, tile))[:, :199], 0)


def test_neighbouring_tiles_have_no_seam(shown, chief_client):
    """What differs across a border differs no more than from pixel to pixel within a tile."""
    raster = shown(hills(), transform=FINER)
    for beyond in (0, -1, 2):
        left = tile_over(*INSIDE, raster.max_zoom + beyond)
        right, below = left._replace(x=left.x + 1), left._replace(y=left.y + 1)
        for render in ("hillshade", "slope&rescale=0,90"):
            shades = [
                pixels(chief_client.get(address(raster, tile, "png", f"?render={render}")), "L")
                for tile in (left, right, below)
            ]
            first, beside, under = (each.astype(int) for each in shades)
            inner = np.abs(np.diff(first[:, 200:], axis=1)).max()
            assert np.abs(first[:, -1] - beside[:, 0]).max() <= inner + 1
            inner = np.abs(np.diff(first[200:, :], axis=0)).max()
            assert np.abs(first[-1] - under[0]).max() <= inner + 1


def test_a_border_is_computed_from_the_neighbours_pixels(shown, chief_client):
    raster = shown(hills(), transform=FINER)
    left = tile_over(*INSIDE, raster.max_zoom)
    right = Tile(left.z, left.x + 1, left.y)
    both = np.concatenate([block(raster, left)[0][0], block(raster, right)[0][0]], axis=1)
    width, length = terrain.ground_pixel(left)
    a, b = both[1:-1, 254:257].astype(float), both[:, 254:257].astype(float)
    up, down = b[:-2], b[2:]
    east = (up[:, 2] + 2 * a[:, 2] + down[:, 2]) - (up[:, 0] + 2 * a[:, 0] + down[:, 0])
    north = (up[:, 0] + 2 * up[:, 1] + up[:, 2]) - (down[:, 0] + 2 * down[:, 1] + down[:, 2])
    rise = np.hypot(east / (8 * width[1:-1, 0]), north / (8 * length[1:-1, 0]))
    degrees = np.degrees(np.arctan(rise))
    found = pixels(
        chief_client.get(address(raster, left, "png", "?render=slope&rescale=0,90")), "L"
    )
    assert np.abs(found[1:-1, 255] - degrees / 90 * 255).max() <= 0.5001


def test_slope_is_drawn_in_the_classes_of_the_land_survey(shown, chief_client):
    raster = shown(hills(), transform=FINER)
    tile = tile_over(*INSIDE, raster.max_zoom)
    grey = pixels(chief_client.get(address(raster, tile, "png", "?render=slope&rescale=0,90")), "L")
    classes = pixels(chief_client.get(address(raster, tile, "png", "?render=slope")))
    degrees = grey / 255 * 90
    lower = 0.0
    for upper, colour in SLOPE_CLASSES:
        inside = (degrees > lower + 0.2) & (degrees < upper - 0.2)
        assert (classes[inside][:, :3] == colour).all()
        lower = upper
    assert len(np.unique(classes.reshape(-1, 4), axis=0)) >= 4


def test_heights_are_tinted_from_the_lowest_to_the_highest(shown, chief_client):
    raster = shown(hills(), transform=FINER)
    tile = tile_over(*INSIDE, raster.max_zoom)
    values, _mask = block(raster, tile)
    found = pixels(chief_client.get(address(raster, tile)))
    low, high = (values[0] < 310), (values[0] > 490)
    assert (found[low][:, 1] > found[low][:, 0]).all()  # green
    assert (found[high][:, 0] >= found[high][:, 1]).all()  # brown to white


def test_terrain_is_for_elevation_only_and_terrain_rgb_is_no_jpeg(shown, chief_client):
    picture = shown(files.picture(), "imagery", name="picture")
    tile = tile_over(*INSIDE, picture.max_zoom)
    for render in ("hillshade", "slope", "terrain-rgb"):
        answer = chief_client.get(address(picture, tile, "png", f"?render={render}"))
        assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")
        assert "elevation" in answer.json()["message"]
    dem = shown(hills(), transform=FINER)
    tile = tile_over(*INSIDE, dem.max_zoom)
    answer = chief_client.get(address(dem, tile, "jpg", "?render=terrain-rgb"))
    assert answer.status_code == 400
    assert "PNG" in answer.json()["remedy"].upper()
    assert chief_client.get(address(dem, tile, "jpg", "?render=hillshade")).status_code == 200
