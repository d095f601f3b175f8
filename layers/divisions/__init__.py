"""行政区划: where a place belongs, and what a code means."""

from layers.divisions.bounds import ELSEWHERE_LIMIT_M, HUNAN_BOUNDS, METRES_A_DEGREE, Bounds
from layers.divisions.location import CountyLocator, county_at, division_path

__all__ = [
    "ELSEWHERE_LIMIT_M",
    "HUNAN_BOUNDS",
    "METRES_A_DEGREE",
    "Bounds",
    "CountyLocator",
    "county_at",
    "division_path",
]
