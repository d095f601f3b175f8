"""Colours for values: ramps by name, classes of slope, and classes that bring none of their own."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.rasters import terrain

Table = NDArray[np.uint8]
"""Shape (n, 3): red, green, blue of n values."""

STEPS = 256
OPAQUE = 255
RELIEF = "relief"
COLORMAPS: Mapping[str, str] = {
    RELIEF: "",
    "grey": "gray",
    "viridis": "viridis",
    "magma": "magma",
    "blues": "blues",
    "ylgn": "ylgn",
    "rdylgn": "rdylgn",
    "spectral": "spectral_r",
}
"""Our names, and rio-tiler's (matplotlib's) for them."""

_RELIEF_ANCHORS = (
    (0.00, (86, 140, 92)),
    (0.25, (168, 190, 116)),
    (0.50, (232, 214, 150)),
    (0.75, (184, 136, 88)),
    (0.92, (138, 98, 78)),
    (1.00, (245, 243, 238)),
)
"""Green lowlands, brown mountains: the layer tints of Chinese topographic maps."""

SLOPE_CLASSES: tuple[tuple[float, tuple[int, int, int]], ...] = (
    (2, (56, 148, 92)),
    (6, (166, 206, 112)),
    (15, (250, 224, 130)),
    (25, (240, 148, 72)),
    (90, (190, 44, 50)),
)
"""Upper limits in degrees, inclusive: the five classes of the national land survey (TD/T
1055-2019), whose last may not be cleared for crops (Water and Soil Conservation Law, art. 20)."""

CLASS_COLOURS: Table = np.array(
    [
        (78, 121, 167), (242, 142, 43), (89, 161, 79), (225, 87, 89), (118, 183, 178),
        (237, 201, 72), (176, 122, 161), (156, 117, 95), (255, 157, 167), (134, 188, 182),
        (140, 140, 140), (211, 114, 149),
    ],
    dtype=np.uint8,
)  # fmt: skip
"""For classes whose file has no colour table, by value, over and over."""
BYTE_COLOURS: Table = np.resize(CLASS_COLOURS, (STEPS, 3))
"""The same, of every value that a byte has."""


SLOPE_COLOURS: Table = np.array([colour for _limit, colour in SLOPE_CLASSES], np.uint8)
SLOPE_STEPS = tuple(terrain.steepness_of(limit) for limit, _colour in SLOPE_CLASSES[:-1])


@cache
def ramp(name: str) -> Table:
    """256 colours of a name of COLORMAPS."""
    if name == RELIEF:
        places, colours = zip(*_RELIEF_ANCHORS, strict=True)
        along = np.linspace(0, 1, STEPS)
        bands = [np.interp(along, places, channel) for channel in zip(*colours, strict=True)]
        return np.round(np.stack(bands, axis=-1)).astype("uint8")
    # Here for the same reason as in tiles/rasters/reading.py.
    from rio_tiler.colormap import cmap

    table = cmap.get(COLORMAPS[name])
    return np.array([table[step][:3] for step in range(STEPS)], dtype=np.uint8)


def slope_classes(steepness: terrain.Heights) -> NDArray[np.uint8]:
    """The place in SLOPE_CLASSES of each, without computing the angle."""
    found = np.zeros(steepness.shape, np.uint8)
    for step in SLOPE_STEPS:
        found += steepness > step
    return found


def painted(table: Table, index: NDArray[Any]) -> NDArray[np.uint8]:
    """The table's colours at the indices, shape (rows, columns, 4) with a fourth of 255.

    Four bytes at once, as one number each: a tenth of the time of taking three.
    """
    whole = np.full((len(table), 4), OPAQUE, np.uint8)
    whole[:, : table.shape[1]] = table
    found = np.take(whole.view(np.uint32)[:, 0], index, mode="clip")
    return found.view(np.uint8).reshape(*index.shape, 4)


def web_colour(colour: tuple[int, int, int]) -> str:
    """
    >>> web_colour((250, 224, 0))
    '#fae000'
    """
    return "#" + bytes(colour).hex()
