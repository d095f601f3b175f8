"""Where rows are: shapes checked and brought to EPSG:4490, and the division each place is in."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from importers.columns import CellReason
from importers.interpretation import PlaceReading, PlaceSource
from importers.phrases import Phrase, gettext_noop, said
from importers.places.datums import Shapes, datum_of
from importers.places.hints import outside_hints
from importers.places.rows import RawPlaces, columns_of, read_rows
from importers.places.shapes import PointRows, RowShapes, ShapeRows, dropped, single
from importers.places.stated_datums import contradictions
from layers.divisions import ELSEWHERE_LIMIT_M, HUNAN_BOUNDS, METRES_A_DEGREE, CountyLocator
from layers.editing.geometry import ACCEPTED, MOST_VERTICES
from layers.models.division import Division
from layers.registry import Layer

Rows = NDArray[np.bool_]
TOLERANCE_DEGREES = ELSEWHERE_LIMIT_M / METRES_A_DEGREE
_TYPE_NAMES = {
    0: "Point",
    1: "LineString",
    2: "LinearRing",
    3: "Polygon",
    4: "MultiPoint",
    5: "MultiLineString",
    6: "MultiPolygon",
    7: "GeometryCollection",
}
"""By shapely's type ids."""


@dataclass(slots=True)
class Places:
    """Aligned with the rows: the shape to store, the county found or "", reasons by row.

    `ewkb_hex` and `original_ordinates` are made when they are asked for: a refused load needs
    neither.
    """

    rows: RowShapes
    raw: RawPlaces
    counties: NDArray[np.str_]
    keep_original: bool
    reasons: dict[int, CellReason] = field(default_factory=dict)

    @property
    def shapes(self) -> Shapes:
        """In EPSG:4490, None where a row has no place or is rejected."""
        return self.rows.shapes

    @property
    def sources(self) -> Shapes:
        """In the file's datum, easting or longitude first."""
        return self.raw.rows.shapes

    @property
    def original_ordinates(self) -> pa.Array:
        """As the file has them: cells as they are written, WKT of points, WKB of other shapes.

        "" where there are none, and where what is stored is the original.
        """
        if not self.keep_original:
            return pa.array([""] * len(self.counties), pa.string())
        return self.raw.original()

    @property
    def ewkb_hex(self) -> pa.Array:
        """As COPY takes a geometry; null where there is none."""
        return self.rows.ewkb_hex()

    def reject(self, rows: Rows, text: Phrase, hint: Phrase | None = None) -> None:
        for row in np.flatnonzero(rows):
            self.reasons.setdefault(int(row), CellReason(None, text, hint))
        if rows.any():
            self.rows = self.rows.without(rows)


class Placement:
    """Places the rows of one file. Raises Rejected for a datum that cannot be placed surely."""

    def __init__(
        self, layer: Layer, reading: PlaceReading, locator: CountyLocator | None = None
    ) -> None:
        self.layer = layer
        self.reading = reading
        self.datum = datum_of(reading)
        self.locator = locator or CountyLocator()
        self._tree = STRtree(self.locator.polygons)
        self._polygons = dict(zip(self.locator.codes.tolist(), self.locator.polygons, strict=True))
        self._names = dict(
            Division.objects.filter(level=Division.Level.COUNTY).values_list("code", "name")
        )

    @property
    def accuracy_m(self) -> float | None:
        """The accepted error, to be stored with each feature that has a place."""
        return self.datum.accuracy_m if self.datum is not None else None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a place is read from: the cells to mark where it is rejected."""
        return columns_of(self.reading)

    def place(self, batch: pa.RecordBatch) -> Places:
        raw = read_rows(batch, self.reading)
        places = Places(
            raw.rows,
            raw,
            np.full(batch.num_rows, "", dtype="<U12"),
            self._keeps_originals(),
            dict(raw.reasons),
        )
        self._check_stated(places, batch)
        if not self.layer.geometry_may_be_empty:
            places.reject(raw.blank, said(gettext_noop("The row has no geometry.")))
        if isinstance(places.rows, ShapeRows) or self.layer.geometry != "point":
            self._check_form(places)
        self._check_degrees(places)
        if self.datum is not None and self.datum.moves:
            places.rows = places.rows.moved(self.datum.to_degrees)
        self._check_place(places)
        self._locate(places)
        return places

    def _check_stated(self, places: Places, batch: pa.RecordBatch) -> None:
        """A row that states another datum than the file was read in would be somewhere else."""
        if not self.reading.datum_column or self.datum is None:
            return
        found = contradictions(batch.column(self.reading.datum_column), self.datum)
        if found:
            other = np.zeros(batch.num_rows, dtype=bool)
            other[list(found)] = True
            places.reasons.update(found)
            places.rows = places.rows.without(other)

    def _keeps_originals(self) -> bool:
        """A geometry in EPSG:4490 is stored as it is; of cells the wording is kept, too."""
        if self.datum is None:
            return False
        return not self.datum.stored or self.reading.source is not PlaceSource.GEOMETRY

    def _check_form(self, places: Places) -> None:
        shapes = single(places.rows.shapes)
        places.rows = ShapeRows(shapes)
        self._check_types(places, shapely.get_type_id(shapes))
        places.reject(
            shapely.get_num_coordinates(places.rows.shapes) > MOST_VERTICES,
            said(
                gettext_noop("More than %(most)d vertices: split the feature."), most=MOST_VERTICES
            ),
        )
        if self.layer.geometry == "point":
            shapes = places.rows.shapes
            places.rows = PointRows(np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)]))
            return
        self._check_validity(places)

    def _check_types(self, places: Places, kinds: NDArray[np.intp]) -> None:
        present = places.rows.present
        wanted = set(ACCEPTED[self.layer.geometry])
        right = np.isin(kinds, [number for number, name in _TYPE_NAMES.items() if name in wanted])
        for number in np.unique(kinds[present & ~right]):
            text = said(
                gettext_noop("This layer takes %(wanted)s, not %(given)s."),
                wanted=" / ".join(sorted(wanted)),
                given=_TYPE_NAMES[int(number)],
            )
            places.reject(present & (kinds == number), text, self._form_hint())

    def _form_hint(self) -> Phrase:
        if self.layer.geometry == "point":
            text = gettext_noop(
                "Export one point for each row (in QGIS: Point on Surface), or choose a layer of"
                " lines or areas."
            )
        else:
            text = gettext_noop("Choose the layer that this file's shapes belong to.")
        return said(text)

    def _check_validity(self, places: Places) -> None:
        shapes = places.rows.shapes
        broken = ~shapely.is_missing(shapes) & ~shapely.is_valid(shapes)
        hint = said(gettext_noop("Repair it before it is sent (in QGIS: Fix Geometries)."))
        for row in np.flatnonzero(broken):
            reason = shapely.is_valid_reason(shapes[row])
            text = said(gettext_noop("The shape is not valid: %(reason)s"), reason=reason)
            places.reasons.setdefault(int(row), CellReason(None, text, hint))
        places.rows = ShapeRows(dropped(shapes, broken))

    def _check_degrees(self, places: Places) -> None:
        if self.datum is None or self.datum.geographic:
            return
        places.reject(
            places.raw.sexagesimal,
            said(
                gettext_noop("The cells are degrees, and the file's datum %(name)s has metres."),
                name=self.datum.name,
            ),
            said(gettext_noop("Write this row in metres like the others, or send it on its own.")),
        )

    def _check_place(self, places: Places) -> None:
        present = places.rows.present
        west, south, east, north = places.rows.bounds().T
        inside = (
            (west >= HUNAN_BOUNDS.west)
            & (south >= HUNAN_BOUNDS.south)
            & (east <= HUNAN_BOUNDS.east)
            & (north <= HUNAN_BOUNDS.north)
        )
        # A comparison with NaN is false, so ordinates that are no numbers end here too.
        self._reject_outside(places, present & ~inside)

    def _reject_outside(self, places: Places, rows: Rows) -> None:
        numbers = np.flatnonzero(rows)
        hints = outside_hints(places.raw.rows, numbers, self.datum)
        for row, hint in zip(numbers.tolist(), hints, strict=True):
            places.reasons.setdefault(row, CellReason(None, _outside(), hint))
        if len(numbers):
            places.rows = places.rows.without(rows)

    def _locate(self, places: Places) -> None:
        """The county of each place, or the nearest one within the boundaries' own uncertainty."""
        rows = np.flatnonzero(places.rows.present)
        if not len(rows):
            return
        places.counties[rows] = self.locator.locate_ordinates(places.rows.standing(rows))
        lost = rows[places.counties[rows] == ""]
        if not len(lost):
            return
        near = self._tree.query_nearest(
            _taken(places.rows, lost), max_distance=TOLERANCE_DEGREES, all_matches=False
        )
        places.counties[lost[near[0]]] = self.locator.codes[near[1]]
        still = np.zeros(len(places.counties), dtype=bool)
        still[lost] = places.counties[lost] == ""
        self._reject_outside(places, still)

    def disagreement(self, shape: shapely.Geometry, division: str) -> Phrase | None:
        """A warning where the place is over 600 m outside the county that the row states."""
        county = f"{division[:6]}000000"
        polygon = self._polygons.get(county)
        if polygon is None:
            return None
        metres = shapely.distance(polygon, shape) * METRES_A_DEGREE
        if metres <= ELSEWHERE_LIMIT_M:
            return None
        return said(
            gettext_noop("The place is about %(km).1f km outside %(county)s."),
            km=float(metres) / 1000,
            county=self._names.get(county, county),
        )


def _taken(rows: RowShapes, numbers: NDArray[np.intp]) -> Shapes:
    if isinstance(rows, PointRows):
        return np.asarray(shapely.points(rows.ordinates[numbers]))
    return np.asarray(rows.shapes[numbers])


def _outside() -> Phrase:
    return said(
        gettext_noop("The place is outside Hunan. Are the columns swapped, or is it another datum?")
    )
