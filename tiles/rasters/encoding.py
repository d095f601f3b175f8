"""Pictures as PNG, WebP and JPEG.

JPEG has no transparency: what is not visible is white there, as on paper. It blurs, so whatever is
to be read back from its colours (heights, classes) is refused as JPEG, and in WebP is lossless.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from PIL import Image

from layers.errors import BadRequest
from layers.models.raster import Raster, RasterKind
from tiles.rasters.asking import Asked, Render
from tiles.rasters.colours import STEPS, Table, painted
from tiles.rasters.drawing import Picture
from tiles.rasters.presets import PRESETS

WHITE = 255
"""And opaque."""
CLEAR: Table = np.zeros((1, 3), np.uint8)
PNG = {"format": "PNG", "compress_level": 3}
JPEG = {"format": "JPEG", "quality": 85}
WEBP = {"format": "WEBP", "quality": 80, "method": 0}
WEBP_LOSSLESS = {"format": "WEBP", "lossless": True, "quality": 30, "method": 0, "exact": True}
"""Measured: more effort costs up to twenty times as long and saves a few per cent. `exact` keeps
the colours of transparent pixels, which programs that read heights look at."""


@dataclass(frozen=True, slots=True)
class Format:
    media_type: str
    options: Callable[[bool], dict[str, Any]]
    """Given whether every colour has to stay as it is."""
    transparent: bool = True
    palettes: bool = False


FORMATS = {
    "png": Format("image/png", lambda _exact: PNG, palettes=True),
    "webp": Format("image/webp", lambda exact: WEBP_LOSSLESS if exact else WEBP),
    "jpg": Format("image/jpeg", lambda _exact: JPEG, transparent=False),
}


def means_values(raster: Raster, asked: Asked) -> bool:
    """Whether a colour stands for a value: everything but pictures and shades."""
    if asked.render:
        return asked.render is not Render.HILLSHADE
    ramp = bool(asked.colormap) or PRESETS.get(asked.preset) == 1
    return ramp or raster.kind != RasterKind.IMAGERY


def require_format(suffix: str, raster: Raster, asked: Asked) -> None:
    """Raises BadRequest for JPEG where it would change what the colours say."""
    blurred = raster.kind == RasterKind.THEMATIC or asked.render is Render.TERRAIN_RGB
    if blurred and not FORMATS[suffix].transparent:
        raise BadRequest(
            _("JPEG would change the values that these colours stand for."),
            remedy=_("Ask for .png or .webp."),
        )


def encoded(picture: Picture, suffix: str, *, exact: bool) -> bytes:
    kept = FORMATS[suffix]
    target = io.BytesIO()
    image = _indexed(picture) if kept.palettes else None
    image = image or (_transparent(picture) if kept.transparent else _on_white(picture))
    image.save(target, **kept.options(exact))
    return target.getvalue()


def _indexed(picture: Picture) -> Image.Image | None:
    """Places in a palette, whose last one is transparent where one is needed: a fifth of the time
    and half the bytes of whole colours. None where 256 places do not hold them."""
    palette, places, visible = picture.palette, picture.colours, picture.visible
    if palette is None or places.dtype != np.uint8:
        return None
    seen = places if visible is None else np.where(visible, places, 0)
    used = int(seen.max()) + 1
    if used > len(palette) or (visible is not None and used == STEPS):
        return None
    if visible is None:
        return _with_palette(seen, palette[:used])
    image = _with_palette(np.where(visible, seen, used), np.vstack([palette[:used], CLEAR]))
    image.info["transparency"] = used
    return image


def _with_palette(places: NDArray[np.uint8], palette: Table) -> Image.Image:
    image = Image.fromarray(places)
    image.putpalette(palette.tobytes())
    return image


def _whole_colours(picture: Picture) -> Image.Image:
    if picture.palette is None:
        return Image.fromarray(picture.colours)
    return Image.fromarray(painted(picture.palette, picture.colours))


def _transparent(picture: Picture) -> Image.Image:
    image = _whole_colours(picture)
    if picture.visible is not None:
        image.putalpha(Image.fromarray(picture.visible.astype("uint8") * WHITE))
    elif image.mode == "RGBA":
        image = image.convert("RGB")
    return image


def _on_white(picture: Picture) -> Image.Image:
    image = _whole_colours(picture)
    image = image.convert("RGB") if image.mode == "RGBA" else image
    if picture.visible is None:
        return image
    paper = Image.new(image.mode, image.size, WHITE if image.mode == "L" else (WHITE,) * 3)
    paper.paste(image, mask=Image.fromarray(picture.visible.astype("uint8") * WHITE))
    return paper
