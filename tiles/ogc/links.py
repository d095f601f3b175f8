"""Relations and templated links of OGC API - Tiles (20-057, clause 3.3)."""

from dataclasses import dataclass
from typing import Any

from layers.ogc.links import Addresses, Link
from tiles.matrices.specification import TileMatrixSet

_OGC = "http://www.opengis.net/def/rel/ogc/1.0"
TILING_SCHEMES = f"{_OGC}/tiling-schemes"
TILING_SCHEME = f"{_OGC}/tiling-scheme"
TILESETS = f"{_OGC}/tilesets-vector"
GEODATA = f"{_OGC}/geodata"

MVT = "application/vnd.mapbox-vector-tile"
TILE = "{tileMatrix}/{tileRow}/{tileCol}"


@dataclass(frozen=True, slots=True)
class Template(Link):
    """A link whose address has places to be filled in (RFC 6570)."""

    def as_dict(self) -> dict[str, Any]:
        return {**Link.as_dict(self), "templated": True}


def matrix_set_address(addresses: Addresses, matrix_set: TileMatrixSet) -> str:
    return addresses.to(f"tileMatrixSets/{matrix_set.name}")
