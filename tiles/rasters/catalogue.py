"""Which raster an address means, for one reader, and at which zooms it has tiles."""

import math

from django.utils.translation import gettext as _

from layers.access.policy import Actor
from layers.access.rasters import visible_rasters
from layers.errors import NotFound
from layers.models.raster import Raster
from tiles.coordinates import DEEPEST, Tile

ENLARGED_ZOOMS = 4
"""Above max_zoom; further on a pixel of the raster fills a sixteenth of a tile."""
REDUCED_ZOOMS = 4
"""Below min_zoom, where a raster is one or two tiles: further on it is a dot."""


def visible_raster(user: Actor, name: str) -> Raster:
    """Raises NotFound, in the same words for one that is hidden and one that does not exist."""
    raster = visible_rasters(user).filter(name=name).first()
    if raster is None:
        raise NotFound(_("There is no raster “%(name)s”.") % {"name": name})
    return raster


def zooms(raster: Raster) -> range:
    """The zooms that are answered; the raster's own are those from min_zoom to max_zoom."""
    deepest = max(min(raster.max_zoom + ENLARGED_ZOOMS, DEEPEST), raster.max_zoom)
    return range(max(raster.min_zoom - REDUCED_ZOOMS, 0), deepest + 1)


def require_tile(raster: Raster, tile: Tile) -> None:
    """Raises NotFound for a tile that no raster could have, and for a zoom outside its own."""
    # The zoom first: shifting by whatever an address says could fill the memory.
    if tile.z not in zooms(raster) or max(tile.x, tile.y) >= 1 << tile.z:
        raise NotFound(
            _("There is no such tile; zooms are %(least)d to %(most)d.")
            % {"least": zooms(raster).start, "most": zooms(raster).stop - 1}
        )


def touches(raster: Raster, tile: Tile) -> bool:
    """Whether the tile has a part of the box of the raster's values."""
    west, south, east, north = raster.box
    side = 1 << tile.z
    left, right = ((column / side) * 360 - 180 for column in (tile.x, tile.x + 1))
    top, bottom = (_latitude(row / side) for row in (tile.y, tile.y + 1))
    return left < east and right > west and bottom < north and top > south


def _latitude(down: float) -> float:
    """Degrees, of a share of the way down the world's square (spherical Mercator, inverted)."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))
