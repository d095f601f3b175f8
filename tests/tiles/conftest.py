"""What tests of the overview ask it."""

import math
from collections.abc import Callable

import pytest

from layers.registry import LAYERS, Layer
from tiles.coordinates import Tile
from tiles.overview.checking import Difference, differences


def tile_over(lon: float, lat: float, z: int) -> Tile:
    """The tile over a place, by the formula of the XYZ scheme (not by our Morton codes)."""
    side = 1 << z
    x = int((lon + 180) / 360 * side)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side)
    return Tile(z, x, y)


@pytest.fixture
def wrong_cells() -> Callable[..., list[Difference]]:
    """Every cell of the layers (all) that is not what a recount says."""

    def find(*layers: Layer) -> list[Difference]:
        return [
            difference
            for layer in layers or LAYERS.values()
            for difference in differences(layer=layer.name, table=layer.table)
        ]

    return find
