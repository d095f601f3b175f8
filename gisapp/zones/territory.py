"""A zone's counties, and its map as SVG: drawn here, so that it prints and needs nothing else.

The boundaries are generalised to about 500 m, which is public precision.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, log2, radians

import shapely
from django.utils import timezone
from django.utils.translation import get_language
from shapely.geometry.base import BaseGeometry

from layers.models import Division, Zone, ZoneMember

TOLERANCE = 0.005
"""Degrees: some 500 m, a third of a pixel at the width drawn."""
WIDTH = 640
PADDING = 6
AUTONOMOUS = re.compile("(土家族|苗族|侗族|瑶族|各族)+自治县$")

Place = Callable[[float, float], tuple[float, float]]
"""From degrees to the drawing."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A county's outline as an SVG path, and the place of its name; an empty path without one."""

    county: Division
    name: str
    path: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Width and height in the SVG's units."""

    width: int
    height: int
    outlines: list[Outline]

    @property
    def label_size(self) -> int:
        """Readable where a tall drawing is scaled down to a screen's height."""
        return max(14, round(self.height / 50))


def zone_name(zone: Zone) -> str:
    chinese = (get_language() or "zh").startswith("zh")
    return zone.name if chinese or not zone.name_en else zone.name_en


def short_name(county: str) -> str:
    """A county's name as maps write it where it is long.

    >>> short_name("靖州苗族侗族自治县"), short_name("花垣县")
    ('靖州', '花垣县')
    """
    return AUTONOMOUS.sub("", county)


def zones_today() -> list[Zone]:
    today = timezone.localdate()
    zones = Zone.objects.exclude(valid_to__lt=today).exclude(valid_from__gt=today)
    return list(zones.order_by("code").defer("boundary"))


def counties_of(zone: Zone) -> list[Division]:
    """Members today, by code, with their boundaries."""
    today = timezone.localdate()
    members = ZoneMember.objects.filter(zone=zone)
    members = members.exclude(valid_to__lt=today).exclude(valid_from__gt=today)
    return list(Division.objects.filter(pk__in=members.values("division")).order_by("code"))


def outlines(counties: Sequence[Division], tolerance: float = TOLERANCE) -> list[BaseGeometry]:
    """Generalised boundaries, one a county; neighbours keep their shared line without gaps."""
    shapes = [
        shapely.from_wkb(bytes(county.boundary.wkb)) if county.boundary else shapely.MultiPolygon()
        for county in counties
    ]
    return list(shapely.coverage_simplify(shapes, tolerance))


def drawing(counties: Sequence[Division]) -> Drawing | None:
    """North up, equirectangular at the middle latitude; None without any boundary."""
    shapes = outlines(counties)
    west, south, east, north = shapely.total_bounds(shapes)
    if not east > west:
        return None
    scale = (WIDTH - 2 * PADDING) / ((east - west) * cos(radians((south + north) / 2)))
    stretch = scale * cos(radians((south + north) / 2))

    def place(x: float, y: float) -> tuple[float, float]:
        return PADDING + (x - west) * stretch, PADDING + (north - y) * scale

    drawn = []
    for county, each in zip(counties, shapes, strict=True):
        x, y = place(*_middle(each)) if not each.is_empty else (0.0, 0.0)
        drawn.append(
            Outline(county, short_name(county.name), _path(each, place), f"{x:.1f}", f"{y:.1f}")
        )
    return Drawing(WIDTH, round((north - south) * scale) + 2 * PADDING, drawn)


def _middle(outline: BaseGeometry) -> tuple[float, float]:
    point = outline.representative_point()
    return point.x, point.y


def _path(outline: BaseGeometry, place: Place) -> str:
    parts = []
    for polygon in getattr(outline, "geoms", [outline]):
        for ring in (polygon.exterior, *polygon.interiors):
            points = (place(x, y) for x, y in ring.coords[:-1])
            parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
    return "".join(parts)


def map_address(bounds: tuple[float, float, float, float]) -> str:
    """The map workspace opened on a box in degrees (`#zoom/lat/lon`), for a screen 900 pixels wide.

    >>> map_address((109.0, 26.0, 111.0, 28.0))
    '/map/#8.82/27.00000/110.00000'
    """
    west, south, east, north = bounds
    across = max(east - west, (north - south) * 1.4, 1e-3)
    zoom = min(16.0, log2(900 * 360 / (256 * across)))
    return f"/map/#{zoom:.2f}/{(south + north) / 2:.5f}/{(west + east) / 2:.5f}"
