"""What is known of a delivered raster before it is converted: plain values, told across the box."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

DTYPES = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64")
NO_VALUE = "nan"
"""JSON has no NaN, which is a usual value for "no value"."""


@dataclass(frozen=True, slots=True)
class RasterDescription:
    """A raster as it was delivered.

    `transform` is the six numbers (a, b, c, d, e, f) that take pixel corners to ordinates:
    x = a·column + b·row + c, y = d·column + e·row + f. `crs` is WKT or "". `alpha` is the number of
    the transparency band, 0 for none. `palette` and `masked` say what the file has beside values.
    `blocks` is false where rows can be had in their order only. `unpacked` tells that the raster
    was taken out of an archive.
    """

    format: str
    driver: str
    width: int
    height: int
    bands: int
    dtype: str
    crs: str
    transform: tuple[float, float, float, float, float, float]
    nodata: float | None
    alpha: int
    masked: bool
    palette: bool
    blocks: bool
    unpacked: bool

    @property
    def value_bands(self) -> int:
        """Without the transparency."""
        return self.bands - (1 if self.alpha else 0)

    @property
    def pixels(self) -> int:
        return self.width * self.height

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "nodata": told_number(self.nodata)}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError for what as_json did not write."""
        a, b, c, d, e, f = map(float, told["transform"])
        found = cls(
            **{
                **told,
                "transform": (a, b, c, d, e, f),
                "nodata": heard_number(told["nodata"]),
            }
        )
        if found.dtype not in DTYPES or not all(map(math.isfinite, found.transform)):
            raise ValueError(f"no raster is described by {told}")
        return found


def told_number(value: float | None) -> float | str | None:
    return NO_VALUE if value is not None and math.isnan(value) else value


def heard_number(value: float | str | None) -> float | None:
    return None if value is None else float(value)
