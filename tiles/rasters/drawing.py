"""From a tile's values to a picture: which bands, stretched how, in which colours."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp

from layers.models.raster import Raster, RasterKind
from tiles.coordinates import Tile
from tiles.rasters import colours, terrain
from tiles.rasters.asking import Asked, Render, own_channels
from tiles.rasters.colours import Table
from tiles.rasters.expression import Expression, band
from tiles.rasters.presets import band_places, resolved
from tiles.rasters.reading import Mask, Pixels, read

Range = tuple[float, float]
RGB = ("red", "green", "blue")


@dataclass(frozen=True, slots=True)
class Picture:
    """`colours` of shape (256, 256) for grey, (256, 256, 3), or (256, 256, 4) whose last means
    nothing; None in `visible` is everywhere. With a `palette`, `colours` are places in it."""

    colours: NDArray[Any]
    visible: Mask | None
    palette: Table | None = None

    @property
    def empty(self) -> bool:
        return self.visible is not None and not self.visible.any()


def draw(dataset: Any, raster: Raster, tile: Tile, asked: Asked) -> Picture:
    """Raises BadRequest for a preset whose bands are not known."""
    if asked.render:
        return _terrain(dataset, raster, tile, asked)
    if asked.preset:
        preset, channels = resolved(asked.preset, dataset)
        asked = Asked(
            channels=channels,
            rescale=asked.rescale or preset.rescale,
            colormap=asked.colormap or preset.colormap,
        )
    channels = asked.channels or _own_bands(dataset, raster)
    if len(channels) == 1 and raster.kind == RasterKind.THEMATIC and not asked.query:
        return _classes(dataset, read(dataset, raster, tile, channels[0].bands))
    return _coloured(dataset, raster, tile, asked, channels)


def _own_bands(dataset: Any, raster: Raster) -> tuple[Expression, ...]:
    """Red, green and blue of a picture of three bands or more; else the first."""
    if own_channels(raster) == 1:
        return (band(1),)
    places = band_places(dataset)
    if all(each in places for each in RGB):
        return tuple(band(places[each]) for each in RGB)
    return tuple(band(number) for number in (1, 2, 3))


# --- Values as colours --------------------------------------------------------------------------


def _coloured(
    dataset: Any, raster: Raster, tile: Tile, asked: Asked, channels: tuple[Expression, ...]
) -> Picture:
    numbers = sorted({number for each in channels for number in each.bands})
    pixels = read(dataset, raster, tile, numbers)
    if _as_it_is(dataset, raster, asked, channels):
        order = [numbers.index(each.bands[0]) for each in channels]
        return Picture(_stacked([pixels.values[each] for each in order]), pixels.anywhere)
    values = scaled(dataset, numbers, pixels)
    visible = pixels.anywhere if all(each.single_band for each in channels) else pixels.everywhere
    levels = []
    for each in channels:
        found = each.values(values)
        levels.append(_levels(found, asked.rescale or _stretch(dataset, raster, each)))
        if each.single_band is None:
            finite = np.isfinite(found)
            visible = finite if visible is None else visible & finite
    name = asked.colormap or (colours.RELIEF if raster.kind == RasterKind.ELEVATION else "")
    if len(channels) == 1 and not name and raster.kind == RasterKind.THEMATIC:
        name = "viridis"
    ramp = colours.ramp(name) if name and len(channels) == 1 else None
    return Picture(_stacked(levels), visible, ramp)


def _as_it_is(dataset: Any, raster: Raster, asked: Asked, channels: tuple[Expression, ...]) -> bool:
    """Bytes of pictures are colours already."""
    return (
        raster.kind == RasterKind.IMAGERY
        and raster.dtype == "uint8"
        and not (asked.rescale or asked.colormap)
        and all(each.single_band for each in channels)
        and _unscaled(dataset)
    )


def _stacked(levels: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    if len(levels) == 1:
        return levels[0]
    bands: NDArray[np.uint8] = np.stack(levels, axis=-1)
    return bands


def _levels(values: NDArray[Any], between: Range) -> NDArray[np.uint8]:
    """0 for the lower end and below, 255 for the upper end and above; anything for what is no
    number, which is not visible."""
    low, high = between
    level = (values - low) / (high - low)
    np.clip(level, 0, 1, out=level)
    level *= 255
    with np.errstate(invalid="ignore"):
        found: NDArray[np.uint8] = np.rint(level, out=level).astype("uint8")
    return found


def _stretch(dataset: Any, raster: Raster, channel: Expression) -> Range:
    """Between the 2nd and the 98th percentile of the band; heights and classes from end to end."""
    number = channel.single_band
    known = raster.statistics[number - 1] if number and len(raster.statistics) >= number else {}
    ends = ("low", "high") if raster.kind == RasterKind.IMAGERY else ("min", "max")
    if not known or number is None:
        return 0.0, 1.0
    scale, offset = dataset.scales[number - 1], dataset.offsets[number - 1]
    low, high = sorted(float(known[end]) * scale + offset for end in ends)
    return (low, high) if low < high else (low, low + 1)


def scaled(dataset: Any, numbers: list[int], pixels: Pixels) -> dict[int, NDArray[np.float64]]:
    """Values by band in the unit that the file means: int16 decimetres with a scale of 0.1 are
    metres. Pixels without a value hold what the file has there."""
    return {
        number: values.astype("float64") * dataset.scales[number - 1] + dataset.offsets[number - 1]
        for number, values in zip(numbers, pixels.values, strict=True)
    }


def _unscaled(dataset: Any) -> bool:
    return set(dataset.scales) == {1.0} and set(dataset.offsets) == {0.0}


# --- Classes ------------------------------------------------------------------------------------


def _classes(dataset: Any, pixels: Pixels) -> Picture:
    """In the colours of the file's table; without one in colours of ours that tell them apart."""
    values, visible = pixels.values[0], pixels.everywhere
    if dataset.colorinterp[0] is ColorInterp.palette:
        # TIFF's tables have a colour for every value there can be, in their order.
        table = np.array(list(dataset.colormap(1).values()), np.uint8)
        return Picture(values, visible, table[:, : len(RGB)])
    if values.dtype == np.uint8:
        return Picture(values, visible, colours.BYTE_COLOURS)
    with np.errstate(invalid="ignore"):
        index = np.nan_to_num(values).astype("int64") % len(colours.CLASS_COLOURS)
    return Picture(index.astype("uint8"), visible, colours.CLASS_COLOURS)


# --- Terrain ------------------------------------------------------------------------------------


def _terrain(dataset: Any, raster: Raster, tile: Tile, asked: Asked) -> Picture:
    if asked.render is Render.TERRAIN_RGB:
        pixels = read(dataset, raster, tile, [1])
        heights, visible = scaled(dataset, [1], pixels)[1], pixels.everywhere
        known = heights if visible is None else np.where(visible, heights, 0.0)
        return Picture(terrain.terrain_rgb(known), visible)
    pixels = read(dataset, raster, tile, [1], margin=terrain.MARGIN)
    valid = pixels.everywhere
    by = terrain.gradient(pixels.values[0], valid, tile, unit_m=dataset.scales[0])
    visible = None if valid is None else valid[1:-1, 1:-1]
    if asked.render is Render.HILLSHADE:
        return Picture(terrain.hillshade(by), visible)
    if not (asked.rescale or asked.colormap):
        index = colours.slope_classes(terrain.steepness(by))
        return Picture(index, visible, colours.SLOPE_COLOURS)
    levels = _levels(terrain.slope(by), asked.rescale or (0.0, 90.0))
    return Picture(levels, visible, colours.ramp(asked.colormap) if asked.colormap else None)
