"""Where the tiles of a pack come from: the one way that draws each kind, for the pack's maker."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from django.http import QueryDict
from pmtiles.tile import TileType

from layers.access.policy import Actor
from layers.models.raster import Raster
from layers.reference import BOUNDARY_CREDIT
from layers.registry import LAYERS
from tiles.coordinates import Tile
from tiles.packs.archive import packed
from tiles.rasters import serving as raster_serving
from tiles.rasters.asking import Asked
from tiles.rasters.catalogue import touches, zooms
from tiles.rasters.encoding import means_values
from tiles.rasters.tilejson import attribution
from tiles.serving import tile_bytes
from tiles.tilejson import title_of, vector_layer

VECTORS = "vectors.pmtiles"


class Source(Protocol):
    """One archive's tiles. `file` is its name, `zooms` those it has."""

    file: str
    kind: TileType
    zooms: range

    def tile(self, tile: Tile) -> bytes:
        """Empty where there is nothing. In one pack: zoom by zoom, from the lowest."""

    def stored(self, body: bytes) -> int:
        """The bytes that a tile takes in the archive."""

    def metadata(self, max_zoom: int) -> dict[str, Any]:
        """What PMTiles readers show and style by."""


class VectorSource:
    """Several layers in one tile each: an MVT is a sequence of layers, so tiles are joined as they
    are (vector tile specification 2.1, §4.1; names differ)."""

    file = VECTORS
    kind = TileType.MVT

    def __init__(self, names: Sequence[str], user: Actor, deepest: int) -> None:
        self._names = names
        self._user = user
        self.zooms = range(deepest + 1)
        self._bare: dict[str, set[Tile]] = {name: set() for name in names if _prunable(name)}

    def tile(self, tile: Tile) -> bytes:
        return b"".join(self._layer_tile(name, tile) for name in self._names)

    def _layer_tile(self, name: str, tile: Tile) -> bytes:
        bare = self._bare.get(name)
        if bare is None:
            return tile_bytes(name, tile, self._user)
        if any(above in bare for above in _above(tile)):
            return b""
        body = tile_bytes(name, tile, self._user)
        if not body:
            bare.add(tile)
        return body

    def stored(self, body: bytes) -> int:
        return len(packed(body))

    def metadata(self, max_zoom: int) -> dict[str, Any]:
        layers = [
            {**vector_layer(name), "description": title_of(name), "minzoom": 0, "maxzoom": max_zoom}
            for name in self._names
        ]
        return {"attribution": BOUNDARY_CREDIT, "type": "overlay", "vector_layers": layers}


def _prunable(name: str) -> bool:
    """Below a tile without points there are none: its buffer holds the buffers of its children.
    Of lines and areas a coarse tile may drop what a finer one shows."""
    return name in LAYERS and LAYERS[name].geometry == "point"


def _above(tile: Tile) -> Iterator[Tile]:
    """The tiles that hold this one, the nearest first."""
    z, x, y = tile
    while z:
        z, x, y = z - 1, x // 2, y // 2
        yield Tile(z, x, y)


class RasterSource:
    """A raster as the map draws it; not beyond its own zooms, which clients enlarge themselves."""

    def __init__(self, raster: Raster, deepest: int) -> None:
        self._raster = raster
        self._asked = Asked.of(QueryDict(), raster)
        lossless = means_values(raster, self._asked)
        self._suffix = "png" if lossless else "webp"
        self.file = f"raster-{raster.name}.pmtiles"
        self.kind = TileType.PNG if lossless else TileType.WEBP
        self.zooms = range(zooms(raster).start, min(deepest, raster.max_zoom) + 1)

    def tile(self, tile: Tile) -> bytes:
        if not touches(self._raster, tile):
            return b""
        wanted = raster_serving.requested(self._raster, tile, self._asked, self._suffix)
        # Not through the cache: a pack would turn out of it whatever others look at.
        return raster_serving.drawn(wanted)

    def stored(self, body: bytes) -> int:
        return len(body)

    def metadata(self, max_zoom: int) -> dict[str, Any]:
        return {"attribution": attribution(self._raster), "type": "baselayer"}
