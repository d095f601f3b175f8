"""The sets that are offered: the web's, as OGC registers it, and Tianditu's in degrees."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layers.crs import CGCS2000, WEB_MERCATOR
from layers.errors import NotFound
from tiles.coordinates import DEEPEST
from tiles.matrices.specification import PIXEL_M, TILE_PIXELS, TileMatrix, TileMatrixSet

EQUATOR_M = 40_075_016.685578488
"""The circumference of a sphere with CGCS2000's and WGS 84's half axis, 6,378,137 m."""

_OGC = "http://www.opengis.net/def"


def _matrix(zoom: int, span: float, metres_a_unit: float, width: int, height: int) -> TileMatrix:
    cell = span / TILE_PIXELS
    return TileMatrix(zoom, cell, cell * metres_a_unit / PIXEL_M, width, height)


WEB_MERCATOR_QUAD = TileMatrixSet(
    name="WebMercatorQuad",
    title="Google Maps Compatible for the World",
    uri=f"{_OGC}/tilematrixset/OGC/1.0/WebMercatorQuad",
    scale_set=f"{_OGC}/wkss/OGC/1.0/GoogleMapsCompatible",
    srid=WEB_MERCATOR,
    axes=("X", "Y"),
    origin=(-EQUATOR_M / 2, EQUATOR_M / 2),
    matrices=tuple(
        _matrix(zoom, EQUATOR_M / 2**zoom, 1, 1 << zoom, 1 << zoom) for zoom in range(25)
    ),
    drawn=range(DEEPEST + 1),
)

DEGREES_DEEPEST = 20

CGCS2000_QUAD = TileMatrixSet(
    name="CGCS2000Quad",
    title=gettext_lazy("CGCS2000 longitude and latitude, as Tianditu’s matrix set c"),
    srid=CGCS2000,
    axes=("Lat", "Lon"),
    origin=(90.0, -180.0),
    # Zoom 1 is 2 × 1 tiles of 180 degrees: a pixel is 0.703125 degrees. Tianditu states the
    # denominators of these very matrices for pixels of 96 dpi (295,829,355.45 for zoom 1), and
    # ends at zoom 18; two more are drawn here.
    matrices=tuple(
        _matrix(zoom, 360 / 2**zoom, EQUATOR_M / 360, 1 << zoom, 1 << zoom - 1)
        for zoom in range(1, DEGREES_DEEPEST + 1)
    ),
    drawn=range(1, DEGREES_DEEPEST + 1),
)

TILE_MATRIX_SETS = {each.name: each for each in (WEB_MERCATOR_QUAD, CGCS2000_QUAD)}


def matrix_set_named(name: str) -> TileMatrixSet:
    """Raises NotFound and lists the sets there are."""
    if name not in TILE_MATRIX_SETS:
        raise NotFound(
            _("There is no such tile matrix set."),
            remedy=_("The tile matrix sets are: %(names)s")
            % {"names": ", ".join(TILE_MATRIX_SETS)},
        )
    return TILE_MATRIX_SETS[name]
