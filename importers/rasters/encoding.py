"""How a raster is stored, which follows from its kind and its values."""

import math
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from importers.rasters.description import RasterDescription

LOSSY_QUALITY = 90
RGB = 3


class Kind(StrEnum):
    """The kinds of layers.models.raster, which the box cannot import."""

    IMAGERY = "imagery"
    ELEVATION = "elevation"
    THEMATIC = "thematic"


class Empty(StrEnum):
    """How pixels without a value are told apart: by a value, or by a mask beside the bands."""

    VALUE = "value"
    MASK = "mask"


@dataclass(frozen=True, slots=True)
class Encoding:
    """`warp` and `overview` are names of rasterio's resamplings; `expand` turns palette indices
    into colours first, because indices cannot be averaged."""

    empty: Empty
    warp: str
    overview: str
    compression: str
    predictor: int
    expand: bool = False

    @property
    def lossy(self) -> bool:
        return self.compression == "JPEG"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


_RESAMPLING = {
    Kind.IMAGERY: ("bilinear", "average"),
    Kind.ELEVATION: ("bilinear", "bilinear"),
    Kind.THEMATIC: ("nearest", "nearest"),
}
"""Classes may only be picked, never mixed. Heights stay on one surface at every level. The pixels
of a picture are averaged, or it would flicker between levels."""


def encoding_of(found: RasterDescription, kind: Kind, *, lossless: bool) -> Encoding:
    """JPEG for pictures in three bands of eight bits, unless they must stay as they are; deflate,
    which every program reads, for all else.

    JPEG blurs the edge between a "no value" and its neighbours, so pictures get a mask instead.
    """
    expand = found.palette and kind is Kind.IMAGERY
    picture = kind is Kind.IMAGERY and found.dtype == "uint8"
    lossy = picture and (expand or found.value_bands == RGB) and not lossless
    warp, overview = _RESAMPLING[kind]
    return Encoding(
        Empty.VALUE if found.nodata is not None and not lossy and not expand else Empty.MASK,
        warp,
        overview,
        compression="JPEG" if lossy else "DEFLATE",
        predictor=1 if lossy else _predictor(found.dtype, kind),
        expand=expand,
    )


def _predictor(dtype: str, kind: Kind) -> int:
    """Differences of neighbours compress well where values vary smoothly; classes do not."""
    if kind is Kind.THEMATIC:
        return 1
    return 3 if dtype.startswith("float") else 2


def bytes_a_pixel(found: RasterDescription, encoding: Encoding) -> int:
    bits = int("".join(filter(str.isdigit, found.dtype)))
    return (RGB if encoding.expand else found.value_bands) * math.ceil(bits / 8)
