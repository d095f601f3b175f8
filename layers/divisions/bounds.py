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
