"""Where a delivered raster is: its datum, its outline, the division it is for, its tiles."""

from dataclasses import dataclass

import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from shapely import Polygon

from importers.phrases import Phrase, gettext_noop, said
from importers.places import advice
from importers.places.datums import Datum, Shapes, named_datum, read_datum
from importers.rasters.description import RasterDescription
from importers.rasters.encoding import Kind
from importers.rasters.grid import Box, TileBlock, block_around, mercator, pixel_size, zoom_of
from layers.divisions import HUNAN_BOUNDS
from layers.errors import Rejected
from layers.models.division import Division

STEPS_AN_EDGE = 32
"""A straight edge of a plane grid is curved in degrees; at the middle of 50 km by some 20 m."""
SURROUNDINGS_DEGREES = 2.0
"""Elevation comes in squares of a degree, which reach beyond the province."""
OFFSETS = ("gcj02", "gcj-02", "bd09", "bd-09")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a raster is and which tiles it fills.

    `bounds` in degrees of EPSG:4490, `box` the same in metres of EPSG:3857; `resolution_m` is the
    side of a pixel on the ground.
    """

    datum: Datum
    why: Phrase
    bounds: Box
    box: Box
    resolution_m: float
    block: TileBlock


def placed(found: RasterDescription, kind: Kind, division: Division, stated: str | None) -> Place:
    """Raises Rejected: no datum or one that cannot be placed surely, not in Hunan, elsewhere."""
    datum, why = _datum(found, stated)
    edge = datum.to_stored(shapely.points(_ordinates(found, _edge(found))))
    _check_inside(found, datum, edge)
    west, south, east, north = (float(value) for value in shapely.total_bounds(edge))
    _check_division(edge, division)
    box = Box(*mercator(west, south), *mercator(east, north))
    size = _pixel_size(found, datum)
    zoom = zoom_of(size, finest=kind is Kind.THEMATIC)
    middle = (south + north) / 2
    return Place(
        datum,
        why,
        Box(west, south, east, north),
        box,
        resolution_m=size * float(np.cos(np.radians(middle))),
        block=block_around(box, zoom),
    )


def _datum(found: RasterDescription, stated: str | None) -> tuple[Datum, Phrase]:
    if stated and stated.strip().lower() in OFFSETS:
        raise Rejected(
            _("A picture in GCJ-02 or BD-09 cannot be placed: the offset bends it."),
            remedy=_("Ask for the original in CGCS2000; do not use tiles saved from a web map."),
        )
    if stated:
        return named_datum(stated), said(gettext_noop("stated by a person"))
    if found.crs:
        return read_datum(found.crs), said(gettext_noop("stated in the file"))
    raise advice.missing(shapely.points(_ordinates(found, _edge(found))))


def _edge(found: RasterDescription) -> NDArray[np.float64]:
    """Pixel corners along the four edges, columns and rows, shape (n, 2)."""
    along = np.linspace(0, 1, STEPS_AN_EDGE + 1)
    nothing, whole = np.zeros_like(along), np.ones_like(along)
    sides = [(along, nothing), (whole, along), (along[::-1], whole), (nothing, along[::-1])]
    shares = np.concatenate([np.column_stack(side) for side in sides])
    edge: NDArray[np.float64] = shares * (found.width, found.height)
    return edge


def _ordinates(found: RasterDescription, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    a, b, c, d, e, f = found.transform
    if a * e == b * d:
        raise Rejected(
            _("The raster says that its pixels have no size."), remedy=_("Export it again.")
        )
    columns, rows = pixels.T
    return np.column_stack((a * columns + b * rows + c, d * columns + e * rows + f))


def _check_inside(found: RasterDescription, datum: Datum, edge: Shapes) -> None:
    """It has to touch the province, and not to reach far beyond it."""
    west, south, east, north = shapely.total_bounds(edge)
    box, more = HUNAN_BOUNDS, SURROUNDINGS_DEGREES
    # Every comparison with NaN or infinity that matters is false, so such places end here, too.
    touches = west <= box.east and east >= box.west and south <= box.north and north >= box.south
    if not touches or not np.isfinite((west, south, east, north)).all():
        refusal = advice.mismatched(datum, shapely.points(_ordinates(found, _edge(found))))
        raise refusal or Rejected(
            _("The raster is outside Hunan."),
            remedy=_("Check its datum, and whether it is the right file."),
        )
    if (
        west < box.west - more
        or south < box.south - more
        or east > box.east + more
        or north > box.north + more
    ):
        raise Rejected(
            _("The raster reaches far beyond Hunan."),
            remedy=_("Cut out the province, or the part that is needed."),
        )


def _check_division(edge: Shapes, division: Division) -> None:
    """The raster must touch its division; below the county there is no boundary to tell by."""
    code = division.code
    county = f"{code[:6]}000000"
    known = Division.objects.filter(code__in={code, county}, boundary__isnull=False)
    nearest = known.order_by("-code").first()
    if nearest is None or nearest.boundary is None:
        return
    outline = Polygon(shapely.get_coordinates(edge))
    if not shapely.intersects(outline, shapely.from_wkb(bytes(nearest.boundary.wkb))):
        raise Rejected(
            _("The raster does not touch %(division)s.") % {"division": nearest.name},
            remedy=_("State the place that it shows."),
            detail={"control": "division"},
        )


def _pixel_size(found: RasterDescription, datum: Datum) -> float:
    """Metres of EPSG:3857 of a pixel in the middle: the side of a square of the same area."""
    middle = np.array([found.width / 2, found.height / 2])
    corners = middle + np.array([(0, 0), (1, 0), (0, 1)])
    degrees = shapely.get_coordinates(datum.to_stored(shapely.points(_ordinates(found, corners))))
    origin, right, down = (np.array(mercator(*pair)) for pair in degrees)
    across, along = right - origin, down - origin
    return float(np.sqrt(abs(across[0] * along[1] - across[1] * along[0])))


def bytes_needed(place: Place, bytes_a_pixel: int) -> int:
    """Of disk, at most, while it is converted: the warped copy and the result, unpacked, each with
    a third on top for overviews."""
    size = pixel_size(place.block.zoom)
    width = (place.box.east - place.box.west) / size
    height = (place.box.north - place.box.south) / size
    return int(2 * width * height * bytes_a_pixel * 4 / 3)
