"""GCJ-02 and BD-09: the offsets that Chinese web maps put on WGS 84, and how to take them off.

Neither is published by its makers. The formulas are the ones reconstructed and public since about
2010 (described in the encyclopedia article "Restrictions on geographic data in China", sections
"GCJ-02" and "BD-09"): a GCJ-02 offset is a polynomial with sines of the distance, in degrees, from
105°E 35°N, in metres, laid on the Krassovsky ellipsoid; BD-09 turns and stretches that once more.

At 111.5°E 27.5°N GCJ-02 lies 542 m east and 366 m south of WGS 84, BD-09 1184 m east and 309 m
north. All functions take and give longitude and latitude in degrees, arrays of shape (n, 2).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]

_ORIGIN = (105.0, 35.0)
_SEMI_MAJOR_M = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_TURN = np.pi * 3000 / 180
_BD_SHIFT = (0.0065, 0.006)
_CONVERGED_DEGREES = 1e-11
_MOST_ROUNDS = 30
"""Each round leaves less than a hundredth of the error: five are enough anywhere in China."""


def gcj02_from_wgs84(lonlat: Degrees) -> Degrees:
    x, y = lonlat[:, 0] - _ORIGIN[0], lonlat[:, 1] - _ORIGIN[1]
    east_m, north_m = _gcj_metres(x, y)
    latitude = np.radians(lonlat[:, 1])
    flattened = 1 - _ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    prime = _SEMI_MAJOR_M / np.sqrt(flattened)
    meridian = prime * (1 - _ECCENTRICITY_SQUARED) / flattened
    shift = np.degrees(np.column_stack([east_m / (prime * np.cos(latitude)), north_m / meridian]))
    return np.asarray(lonlat + shift)


def _gcj_metres(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[Degrees, Degrees]:
    """The offset to the east and to the north, in metres."""
    root, product = np.sqrt(np.abs(x)), 0.1 * x * y
    ripple = 20 * (np.sin(6 * np.pi * x) + np.sin(2 * np.pi * x))
    east = 300 + x + 2 * y + 0.1 * x**2 + product + 0.1 * root
    east += (ripple + _waves(x, (20, 1), (40, 3), (150, 12), (300, 30))) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y**2 + product + 0.2 * root
    north += (ripple + _waves(y, (20, 1), (40, 3), (160, 12), (320, 30))) * 2 / 3
    return east, north


def _waves(t: NDArray[np.float64], *waves: tuple[int, int]) -> NDArray[np.float64]:
    """Σ amplitude · sin(π t / divisor)."""
    return np.asarray(sum(amplitude * np.sin(np.pi * t / divisor) for amplitude, divisor in waves))


def bd09_from_gcj02(lonlat: Degrees) -> Degrees:
    x, y = lonlat[:, 0], lonlat[:, 1]
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    turned = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return np.asarray(turned + np.array(_BD_SHIFT))


def bd09_from_wgs84(lonlat: Degrees) -> Degrees:
    return bd09_from_gcj02(gcj02_from_wgs84(lonlat))


def wgs84_from_gcj02(lonlat: Degrees) -> Degrees:
    """To 1e-9 degrees, 0.1 mm; NaN where no place has these ordinates."""
    return _inverted(gcj02_from_wgs84, lonlat)


def wgs84_from_bd09(lonlat: Degrees) -> Degrees:
    """To 1e-9 degrees, 0.1 mm; NaN where no place has these ordinates."""
    return _inverted(bd09_from_wgs84, lonlat)


def _inverted(forward: Callable[[Degrees], Degrees], wanted: Degrees) -> Degrees:
    """The place that `forward` brings to `wanted`: corrected by what is still missing, until

    nothing is. A place that does not settle (the offset is not smooth at 105°E) becomes NaN
    instead of a place that is only nearly right.
    """
    found = np.array(wanted, dtype=np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        for _round in range(_MOST_ROUNDS):
            missing = wanted - forward(found)
            found += missing
            left = np.abs(missing[np.isfinite(missing)])
            if not left.size or left.max() < _CONVERGED_DEGREES:
                break
        found[~(np.abs(wanted - forward(found)) < 1e-9).all(axis=1)] = np.nan
    return found
