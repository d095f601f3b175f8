"""A tile as a square of the plane: which rows belong to it, and in which of its cells.

Every feature belongs to exactly one tile of a zoom, by the middle of its box. The parts are SQL
over a row called `feature`; their values are numbers of ours and stand in the text.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from django.utils.translation import gettext as _
from psycopg2 import sql

from layers.crs import CGCS2000, WEB_MERCATOR
from layers.divisions import Bounds
from layers.errors import NotFound
from layers.ogc.morton import spans
from tiles import rule
from tiles.coordinates import BUFFER, CELL_STEPS, EXTENT, MORTON_ZOOM, Tile
from tiles.matrices.catalogue import WEB_MERCATOR_QUAD
from tiles.matrices.specification import TileMatrixSet
from tiles.overview.levels import FINEST
from tiles.rule import Kind, kind_of

SIMPLIFIED_BELOW = 14
SIMPLIFIED_UNITS = 4
"""Lines and areas are simplified by so many of the tile's own units: less than a pixel."""

SPHERE_M = 6_378_137.0
STEEPEST = 85.0
"""Latitudes beyond which the Mercator box of a square is not needed: nothing there is ours."""


class Middle(NamedTuple):
    """Longitude and latitude of the middle of a row's box."""

    x: sql.Composable
    y: sql.Composable


OF_POINT = Middle(sql.SQL("ST_X(feature.geom)"), sql.SQL("ST_Y(feature.geom)"))
"""A point's own ordinates: by its box it would cost half as much again."""

OF_BOX = Middle(
    sql.SQL("((ST_XMin(feature.geom) + ST_XMax(feature.geom)) / 2)"),
    sql.SQL("((ST_YMin(feature.geom) + ST_YMax(feature.geom)) / 2)"),
)


class Square(Protocol):
    """One tile, in SQL."""

    @property
    def zoom(self) -> int: ...

    @property
    def geometry(self) -> str:
        """The column that is drawn."""

    @property
    def most_counted(self) -> int:
        """How far its features must be counted to know how it is drawn."""

    @property
    def box(self) -> sql.Composable:
        """The tile itself, in the reference system of its geometry."""

    @property
    def reach(self) -> sql.Composable:
        """Whether a row may be drawn in the tile or its buffer."""

    def belongs(self, middle: Middle) -> sql.Composable:
        """Whether a row belongs to the tile, and to no other of its zoom."""

    @property
    def tolerance(self) -> float | None:
        """How much lines and areas are simplified, in units of the reference system."""

    def is_raw(self, count: int) -> bool: ...

    def steps(self, count: int) -> int:
        """A tile of so many features is counted in 2**steps × 2**steps cells."""

    def cell(self, steps: int, middle: Middle) -> sql.Composable:
        """A row's cell, as a number."""

    def column(self, steps: int) -> sql.Composable:
        """The column of the cell called `cell`."""

    def row(self, steps: int) -> sql.Composable: ...


def _envelope(box: Bounds, srid: int) -> sql.Composable:
    numbers = [sql.Literal(each) for each in (*box, srid)]
    return sql.SQL("ST_MakeEnvelope({})").format(sql.SQL(", ").join(numbers))


@dataclass(frozen=True, slots=True)
class MercatorSquare:
    """Drawn as the live tiles are: by the same rule, in the same cells."""

    tile: Tile
    geometry: str = "geom_3857"

    @property
    def most_counted(self) -> int:
        return rule.GROUPED_LIMIT + 1

    @property
    def zoom(self) -> int:
        return self.tile.z

    def _tile(self, margin: float) -> sql.Composable:
        return sql.SQL("ST_TileEnvelope({}, {}, {}, margin => {})").format(
            *map(sql.Literal, (*self.tile, margin))
        )

    @property
    def box(self) -> sql.Composable:
        return self._tile(0.0)

    @property
    def reach(self) -> sql.Composable:
        return sql.SQL("feature.geom_3857 && {}").format(self._tile(BUFFER / EXTENT))

    def belongs(self, middle: Middle) -> sql.Composable:
        first, last = self.tile.morton_range
        return sql.SQL("feature.morton BETWEEN {} AND {}").format(*map(sql.Literal, (first, last)))

    @property
    def tolerance(self) -> float | None:
        if self.zoom >= SIMPLIFIED_BELOW:
            return None
        return WEB_MERCATOR_QUAD.by_zoom[self.zoom].span / EXTENT * SIMPLIFIED_UNITS

    def is_raw(self, count: int) -> bool:
        return kind_of(self.tile, count) is Kind.RAW

    def steps(self, count: int) -> int:
        if kind_of(self.tile, count) is Kind.CELLS:
            return min(CELL_STEPS, FINEST - self.tile.z)
        return self.tile.cell_level - self.tile.z

    def cell(self, steps: int, middle: Middle) -> sql.Composable:
        shift = 2 * (MORTON_ZOOM - self.tile.z - steps)
        mask = (1 << 2 * steps) - 1
        return sql.SQL("feature.morton >> {} & {}").format(sql.Literal(shift), sql.Literal(mask))

    def column(self, steps: int) -> sql.Composable:
        return sql.SQL("tiles_even_bits(cell)")

    def row(self, steps: int) -> sql.Composable:
        return sql.SQL("tiles_even_bits(cell >> 1)")


@dataclass(frozen=True, slots=True)
class DegreeSquare:
    """A square of longitudes and latitudes; its west and north edges belong to it."""

    zoom: int
    bounds: Bounds
    geometry: str = "geom"

    @property
    def most_counted(self) -> int:
        return rule.RAW_LIMIT + 1

    @property
    def span(self) -> float:
        """A side, in degrees."""
        return self.bounds.east - self.bounds.west

    @property
    def box(self) -> sql.Composable:
        return _envelope(self.bounds, CGCS2000)

    @property
    def reach(self) -> sql.Composable:
        """By the index, which is on the Mercator geometry: a box of degrees is one there, too."""
        margin = self.span * BUFFER / EXTENT
        west, south, east, north = self.bounds
        wider = Bounds(west - margin, south - margin, east + margin, north + margin)
        return sql.SQL("feature.geom_3857 && {} AND feature.geom && {}").format(
            _envelope(in_mercator(wider), WEB_MERCATOR), _envelope(wider, CGCS2000)
        )

    def belongs(self, middle: Middle) -> sql.Composable:
        """Places well inside by their Morton codes alone, those near an edge by their degrees."""
        found = spans(*self.bounds)
        west, south, east, north = map(sql.Literal, self.bounds)
        exact = sql.SQL("{x} >= {west} AND {x} < {east} AND {y} > {south} AND {y} <= {north}")
        near = exact.format(**middle._asdict(), west=west, south=south, east=east, north=north)
        inside = [(each.first, each.last) for each in found if each.inside]
        edge = [(each.first, each.last) for each in found if not each.inside]
        # The longest first: most rows are in it, and are asked no further.
        inside.sort(key=lambda span: span[0] - span[1])
        return sql.SQL("({} OR ({} AND {}))").format(_between(inside), _between(edge), near)

    @property
    def tolerance(self) -> float | None:
        if self.zoom >= SIMPLIFIED_BELOW:
            return None
        return self.span / EXTENT * SIMPLIFIED_UNITS

    def is_raw(self, count: int) -> bool:
        return count <= rule.RAW_LIMIT

    def steps(self, count: int) -> int:
        return CELL_STEPS

    def cell(self, steps: int, middle: Middle) -> sql.Composable:
        """Row and column in one number. The last places may round up to the next tile's edge."""
        side = 1 << steps
        return sql.SQL(
            "least({most}, floor(({north} - {y}) / {size}))::bigint * {side}"
            " + least({most}, floor(({x} - {west}) / {size}))::bigint"
        ).format(
            **middle._asdict(),
            side=sql.Literal(side),
            most=sql.Literal(side - 1),
            size=sql.Literal(self.span / side),
            west=sql.Literal(self.bounds.west),
            north=sql.Literal(self.bounds.north),
        )

    def column(self, steps: int) -> sql.Composable:
        return sql.SQL("cell & {}").format(sql.Literal((1 << steps) - 1))

    def row(self, steps: int) -> sql.Composable:
        return sql.SQL("cell >> {}").format(sql.Literal(steps))


def _between(found: list[tuple[int, int]]) -> sql.Composable:
    if not found:
        return sql.SQL("FALSE")
    clauses = [
        sql.SQL("feature.morton BETWEEN {} AND {}").format(sql.Literal(first), sql.Literal(last))
        for first, last in found
    ]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(clauses))


def in_mercator(box: Bounds) -> Bounds:
    """A box of degrees in metres of EPSG:3857, cut where Mercator runs away to the poles."""

    def northing(latitude: float) -> float:
        cut = max(-STEEPEST, min(STEEPEST, latitude))
        return SPHERE_M * math.asinh(math.tan(math.radians(cut)))

    west, east = (SPHERE_M * math.radians(each) for each in (box.west, box.east))
    return Bounds(west, northing(box.south), east, northing(box.north))


def square_of(matrix_set: TileMatrixSet, zoom: int, column: int, row: int) -> Square:
    """Raises NotFound for a tile that the set does not have."""
    matrix = matrix_set.matrix(zoom)
    if matrix is None or not matrix.has(column, row):
        raise NotFound(
            _("There is no such tile; zooms are %(first)d to %(last)d.")
            % {"first": matrix_set.drawn[0], "last": matrix_set.drawn[-1]}
        )
    if matrix_set is WEB_MERCATOR_QUAD:
        return MercatorSquare(Tile(zoom, column, row))
    north, west = matrix_set.origin
    span = matrix.span
    left, top = west + column * span, north - row * span
    return DegreeSquare(zoom, Bounds(left, top - span, left + span, top))
