"""Rasters as the importer makes them, and their tiles as clients get them."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import morecantile
import numpy as np
import pytest
import rasterio
from django.test import Client
from numpy.typing import NDArray
from PIL import Image
from rasterio.windows import Window

from layers.models import User
from layers.models.raster import Raster
from tests.importers.rasters import files
from tests.importers.rasters.conftest import imported, media, unboxed
from tiles.coordinates import Tile
from tiles.rasters.cache import CACHE
from tiles.rasters.datasets import POOL

__all__ = ["imported", "media", "unboxed"]

WEB = morecantile.tms.get("WebMercatorQuad")
INSIDE = (109.4600, 28.5900)
"""In the middle of the rasters of tests.importers.rasters.files."""


@pytest.fixture(autouse=True)
def emptied() -> Iterator[None]:
    CACHE.clear()
    yield
    POOL.close()


@pytest.fixture
def chief(db: None) -> User:
    return User.objects.create_superuser("chief", password="pass-1234")


@pytest.fixture
def shown(
    imported: Any, unboxed: None, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> Callable[..., Raster]:
    """`shown(values, "imagery", nodata=0, name="trial", public=True)` as a raster on the map."""

    def make(values: NDArray[Any], kind: str = "elevation", **options: Any) -> Raster:
        told = ("name", "public", "map_number", "division", "replace", "lossless")
        given = {name: options.pop(name) for name in told if name in options}
        prepare = options.pop("prepare", lambda _path: None)
        path = files.raster(tmp_path / "source.tif", values, **options)
        prepare(path)
        with django_capture_on_commit_callbacks(execute=True):
            raster: Raster = imported(path, kind, **given).raster
        path.unlink()
        return raster

    return make


@pytest.fixture
def chief_client(chief: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(chief)
    return client


def tile_over(lon: float, lat: float, zoom: int) -> Tile:
    found = WEB.tile(lon, lat, zoom)
    return Tile(found.z, found.x, found.y)


def address(raster: Raster, tile: Tile, suffix: str = "png", query: str = "") -> str:
    return f"/rasters/{raster.name}/{tile.z}/{tile.x}/{tile.y}.{suffix}{query}"


def pixels(response: Any, mode: str = "RGBA") -> NDArray[np.uint8]:
    assert response.status_code == 200, response.content
    return np.asarray(Image.open(io.BytesIO(response.content)).convert(mode))


def block(raster: Raster, tile: Tile) -> tuple[NDArray[Any], NDArray[np.uint8]]:
    """The values and the mask of a tile at the raster's own zooms, found by its place on the
    ground and read from an overview opened as such: none of the code that is tested."""
    level = raster.max_zoom - tile.z
    options = {"OVERVIEW_LEVEL": level - 1} if level else {}
    with rasterio.open(raster.path, **options) as dataset:
        corner = WEB.xy_bounds(morecantile.Tile(tile.x, tile.y, tile.z))
        column, row = ~dataset.transform @ (corner.left, corner.top)
        window = Window(round(column), round(row), 256, 256)
        return dataset.read(window=window), dataset.read_masks(1, window=window)
