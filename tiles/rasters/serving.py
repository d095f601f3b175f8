"""The bytes of a raster tile, and the tag by which browsers ask whether they are the same."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from layers.models.raster import Raster, RasterKind
from tiles.coordinates import Tile
from tiles.rasters.asking import Asked
from tiles.rasters.cache import CACHE
from tiles.rasters.catalogue import require_tile, touches
from tiles.rasters.datasets import POOL
from tiles.rasters.drawing import draw
from tiles.rasters.encoding import encoded, means_values, require_format
from tiles.rasters.grid import block_of
from tiles.rasters.stored import stored_jpeg

DRAWING = 2
"""Counted up whenever the same request is to be drawn otherwise: browsers keep tiles."""


@dataclass(frozen=True, slots=True)
class TileRequest:
    """One tile of a raster that the reader may see. Made by `requested`, which checks it."""

    raster: Raster
    tile: Tile
    asked: Asked
    suffix: str

    @property
    def tag(self) -> str:
        """The same for the same bytes; it needs neither file nor drawing."""
        raster = self.raster
        said = [DRAWING, raster.name, raster.version, raster.sha256, *self.tile, self.suffix]
        text = json.dumps([*said, sorted(self.asked.query.items())])
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def requested(raster: Raster, tile: Tile, asked: Asked, suffix: str) -> TileRequest:
    """Raises NotFound for a tile that there is not, BadRequest for a format that does not fit."""
    require_tile(raster, tile)
    require_format(suffix, raster, asked)
    return TileRequest(raster, tile, asked, suffix)


def tile_bytes(request: TileRequest) -> bytes:
    """Empty where the raster has no values. Raises BadRequest or RasterUnavailable."""
    if not touches(request.raster, request.tile):
        return b""
    known = CACHE.get(request.tag)
    if known is not None:
        return known
    body = drawn(request)
    CACHE.put(request.tag, body)
    return body


def drawn(request: TileRequest) -> bytes:
    """The tile as it is drawn and encoded, whatever is in the cache."""
    raster, tile, asked = request.raster, request.tile, request.asked
    with POOL.lent(raster) as dataset:
        body = _as_stored(dataset, request)
        if body is not None:
            return body
        picture = draw(dataset, raster, tile, asked)
    if picture.empty:
        return b""
    return encoded(picture, request.suffix, exact=means_values(raster, asked))


def _as_stored(dataset: Any, request: TileRequest) -> bytes | None:
    raster, tile = request.raster, request.tile
    untouched = raster.kind == RasterKind.IMAGERY and not request.asked.query
    if request.suffix != "jpg" or not untouched:
        return None
    if not raster.min_zoom <= tile.z <= raster.max_zoom:
        return None
    return stored_jpeg(dataset, block_of(dataset, raster.max_zoom, tile))
