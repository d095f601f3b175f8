"""The bbox parameter: read in its reference system, and as SQL conditions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from psycopg2 import sql

from layers.crs import CGCS2000, WEB_MERCATOR
from layers.ogc.failures import BadParameter
from layers.ogc.reference_systems import ReferenceSystem, box_in
from layers.ogc.values import Values

FARTHEST_M = 1e9
# Index boxes hold float32: at 12,000 km from the origin they are rounded outwards by under 2 m.
INDEX_ROUNDING_M = 2.0


@dataclass(frozen=True)
class Box:
    """A rectangle in a reference system, easting (longitude) first; west <= east."""

    crs: ReferenceSystem
    west: float
    south: float
    east: float
    north: float

    @property
    def corners(self) -> tuple[float, float, float, float]:
        return self.west, self.south, self.east, self.north

    @property
    def straight(self) -> bool:
        """Whether its edges run along meridians and parallels."""
        return self.crs.degrees or self.crs.srid == WEB_MERCATOR

    @cached_property
    def in_mercator(self) -> tuple[float, float, float, float]:
        """The box around it in EPSG:3857, metres. Raises BadParameter where there is none."""
        south, north = self.south, self.north
        if self.crs.degrees:  # the projection has no poles
            south, north = max(south, -89.0), min(north, 89.0)
        found = box_in(WEB_MERCATOR, self.crs.srid, (self.west, south, self.east, north))
        if not all(map(math.isfinite, found)):
            raise BadParameter("bbox", _("The box is outside the area of its reference system."))
        return found

    @cached_property
    def in_degrees(self) -> tuple[float, float, float, float]:
        """The box around it in longitudes and latitudes."""
        found = box_in(CGCS2000, self.crs.srid, self.corners)
        if not all(map(math.isfinite, found)):
            raise BadParameter("bbox", _("The box is outside the area of its reference system."))
        return found

    def condition(self, values: Values, *, points: bool) -> sql.Composable:
        """The features that intersect the box: by the index, then exactly."""
        return sql.SQL("({} AND {})").format(
            self.near(values), self.exact_for_points(values) if points else self.exact(values)
        )

    def near(self, values: Values) -> sql.Composable:
        """A superset that the GiST index finds: the literal is transformed, not the column."""
        west, south, east, north = self.in_mercator
        around = (
            west - INDEX_ROUNDING_M,
            south - INDEX_ROUNDING_M,
            east + INDEX_ROUNDING_M,
            north + INDEX_ROUNDING_M,
        )
        return sql.SQL("feature.geom_3857 && {}").format(_envelope(around, WEB_MERCATOR, values))

    def exact_for_points(self, values: Values) -> sql.Composable:
        """Ordinates compared as they are: a fifth of what ST_Intersects costs."""
        west, south, east, north = map(values.bind, self.corners)
        return sql.SQL(
            "(ST_X({place}) BETWEEN {west} AND {east}"
            " AND ST_Y({place}) BETWEEN {south} AND {north})"
        ).format(place=column_in(self.crs), west=west, south=south, east=east, north=north)

    def exact(self, values: Values) -> sql.Composable:
        srid = CGCS2000 if self.crs.degrees else self.crs.srid
        intersects = sql.SQL("ST_Intersects({}, {})").format(
            column_in(self.crs), _envelope(self.corners, srid, values)
        )
        inside = self._well_inside(values)
        return sql.SQL("({} OR {})").format(inside, intersects) if inside else intersects

    def _well_inside(self, values: Values) -> sql.Composable | None:
        """A cheap test that decides most features of a large box; only where edges are straight."""
        if not self.straight:
            return None
        west, south, east, north = self.in_mercator
        margin = 2 * INDEX_ROUNDING_M
        if east - west <= 2 * margin or north - south <= 2 * margin:
            return None
        inner = (west + margin, south + margin, east - margin, north - margin)
        return sql.SQL("feature.geom_3857 @ {}").format(_envelope(inner, WEB_MERCATOR, values))


def column_in(crs: ReferenceSystem) -> sql.Composable:
    """The feature's geometry in a reference system, easting first; stored columns as they are."""
    if crs.degrees:
        return sql.SQL("feature.geom")
    if crs.srid == WEB_MERCATOR:
        return sql.SQL("feature.geom_3857")
    return sql.SQL("ST_Transform(feature.geom, {})").format(sql.Literal(crs.srid))


def _envelope(box: Sequence[float], srid: int, values: Values) -> sql.Composable:
    """ST_Envelope of two points is a point or a line where the box has no area."""
    west, south, east, north = map(values.bind, box)
    return sql.SQL(
        "ST_Envelope(ST_SetSRID(ST_MakeLine("
        "ST_MakePoint({west}, {south}), ST_MakePoint({east}, {north})), {srid}))"
    ).format(west=west, south=south, east=east, north=north, srid=sql.Literal(srid))


def read_boxes(text: str, crs: ReferenceSystem) -> tuple[Box, ...]:
    """Four numbers, or six of which the heights are ignored: the features have none.

    A box over the 180th meridian (west > east) becomes two. Raises BadParameter.
    """
    numbers = _numbers(text)
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != 4:
        raise _unreadable()
    if crs.swapped:
        numbers = [numbers[1], numbers[0], numbers[3], numbers[2]]
    west, south, east, north = numbers
    if crs.degrees:
        inside = all(-180 <= x <= 180 for x in (west, east))
        if not inside or not all(-90 <= y <= 90 for y in (south, north)):
            raise BadParameter("bbox", _("The box is outside the area of its reference system."))
    elif west > east or max(map(abs, numbers)) > FARTHEST_M:
        raise _unreadable()
    if south > north:
        raise _unreadable()
    if west > east:
        return Box(crs, west, south, 180, north), Box(crs, -180, south, east, north)
    return (Box(crs, west, south, east, north),)


def _numbers(text: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise _unreadable() from error
    if not all(map(math.isfinite, numbers)):
        raise _unreadable()
    return numbers


def _unreadable() -> BadParameter:
    return BadParameter(
        "bbox",
        _("The bbox cannot be read."),
        remedy=_("Send the lower and the upper corner, such as 109,27,110,28, in bbox-crs."),
    )
