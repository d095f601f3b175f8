"""Band maths: what it computes, and that nothing but it can be asked for."""

from urllib.parse import urlencode

import numpy as np
import pytest
import rasterio
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import BadRequest
from layers.models.raster import Raster, RasterKind
from tests.importers.rasters import files
from tests.tiles.rasters.conftest import INSIDE, address, block, pixels, tile_over
from tiles.rasters.asking import Asked
from tiles.rasters.expression import MOST_CHARACTERS, read_expression

BANDS = {1: np.array([[1.0, 4.0]]), 2: np.array([[2.0, -3.0]]), 3: np.array([[0.0, 9.0]])}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("b1", [1, 4]),
        ("b1+b2*b3", [1, -23]),
        ("(b1+b2)*b3", [0, 9]),
        ("b1-b2-b3", [-1, -2]),
        ("b3/b1/b2", [0, -0.75]),
        ("-b1 - -b2", [1, -7]),
        ("2*-b2", [-4, 6]),
        ("(b1-b2)/(b1+b2)", [-1 / 3, 7]),
        ("sqrt(b3)+abs(b2)", [2, 6]),
        ("min(b1,b2)+max(b1, b3)", [2, 6]),
        ("1.5e1*b1", [15, 60]),
        ("log(b1)", [0, np.log(4)]),
        ("b1/b3", [np.inf, 4 / 9]),
    ],
)
def test_it_computes(text, expected):
    assert read_expression(text, 3).values(BANDS).ravel() == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1+1",
        "b0",
        "b01",
        "b4",
        "b999",
        "B1",
        "b1**9**9**9",
        "b1^2",
        "b1//b2",
        "b1.__class__",
        "b1.shape",
        "__import__('os')",
        "exec(b1)",
        "where(b1>1,b1,b2)",
        "b1;b2",
        "b1 b2",
        "b1b2",
        "b1+",
        "+b1",
        "(b1",
        "b1)",
        "()",
        "min(b1)",
        "min(b1,b2,b3)",
        "abs",
        "abs()",
        "abs(b1",
        "1e999*b1",
        "0x10*b1",
        "1_000*b1",
        "b1[0]",
        "b1@b2",
        "b1==b1",
        "b1 if b1 else b2",
        "lambda:b1",
        "b１",
        "b1＋b2",
        "b1\x00",
        "b1\n+b2#",
        "(" * 30 + "b1" + ")" * 30,
        "-" * 40 + "b1",
        "abs(" * 20 + "b1" + ")" * 20,
        "b1+" * 80 + "b1",
    ],
)
def test_nothing_else_is_understood(text):
    with pytest.raises(BadRequest):
        read_expression(text, 3)


@given(st.text("b123 +-*/(),.e_absqrtminmax[]'\"\\^%;", max_size=MOST_CHARACTERS + 20))
def test_any_text_is_computed_or_refused(text):
    try:
        values = read_expression(text, 3).values(BANDS)
    except BadRequest:
        return
    assert values.dtype == np.float64


@pytest.fixture
def bands(shown):
    """Blue, green, red and near infrared, eight bits each."""
    row, column = np.mgrid[0:200, 0:200]
    values = np.stack([row / 4 + 20, column / 3 + 30, row / 2 + 5, column / 2 + 100])

    def name_bands(path):
        with rasterio.open(path, "r+") as dataset:
            dataset.descriptions = ("blue", "green", "red", "nir")

    return shown(values.astype("uint8"), "imagery", photometric="MINISBLACK", prepare=name_bands)


def expected_ndvi(values, low, high):
    red, nir = values[2].astype(float), values[3].astype(float)
    with np.errstate(invalid="ignore"):
        share = ((nir - red) / (nir + red) - low) / (high - low)
    return np.round(share.clip(0, 1) * 255)


def test_an_expression_is_drawn_between_its_ends(bands, chief_client):
    tile = tile_over(*INSIDE, bands.max_zoom)
    values, mask = block(bands, tile)
    query = "?expression=(b4-b3)/(b4%2Bb3)&rescale=-1,1"
    found = pixels(chief_client.get(address(bands, tile, "png", query)), "LA")
    visible = mask > 0
    assert np.array_equal(found[..., 0][visible], expected_ndvi(values, -1, 1)[visible])
    assert np.array_equal(found[..., 1], mask)
    assert np.ptp(found[..., 0][visible]) > 30


def test_three_expressions_are_red_green_and_blue(bands, chief_client):
    tile = tile_over(*INSIDE, bands.max_zoom)
    values, mask = block(bands, tile)
    found = pixels(chief_client.get(address(bands, tile, "png", "?expression=b4;b3;b2")))
    visible = mask > 0
    assert np.array_equal(found[..., :3][visible], np.moveaxis(values[[3, 2, 1]], 0, -1)[visible])
    infrared = pixels(chief_client.get(address(bands, tile, "png", "?preset=infrared")))
    assert np.array_equal(infrared, found)


def test_a_preset_knows_the_bands_by_their_names(bands, chief_client):
    from tiles.rasters.colours import ramp

    tile = tile_over(*INSIDE, bands.max_zoom)
    values, mask = block(bands, tile)
    found = pixels(chief_client.get(address(bands, tile, "png", "?preset=ndvi")))
    visible = mask > 0
    levels = expected_ndvi(values, -0.2, 0.9)[visible].astype(int)
    assert np.array_equal(found[..., :3][visible], ramp("rdylgn")[levels])


def test_a_preset_whose_bands_are_not_named_is_refused(shown, chief_client):
    raster = shown(files.picture(), "imagery")
    tile = tile_over(*INSIDE, raster.max_zoom)
    answer = chief_client.get(address(raster, tile, "png", "?preset=ndvi"))
    assert answer.status_code == 400
    assert "nir" in answer.json()["message"]


def test_what_cannot_be_computed_is_transparent(bands, chief_client):
    tile = tile_over(*INSIDE, bands.max_zoom)
    values, mask = block(bands, tile)
    query = "?expression=b1/(b2-b2)&rescale=0,1"
    assert chief_client.get(address(bands, tile, "png", query)).status_code == 204
    query = "?expression=log(b1-30)&rescale=0,5"
    found = pixels(chief_client.get(address(bands, tile, "png", query)))
    assert np.array_equal(found[..., 3] > 0, (mask > 0) & (values[0] > 30))


NUMBERS = st.from_regex(r"[+-]?[0-9]{1,12}(\.[0-9]{1,9})?(e[+-]?[0-9]{1,2})?", fullmatch=True)


@given(NUMBERS, NUMBERS)
def test_what_is_asked_survives_being_written_down(low, high):
    """The tag of a tile, its place in the cache and TileJSON's addresses are made of it."""
    raster = Raster(kind=RasterKind.ELEVATION, bands=1)
    try:
        asked = Asked.of(QueryDict(urlencode({"rescale": f"{low},{high}"})), raster)
    except BadRequest:
        assert not float(low) < float(high)
        return
    assert asked.rescale == (float(low), float(high))
    assert Asked.of(QueryDict(urlencode(asked.query)), raster) == asked


def test_ranges_that_differ_in_the_seventh_digit_are_other_tiles():
    raster = Raster(kind=RasterKind.ELEVATION, bands=1)
    texts = ("1234567,1234568", "1234567.1,1234568")
    asked = [Asked.of(QueryDict(f"rescale={text}"), raster) for text in texts]
    assert asked[0].query != asked[1].query


WRONG = [
    "expression=b5",
    "expression=b1.real",
    "expression=b1/b2",
    "expression=b1;b2",
    "expression=b1;b2;b3;b4",
    "expression=b1;b2;",
    "expression=b1&expression=b2",
    "expression=b1&preset=ndvi",
    "preset=evil",
    "rescale=1",
    "rescale=2,1",
    "rescale=1,1",
    "rescale=nan,1",
    "rescale=0,inf",
    "rescale=0,1e999",
    "rescale=0,1,2",
    "colormap=jet",
    "colormap=../../etc/passwd",
    "colormap=grey",
    "colormap=grey&preset=infrared",
    "colormap=grey&expression=b1;b2;b3",
    "render=hillshade",
    "bands=1",
    "url=file:///etc/passwd",
]


def test_a_wrong_parameter_is_a_clear_400(bands, chief_client):
    tile = tile_over(*INSIDE, bands.max_zoom)
    for query in WRONG:
        answer = chief_client.get(address(bands, tile, "png", f"?{query}"))
        assert (answer.status_code, query) == (400, query)
        assert answer.json()["code"] == "bad-request"
        assert answer.json()["remedy"]
