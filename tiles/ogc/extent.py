"""Where a tileset has tiles: its bounding box, and the rows and columns that touch it."""

from django.utils.translation import gettext as _

from layers.divisions import HUNAN_BOUNDS
from layers.errors import NotFound
from tiles.direct.squares import in_mercator
from tiles.matrices.catalogue import CGCS2000_QUAD, WEB_MERCATOR_QUAD
from tiles.matrices.specification import Limits, TileMatrix, TileMatrixSet

BOUNDS = {WEB_MERCATOR_QUAD.name: in_mercator(HUNAN_BOUNDS), CGCS2000_QUAD.name: HUNAN_BOUNDS}
"""Where features are, in each set's units: the editing service lets none in outside."""


def limits_of(found: TileMatrixSet, matrix: TileMatrix) -> Limits:
    return found.limits(matrix, BOUNDS[found.name])


def require_within(found: TileMatrixSet, zoom: int, column: int, row: int) -> None:
    """Raises NotFound for a tile outside the limits that the tileset states (/req/core/tc-error).

    An empty tile within them is no error. Whether the set has the tile is asked elsewhere.
    """
    matrix = found.matrix(zoom)
    if matrix is not None and not limits_of(found, matrix).have(column, row):
        raise NotFound(
            _("This tile lies outside the limits of the tileset."),
            remedy=_("The tileset lists its rows and columns as tileMatrixSetLimits."),
        )
