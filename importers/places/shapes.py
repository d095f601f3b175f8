"""The shapes of a batch's rows: points as a table of ordinates, everything else as shapely's.

Nine rows in ten are points, and a table of ordinates is some ten times quicker than objects.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from importers.places.datums import Ordinates, Shapes
from importers.places.wkb import write_points
from layers.crs import CGCS2000

Rows = NDArray[np.bool_]
_PROMOTIONS = {
    shapely.GeometryType.LINESTRING.value: shapely.multilinestrings,
    shapely.GeometryType.POLYGON.value: shapely.multipolygons,
}


class RowShapes(Protocol):
    """Shapes aligned with rows; a row may have none."""

    @property
    def present(self) -> Rows: ...

    @property
    def shapes(self) -> Shapes:
        """As shapely has them, None where a row has none."""

    def of(self, rows: NDArray[np.intp]) -> Shapes:
        """The shapes of those rows alone."""

    def without(self, rows: Rows) -> "RowShapes": ...

    def moved(self, change: Callable[[Ordinates], Ordinates]) -> "RowShapes": ...

    def bounds(self) -> NDArray[np.float64]:
        """West, south, east, north; shape (n, 4), NaN where a row has none."""

    def standing(self, rows: NDArray[np.intp]) -> Ordinates:
        """A place of each of these rows that tells which county the row is in."""

    def texts(self) -> pa.Array:
        """The ordinates as text, "" for none."""

    def ewkb_hex(self) -> pa.Array:
        """As COPY takes them, lines and polygons as multi; null for none."""


@dataclass(frozen=True, slots=True)
class PointRows:
    """`ordinates` has the shape (n, 2), NaN where a row has no point."""

    ordinates: Ordinates

    @property
    def present(self) -> Rows:
        return np.asarray(~np.isnan(self.ordinates).all(axis=1))

    @property
    def shapes(self) -> Shapes:
        found = np.full(len(self.ordinates), None, dtype=object)
        present = self.present
        found[present] = shapely.points(self.ordinates[present])
        return found

    def of(self, rows: NDArray[np.intp]) -> Shapes:
        return PointRows(self.ordinates[rows]).shapes

    def without(self, rows: Rows) -> "PointRows":
        return PointRows(np.where(rows[:, None], np.nan, self.ordinates))

    def moved(self, change: Callable[[Ordinates], Ordinates]) -> "PointRows":
        found = np.full(self.ordinates.shape, np.nan)
        present = self.present
        moved = change(self.ordinates[present])
        # Not NaN: the row has a place, only not in this datum; placing it tells so.
        found[present] = np.where(np.isnan(moved), np.inf, moved)
        return PointRows(found)

    def bounds(self) -> NDArray[np.float64]:
        return np.hstack([self.ordinates, self.ordinates])

    def standing(self, rows: NDArray[np.intp]) -> Ordinates:
        return self.ordinates[rows]

    def texts(self) -> pa.Array:
        """WKT."""
        x, y = (pc.cast(pa.array(values), pa.string()) for values in self.ordinates.T)
        written = pc.binary_join_element_wise(pa.scalar("POINT ("), x, pa.scalar(" "), y, ")", "")
        return pc.if_else(pa.array(self.present), written, "")

    def ewkb_hex(self) -> pa.Array:
        return write_points(self.ordinates, self.present)


@dataclass(frozen=True, slots=True)
class ShapeRows:
    """Any shapes, as shapely has them."""

    shapes: Shapes

    @property
    def present(self) -> Rows:
        return np.asarray(~shapely.is_missing(self.shapes))

    def of(self, rows: NDArray[np.intp]) -> Shapes:
        return self.shapes[rows]

    def without(self, rows: Rows) -> "ShapeRows":
        return ShapeRows(dropped(self.shapes, rows))

    def moved(self, change: Callable[[Ordinates], Ordinates]) -> "ShapeRows":
        return ShapeRows(np.asarray(shapely.transform(self.shapes, change)))

    def bounds(self) -> NDArray[np.float64]:
        return np.asarray(shapely.bounds(self.shapes))

    def standing(self, rows: NDArray[np.intp]) -> Ordinates:
        points = shapely.point_on_surface(self.shapes[rows])
        return np.column_stack([shapely.get_x(points), shapely.get_y(points)])

    def texts(self) -> pa.Array:
        """WKT where all are points, WKB in hex else."""
        if (shapely.get_dimensions(self.shapes) <= 0).all():
            written = shapely.to_wkt(self.shapes, rounding_precision=-1)
        else:
            written = shapely.to_wkb(self.shapes, hex=True)
        return pc.fill_null(pa.array(written.tolist(), pa.string()), "")

    def ewkb_hex(self) -> pa.Array:
        numbered = shapely.set_srid(promoted(self.shapes), CGCS2000)
        return pa.array(shapely.to_wkb(numbered, hex=True, include_srid=True).tolist(), pa.string())


def dropped(shapes: Shapes, rows: Rows) -> Shapes:
    """Without those of `rows`."""
    left = shapes.copy()
    left[rows] = None
    return left


def promoted(shapes: Shapes) -> Shapes:
    """Lines and polygons as multi, as the layers store them."""
    kinds = shapely.get_type_id(shapes)
    out = shapes.copy()
    for kind, promote in _PROMOTIONS.items():
        rows = np.flatnonzero(kinds == kind)
        if len(rows):
            out[rows] = promote(shapes[rows], indices=np.arange(len(rows)))
    return out


def single(shapes: Shapes) -> Shapes:
    """A multipoint of one point is that point; other programs write all points so."""
    lone = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT.value) & (
        shapely.get_num_geometries(shapes) == 1
    )
    return np.where(lone, shapely.get_geometry(shapes, 0), shapes)
