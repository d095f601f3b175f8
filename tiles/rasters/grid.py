"""Where a web tile lies in a raster's file (OGC 17-083r4, WebMercatorQuad)."""

import math
from typing import Any, NamedTuple

from tiles.coordinates import Tile

TILE = 256
"""Pixels of a tile's side, and of a block of the file."""
EARTH_RADIUS_M = 6_378_137.0
HALF_WORLD_M = math.pi * EARTH_RADIUS_M


def pixel_size(zoom: int) -> float:
    """Metres of EPSG:3857 that a pixel of a zoom spans."""
    return 2 * HALF_WORLD_M / (TILE << zoom)


class Box(NamedTuple):
    """West, south, east, north in metres of EPSG:3857."""

    west: float
    south: float
    east: float
    north: float


def tile_box(tile: Tile) -> Box:
    side = TILE * pixel_size(tile.z)
    west, north = tile.x * side - HALF_WORLD_M, HALF_WORLD_M - tile.y * side
    return Box(west, north - side, west + side, north)


class Block(NamedTuple):
    """A block of the file: how many times halved, column and row of it there."""

    halvings: int
    column: int
    row: int


def block_of(dataset: Any, max_zoom: int, tile: Tile) -> Block:
    """The block that is the tile, which may lie outside the file.

    The importer aligned the file's corner with tiles of all its zooms: the divisions are exact.
    """
    side = TILE * dataset.transform.a
    left = round((dataset.transform.c + HALF_WORLD_M) / side)
    top = round((HALF_WORLD_M - dataset.transform.f) / side)
    halvings = max_zoom - tile.z
    return Block(halvings, tile.x - (left >> halvings), tile.y - (top >> halvings))
