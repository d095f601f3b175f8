"""Where rows are: shapes checked and brought to EPSG:4490, and the division each place is in."""

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from importers.columns import CellReason
from importers.datums import Datum, Shapes
from importers.phrases import Phrase, gettext_noop, said
from layers.crs import CGCS2000
from layers.divisions import ELSEWHERE_LIMIT_M, HUNAN_BOUNDS, METRES_A_DEGREE, CountyLocator
from layers.editing.geometry import ACCEPTED, MOST_VERTICES
from layers.models.division import Division
from layers.registry import Layer

TOLERANCE_DEGREES = ELSEWHERE_LIMIT_M / METRES_A_DEGREE
_TYPE_NAMES = dict(
    enumerate(
        [
            "Point",
            "LineString",
            "LinearRing",
            "Polygon",
            "MultiPoint",
            "MultiLineString",
            "MultiPolygon",
            "GeometryCollection",
        ]
    )
)
"""By shapely's type ids."""
_PROMOTIONS = {
    shapely.GeometryType.LINESTRING.value: shapely.multilinestrings,
    shapely.GeometryType.POLYGON.value: shapely.multipolygons,
}


@dataclass(slots=True)
class Places:
    """Aligned with the rows: the shape to store or None, the county found or "", reasons by row."""

    shapes: Shapes
    sources: Shapes
    counties: NDArray[np.str_]
    reasons: dict[int, CellReason] = field(default_factory=dict)

    def reject(self, rows: NDArray[np.bool_], text: Phrase) -> None:
        for row in np.flatnonzero(rows):
            self.reasons.setdefault(int(row), CellReason(None, text))
        self.shapes[rows] = None


class Placement:
    """Places the rows of one file."""

    def __init__(self, layer: Layer, datum: Datum | None) -> None:
        self.layer = layer
        self.datum = datum
        self.locator = CountyLocator()
        self._tree = STRtree(self.locator.polygons)
        self._polygons = dict(zip(self.locator.codes.tolist(), self.locator.polygons, strict=True))
        self._names = dict(
            Division.objects.filter(level=Division.Level.COUNTY).values_list("code", "name")
        )

    def place(self, wkb: NDArray[np.object_]) -> Places:
        sources = shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore"))
        given = np.array([each is not None for each in wkb], dtype=bool)
        places = Places(sources.copy(), sources, np.full(len(wkb), "", dtype="<U12"))
        unread = given & shapely.is_missing(sources)
        places.reject(unread, said(gettext_noop("The geometry cannot be read.")))
        absent = (~given | shapely.is_empty(sources)) & ~unread
        places.shapes[absent] = None
        places.sources[absent] = None
        if not self.layer.geometry_may_be_empty:
            places.reject(absent, said(gettext_noop("The row has no geometry.")))
        self._check_form(places)
        if self.datum is not None:
            places.shapes = self.datum.to_stored(places.shapes)
        self._check_place(places)
        self._locate(places)
        places.shapes = promoted(places.shapes)
        return places

    def _check_form(self, places: Places) -> None:
        places.shapes = _single(places.shapes)
        kinds = shapely.get_type_id(places.shapes)
        present = ~shapely.is_missing(places.shapes)
        wanted = set(ACCEPTED[self.layer.geometry])
        right = np.isin(kinds, [number for number, name in _TYPE_NAMES.items() if name in wanted])
        for number in np.unique(kinds[present & ~right]):
            text = said(
                gettext_noop("This layer takes %(wanted)s, not %(given)s."),
                wanted=" / ".join(sorted(wanted)),
                given=_TYPE_NAMES[int(number)],
            )
            places.reject(present & (kinds == number), text)
        places.reject(
            shapely.get_num_coordinates(places.shapes) > MOST_VERTICES,
            said(
                gettext_noop("More than %(most)d vertices: split the feature."), most=MOST_VERTICES
            ),
        )
        if self.layer.geometry != "point":
            broken = ~shapely.is_missing(places.shapes) & ~shapely.is_valid(places.shapes)
            for row in np.flatnonzero(broken):
                reason = shapely.is_valid_reason(places.shapes[row])
                text = said(gettext_noop("The shape is not valid: %(reason)s"), reason=reason)
                places.reject(np.arange(len(broken)) == row, text)

    def _check_place(self, places: Places) -> None:
        present = ~shapely.is_missing(places.shapes)
        west, south, east, north = shapely.bounds(places.shapes).T
        inside = (
            (west >= HUNAN_BOUNDS.west)
            & (south >= HUNAN_BOUNDS.south)
            & (east <= HUNAN_BOUNDS.east)
            & (north <= HUNAN_BOUNDS.north)
        )
        # A comparison with NaN is false, so ordinates that are no numbers end here too.
        places.reject(present & ~inside, _outside())

    def _locate(self, places: Places) -> None:
        """The county of each place, or the nearest one within the boundaries' own uncertainty."""
        rows = np.flatnonzero(~shapely.is_missing(places.shapes))
        if not len(rows):
            return
        points = places.shapes[rows]
        if self.layer.geometry != "point":
            points = shapely.point_on_surface(points)
        places.counties[rows] = self.locator.locate(points)
        lost = rows[places.counties[rows] == ""]
        if not len(lost):
            return
        near = self._tree.query_nearest(
            places.shapes[lost], max_distance=TOLERANCE_DEGREES, all_matches=False
        )
        places.counties[lost[near[0]]] = self.locator.codes[near[1]]
        still = np.zeros(len(places.shapes), dtype=bool)
        still[lost] = places.counties[lost] == ""
        places.reject(still, _outside())

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


def _single(shapes: Shapes) -> Shapes:
    """A multipoint of one point is that point; other programs write all points so."""
    lone = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT.value) & (
        shapely.get_num_geometries(shapes) == 1
    )
    return np.where(lone, shapely.get_geometry(shapes, 0), shapes)


def promoted(shapes: Shapes) -> Shapes:
    """Lines and polygons as multi, as the layers store them."""
    kinds = shapely.get_type_id(shapes)
    out = shapes.copy()
    for kind, promote in _PROMOTIONS.items():
        rows = np.flatnonzero(kinds == kind)
        if len(rows):
            out[rows] = promote(shapes[rows], indices=np.arange(len(rows)))
    return out


def ewkb_hex(shapes: Shapes) -> list[str | None]:
    """As COPY takes a geometry; None stays None."""
    numbered = shapely.set_srid(shapes, CGCS2000)
    texts: list[str | None] = shapely.to_wkb(numbered, hex=True, include_srid=True).tolist()
    return texts


def original_ordinates(sources: Shapes) -> list[str]:
    """As the file had them: WKT for points, WKB in hex for the rest, "" for none."""
    if (shapely.get_dimensions(sources) <= 0).all():
        texts = shapely.to_wkt(sources, rounding_precision=-1)
    else:
        texts = shapely.to_wkb(sources, hex=True)
    return [text or "" for text in texts.tolist()]


def _outside() -> Phrase:
    return said(
        gettext_noop("The place is outside Hunan. Are the columns swapped, or is it another datum?")
    )
