"""What ordinates look like by their size: degrees, Web Mercator, a zone, a plane without a zone.

In Hunan the sizes of east and north never overlap, in no datum: longitudes of 108-115 against
latitudes of 24-31, eastings of six or eight digits against northings of seven. So which of two
ordinates is which can be told for certain, and which zone an easting with its number in front is
in; which meridian a bare easting counts from, or whether degrees carry an offset, cannot.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LONGITUDE, LATITUDE = (108.0, 115.0), (24.0, 31.0)
NORTHING = (2.70e6, 3.36e6)
EASTING = (1.5e5, 8.5e5)
"""Within a zone: up to 3.25° from the meridian, where a 6° zone is used all over the province."""
MERCATOR_X, MERCATOR_Y = (1.21e7, 1.273e7), (2.82e6, 3.53e6)
ZONES = (36, 37, 38, 19, 20)


class Look(IntEnum):
    """What a pair of ordinates looks like."""

    NOTHING = 0
    ZERO = 1
    DEGREES = 2
    MERCATOR = 3
    ZONE = 4
    PLANE = 5


@dataclass(frozen=True, slots=True)
class Looks:
    """By row: a Look, whether it looks so with the ordinates exchanged, and the zone (0: none)."""

    look: NDArray[np.int8]
    swapped: NDArray[np.bool_]
    zone: NDArray[np.int8]

    def main(self) -> tuple[Look, bool, int]:
        """What most rows look like; NOTHING where no row looks like anything."""
        known = self.look > Look.ZERO
        if not known.any():
            return Look.NOTHING, False, 0
        keys = np.column_stack([self.look, self.swapped, self.zone])[known].astype(int)
        kinds, counts = np.unique(keys, axis=0, return_counts=True)
        look, swapped, zone = kinds[counts.argmax()]
        return Look(int(look)), bool(swapped), int(zone)


def looks(ordinates: Floats) -> Looks:
    """Of ordinates of shape (n, 2), the first of each row taken for east."""
    x, y = ordinates[:, 0], ordinates[:, 1]
    look, zone = _upright(x, y)
    turned, turned_zone = _upright(y, x)
    swapped = (look == Look.NOTHING) & (turned > Look.ZERO)
    return Looks(
        np.where(swapped, turned, look).astype(np.int8),
        swapped,
        np.where(swapped, turned_zone, zone).astype(np.int8),
    )


def _upright(x: Floats, y: Floats) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    look = np.zeros(len(x), dtype=np.int8)
    zone = np.zeros(len(x), dtype=np.int8)
    northern = _within(y, NORTHING)
    look[_within(x, EASTING) & northern] = Look.PLANE
    with np.errstate(invalid="ignore"):
        number, easting = np.divmod(x, 1e6)
    zoned = np.isin(number, ZONES) & _within(easting, EASTING) & northern
    look[zoned] = Look.ZONE
    zone[zoned] = number[zoned].astype(np.int8)
    look[_within(x, MERCATOR_X) & _within(y, MERCATOR_Y)] = Look.MERCATOR
    look[_within(x, LONGITUDE) & _within(y, LATITUDE)] = Look.DEGREES
    look[(x == 0) & (y == 0)] = Look.ZERO
    return look, zone


def _within(values: Floats, bounds: tuple[float, float]) -> NDArray[np.bool_]:
    return np.asarray((values >= bounds[0]) & (values <= bounds[1]))
