"""The counties that the demonstration data stands in, and points inside them."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.demonstration.streams import Stream
from layers.models.division import Division
from layers.models.zone import ZoneMember

INSET_DEGREES = 0.003
"""About 300 m: demonstration features keep away from borders, on which boundary sets disagree."""

XY = NDArray[np.float64]
"""Longitude and latitude in degrees of EPSG:4490, shape (n, 2)."""

PLACES = 7
"""Decimals of a degree that are kept: a centimetre."""


@dataclass(frozen=True)
class Territory:
    """A county and the part of it where things may stand: its largest polygon, a little inset."""

    code: str
    name: str
    polygon: shapely.Polygon

    @property
    def county(self) -> str:
        """The six digits of the county."""
        return self.code[:6]

    def holds(self, xy: XY) -> NDArray[np.bool_]:
        held: NDArray[np.bool_] = shapely.contains_xy(self.polygon, xy[:, 0], xy[:, 1])
        return held


def member_counties() -> tuple[str, ...]:
    """12-digit codes of the counties of all demonstration zones."""
    return tuple(
        ZoneMember.objects.order_by("division").values_list("division", flat=True).distinct()
    )


def territories(codes: tuple[str, ...]) -> list[Territory]:
    """In the order of codes; counties without a boundary are left out."""
    rows = (
        Division.objects.filter(code__in=codes, boundary__isnull=False)
        .order_by("code")
        .values_list("code", "name", "boundary")
    )
    return [
        Territory(code, name, _buildable(shapely.from_wkb(bytes(boundary.wkb))))
        for code, name, boundary in rows
        if boundary is not None
    ]


def _buildable(boundary: shapely.Geometry) -> shapely.Polygon:
    inner = shapely.buffer(boundary, -INSET_DEGREES)
    parts = shapely.get_parts(boundary if inner.is_empty else inner)
    largest = parts[np.argmax(shapely.area(parts))]
    shapely.prepare(largest)
    return largest


def scattered(rng: Stream, territory: Territory, count: int) -> XY:
    """`count` points spread evenly at random over the territory, by rejection."""
    west, south, east, north = territory.polygon.bounds
    kept: list[XY] = []
    missing = count
    while missing > 0:
        xy = rng.random((max(64, 3 * missing), 2)) * [east - west, north - south] + [west, south]
        inside = xy[territory.holds(xy)][:missing]
        kept.append(inside)
        missing -= len(inside)
    found: XY = np.round(np.concatenate([np.empty((0, 2)), *kept]), PLACES)
    return found


def pulled_inside(territory: Territory, xy: XY, anchors: XY) -> XY:
    """Points outside move towards their anchors, which are inside, until they are inside too."""
    found: XY = np.round(xy, PLACES)
    outside = np.flatnonzero(~territory.holds(found))
    for _halving in range(8):
        if not len(outside):
            return found
        found[outside] = np.round((found[outside] + anchors[outside]) / 2, PLACES)
        outside = outside[~territory.holds(found[outside])]
    found[outside] = anchors[outside]
    return found


def metres(xy: XY) -> XY:
    """A local plane in metres, good enough to tell near from far inside one county."""
    middle = float(xy[:, 1].mean()) if len(xy) else 0.0
    scale: XY = xy * [111_320 * np.cos(np.radians(middle)), 110_950]
    return scale


def degrees(offset_m: XY, latitude: NDArray[np.float64]) -> XY:
    """East and north offsets in metres as degrees at those latitudes."""
    return np.column_stack(
        [offset_m[:, 0] / (111_320 * np.cos(np.radians(latitude))), offset_m[:, 1] / 110_950]
    )
