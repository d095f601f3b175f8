"""Coordinate reference systems by their URIs (Part 2), with the axis order of the registry.

CGCS2000 and WGS 84 differ by centimetres and PROJ takes them for the same, so CRS84, EPSG:4326
and EPSG:4490 are the stored degrees; only their axis order differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pyproj import CRS, Transformer

from layers.crs import CGCS2000, WEB_MERCATOR

CRS84_URI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CRS84H_URI = "http://www.opengis.net/def/crs/OGC/0/CRS84h"
_EPSG_URI = "http://www.opengis.net/def/crs/EPSG/0/"

DEGREES = (4326, CGCS2000)
# CGCS2000 Gauss-Krüger over Hunan (108.8-114.3°E): 3° zones 36-38 with the zone's number before
# the easting and without it, 6° zones 19 and 20 likewise.
GAUSS_KRUGER = (4524, 4525, 4526, 4545, 4546, 4547, 4497, 4498, 4508, 4509)
DEGREE_DIGITS = 9
METRE_DIGITS = 4
"""Decimals that keep a tenth of a millimetre."""


@dataclass(frozen=True, slots=True)
class ReferenceSystem:
    """`swapped`: the registry names northing (or latitude) first."""

    uri: str
    srid: int
    swapped: bool

    @property
    def degrees(self) -> bool:
        return self.srid in DEGREES

    @property
    def digits(self) -> int:
        return DEGREE_DIGITS if self.degrees else METRE_DIGITS


def _swapped(srid: int) -> bool:
    return CRS.from_epsg(srid).axis_info[0].direction == "north"


@cache
def reference_systems() -> dict[str, ReferenceSystem]:
    """By URI; the default first, as Part 2, requirement /req/crs/crs-uri wants."""
    found = [ReferenceSystem(CRS84_URI, CGCS2000, swapped=False)]
    for srid in (CGCS2000, 4326, WEB_MERCATOR, *GAUSS_KRUGER):
        found.append(ReferenceSystem(f"{_EPSG_URI}{srid}", srid, _swapped(srid)))
    return {each.uri: each for each in found}


CRS84 = ReferenceSystem(CRS84_URI, CGCS2000, swapped=False)
STORAGE_URI = f"{_EPSG_URI}{CGCS2000}"


@cache
def transformer(source: int, target: int) -> Transformer:
    """Longitude or easting first, whatever the registry says: axes are swapped by the caller."""
    return Transformer.from_crs(source, target, always_xy=True)


def box_in(target: int, source: int, box: Sequence[float]) -> tuple[float, float, float, float]:
    """The smallest box in `target` around a box in `source`, with its curved edges.

    Not finite where the box lies outside what the projections can do.
    """
    one, two = (CGCS2000 if srid in DEGREES else srid for srid in (source, target))
    west, south, east, north = box
    if one == two:
        return west, south, east, north
    return transformer(one, two).transform_bounds(west, south, east, north, densify_pts=41)
