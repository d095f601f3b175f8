"""A batch's places as the file has them: from its geometries, from two columns, or from one."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from importers.columns import CellReason
from importers.interpretation import PlaceReading, PlaceSource
from importers.phrases import Phrase, gettext_noop, said
from importers.places import wkb
from importers.places.ordinates import Axis, OrdinateColumn, read_column, unpacked
from importers.places.shapes import PointRows, RowShapes, ShapeRows, dropped
from importers.places.written import read_places
from importers.readers.specification import GEOMETRY_COLUMN

Rows = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RawPlaces:
    """In the file's own datum, easting or longitude first.

    `blank` rows have nothing where the place should be; `reasons` tells of those that cannot be
    read; `sexagesimal` rows are written with signs of degrees. `original` gives the ordinates as
    the file has them, "" for none.
    """

    rows: RowShapes
    blank: Rows
    sexagesimal: Rows
    original: Callable[[], pa.Array]
    reasons: dict[int, CellReason] = field(default_factory=dict)


def columns_of(reading: PlaceReading) -> tuple[str, ...]:
    """The columns that a place is read from: the cells to mark where it is rejected."""
    datum = (reading.datum_column,) if reading.datum_column else ()
    if reading.source is PlaceSource.COLUMNS:
        return (reading.x, reading.y, *datum)
    return (reading.wkt, *datum) if reading.source is PlaceSource.WKT else ()


def read_rows(batch: pa.RecordBatch, reading: PlaceReading) -> RawPlaces:
    """Raises KeyError where the batch lacks a column that the reading names."""
    if reading.source is PlaceSource.GEOMETRY:
        return _from_geometries(batch.column(GEOMETRY_COLUMN), reading)
    if reading.source is PlaceSource.COLUMNS:
        return _from_columns(batch.column(reading.x), batch.column(reading.y), reading)
    if reading.source is PlaceSource.WKT:
        return _from_texts(batch.column(reading.wkt), reading)
    count = batch.num_rows
    nowhere = PointRows(np.full((count, 2), np.nan))
    return RawPlaces(nowhere, np.ones(count, bool), np.zeros(count, bool), nowhere.texts)


def _turned(rows: RowShapes, reading: PlaceReading) -> RowShapes:
    return rows.moved(lambda xy: xy[:, ::-1]) if reading.swapped else rows


def _from_geometries(column: pa.Array, reading: PlaceReading) -> RawPlaces:
    count = len(column)
    points = wkb.read_points(column)
    if points is not None:
        rows: RowShapes = PointRows(points)
        return RawPlaces(_turned(rows, reading), ~rows.present, np.zeros(count, bool), rows.texts)
    values = column.to_pylist()
    given = np.array([value is not None for value in values], dtype=bool)
    safe = np.array([value is not None and wkb.shallow(value) for value in values], dtype=bool)
    kept = [value if yes else None for value, yes in zip(values, safe, strict=True)]
    shapes = shapely.from_wkb(np.array([*kept, None], dtype=object)[:-1], on_invalid="ignore")
    shapes = shapely.force_2d(shapes)
    unread = given & shapely.is_missing(shapes)
    rows = ShapeRows(dropped(shapes, shapely.is_empty(shapes)))
    reason = CellReason(
        None,
        said(gettext_noop("The geometry cannot be read.")),
        said(gettext_noop("Collections of several shapes have to be taken apart first.")),
    )
    return RawPlaces(
        _turned(rows, reading),
        ~rows.present & ~unread,
        np.zeros(count, bool),
        rows.texts,
        {int(row): reason for row in np.flatnonzero(unread)},
    )


def _from_columns(x_cells: pa.Array, y_cells: pa.Array, reading: PlaceReading) -> RawPlaces:
    x, y = read_column(x_cells), read_column(y_cells)
    reasons = _cell_problems(reading, x, y)
    ordinates = _upright(x, y)
    sexagesimal = x.sexagesimal | y.sexagesimal
    if reading.packed:
        ordinates = _unpacked(ordinates, sexagesimal, reasons)
    blank = x.blank & y.blank
    half = (x.blank ^ y.blank) & ~_at(reasons, len(blank))
    for row in np.flatnonzero(half):
        name = reading.x if x.blank[row] else reading.y
        reasons[int(row)] = _reason(
            gettext_noop("Only one of the two ordinates is there: “%(name)s” is empty."), name=name
        )
    lost = blank | _at(reasons, len(blank))
    rows = PointRows(np.where(lost[:, None], np.nan, ordinates))

    def original() -> pa.Array:
        cells = [pc.fill_null(pc.cast(each, pa.string()), "") for each in (x_cells, y_cells)]
        return pc.if_else(pa.array(blank), "", pc.binary_join_element_wise(*cells, "; "))

    return RawPlaces(_turned(rows, reading), blank, sexagesimal, original, reasons)


def _at(reasons: dict[int, CellReason], count: int) -> Rows:
    rows = np.zeros(count, dtype=bool)
    rows[list(reasons)] = True
    return rows


def _cell_problems(
    reading: PlaceReading, x: OrdinateColumn, y: OrdinateColumn
) -> dict[int, CellReason]:
    reasons: dict[int, CellReason] = {}
    for name, column in ((reading.x, x), (reading.y, y)):
        for row, problem in column.problems.items():
            reasons[row] = CellReason(
                None,
                said(gettext_noop("%(name)s: %(problem)s"), name=name, problem=problem),
                said(gettext_noop("Write it like 109.71014, 109°42′36.5″ or 549406.431.")),
            )
    same = (x.axes == y.axes) & (x.axes != Axis.UNSAID)
    for number in np.flatnonzero(same):
        reasons[int(number)] = _reason(gettext_noop("Both ordinates name the same direction."))
    return reasons


def _upright(x: OrdinateColumn, y: OrdinateColumn) -> NDArray[np.float64]:
    """East first; where the cells themselves say otherwise they are right."""
    turned = (x.axes == Axis.NORTH) | (y.axes == Axis.EAST)
    ordinates = np.column_stack([x.values, y.values])
    return np.where(turned[:, None], ordinates[:, ::-1], ordinates)


def _unpacked(
    ordinates: NDArray[np.float64], sexagesimal: Rows, reasons: dict[int, CellReason]
) -> NDArray[np.float64]:
    degrees = np.where(sexagesimal[:, None], ordinates, unpacked(ordinates))
    broken = np.isnan(degrees).any(axis=1) & ~np.isnan(ordinates).any(axis=1)
    for row in np.flatnonzero(broken):
        reasons[int(row)] = _reason(
            gettext_noop("Read as degrees, minutes and seconds there are more than 59 of these.")
        )
    return degrees


def _from_texts(cells: pa.Array, reading: PlaceReading) -> RawPlaces:
    found = read_places(cells)
    reasons = {
        row: CellReason(
            None,
            problem,
            said(
                gettext_noop("Write it like “109.71014,28.57012” or “POINT (109.71014 28.57012)”.")
            ),
        )
        for row, problem in found.problems.items()
    }
    shapes = dropped(found.shapes, shapely.is_empty(found.shapes))
    if reading.swapped:
        # Cells that say themselves which ordinate is which are in order already.
        turned = shapely.transform(shapes, lambda xy: xy[:, ::-1])
        shapes = np.where(found.ordered, shapes, turned)
    blank = found.blank | (shapely.is_missing(shapes) & ~_at(reasons, len(shapes)))

    def original() -> pa.Array:
        return pc.if_else(pa.array(found.blank), "", pc.fill_null(pc.cast(cells, pa.string()), ""))

    raw = RawPlaces(ShapeRows(shapes), blank, found.sexagesimal, original, reasons)
    return _with_points(raw) if not reading.packed else _with_points(raw, unpack=True)


def _with_points(raw: RawPlaces, *, unpack: bool = False) -> RawPlaces:
    """As a table of ordinates where all shapes are points."""
    shapes = raw.rows.shapes
    kinds = shapely.get_type_id(shapes)
    if not np.isin(kinds, (-1, shapely.GeometryType.POINT.value)).all():
        return raw
    ordinates = np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])
    reasons = dict(raw.reasons)
    if unpack:
        ordinates = _unpacked(ordinates, raw.sexagesimal, reasons)
    return replace(raw, rows=PointRows(ordinates), reasons=reasons)


def _reason(text: str, **parameters: str | Phrase) -> CellReason:
    return CellReason(None, said(text, **parameters))
