"""Boxes in degrees."""

from typing import NamedTuple


class Bounds(NamedTuple):
    """West, south, east, north in degrees of EPSG:4490."""

    west: float
    south: float
    east: float
    north: float

    def contains(self, west: float, south: float, east: float, north: float) -> bool:
        return (
            west >= self.west and south >= self.south and east <= self.east and north <= self.north
        )


HUNAN_BOUNDS = Bounds(108.70, 24.55, 114.35, 30.21)
"""The province (108.783-114.254°E, 24.634-30.128°N) and some 8 km around it."""

ELSEWHERE_LIMIT_M = 600
"""Boundary sets disagree by up to some 600 m (domain.md, divisions): nearer is no warning."""

METRES_A_DEGREE = 111_320
"""Of latitude, roughly: for limits, never for a length that is kept."""
