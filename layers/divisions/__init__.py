"""行政区划: where a place belongs, and what a code means."""

from layers.divisions.bounds import HUNAN_BOUNDS, Bounds
from layers.divisions.location import CountyLocator, county_at, division_path

__all__ = ["HUNAN_BOUNDS", "Bounds", "CountyLocator", "county_at", "division_path"]
