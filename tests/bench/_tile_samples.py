"""Which tiles are measured, and whether a tile has what a recount of the table says."""

from dataclasses import dataclass

import mapbox_vector_tile
from django.db import connection

from layers.registry.specification import Layer
from tiles.coordinates import MORTON_ZOOM, Tile
from tiles.overview.levels import FINEST, kept_level


@dataclass(frozen=True, slots=True)
class Sample:
    """The tiles of a zoom that are measured: the one with the most features first."""

    zoom: int
    tiles: list[Tile]
    features: int
    """In the first tile."""


def sample(layer: Layer, zoom: int, spread: int) -> Sample:
    """The densest tile and `spread` others, evenly by rank, by the pyramid itself."""
    level = kept_level(zoom)
    found = _rows(
        "SELECT code >> %s, sum(n_ok + n_due + n_overdue + n_defective + n_none) AS n"
        " FROM tiles_cell WHERE layer = %s AND level = %s GROUP BY 1 ORDER BY n DESC, 1",
        [2 * (level - zoom), layer.name, level],
    )
    others = found[1 :: max(1, (len(found) - 1) // max(1, spread))][:spread]
    tiles = [tile_of(zoom, code) for code, _n in [found[0], *others]]
    return Sample(zoom, tiles, int(found[0][1]))


def raw_tile(layer: Layer, zoom: int, most: int) -> Tile:
    """The tile with the most features that is still drawn as they are."""
    ((code,),) = _rows(
        "SELECT code >> %s FROM tiles_cell WHERE layer = %s AND level = %s GROUP BY 1"
        " HAVING sum(n_ok + n_due + n_overdue + n_defective + n_none) <= %s"
        " ORDER BY sum(n_ok + n_due + n_overdue + n_defective + n_none) DESC LIMIT 1",
        [2 * (FINEST - zoom), layer.name, FINEST, most],
    )
    return tile_of(zoom, code)


def tile_of(zoom: int, code: int) -> Tile:
    """The tile of a zoom whose column and row are interleaved in the code."""
    bits = [(code >> place) & 1 for place in range(2 * MORTON_ZOOM)]
    x = sum(bit << place for place, bit in enumerate(bits[0::2]))
    y = sum(bit << place for place, bit in enumerate(bits[1::2]))
    return Tile(zoom, x, y)


def represented(layer: Layer, tile: Tile, body: bytes) -> tuple[int, int]:
    """(counted in cells, drawn as themselves) of the features whose middle is in the tile."""
    features = mapbox_vector_tile.decode(body)[layer.name]["features"] if body else []
    cells = sum(each["properties"].get("n", 0) for each in features)
    drawn = [each["id"] for each in features if not each["properties"].get("aggregate")]
    ((inside,),) = _rows(
        f"SELECT count(*) FROM {layer.table}"
        " WHERE id = ANY(%s::bigint[]) AND morton BETWEEN %s AND %s",
        [drawn, *tile.morton_range],
    )
    return cells, inside


def recount(layer: Layer, tile: Tile) -> int:
    """Of the table itself, by the Morton codes of its rows."""
    ((count,),) = _rows(
        f"SELECT count(*) FROM {layer.table} WHERE morton BETWEEN %s AND %s", [*tile.morton_range]
    )
    return int(count)


def assert_complete(layer: Layer, tile: Tile, body: bytes) -> int:
    """Every feature of the tile is there once; returns how many those are.

    A line whose box has its middle in the tile may pass it by: then it is drawn next door.
    """
    there, counted = sum(represented(layer, tile, body)), recount(layer, tile)
    if there != counted and layer.geometry != "point":
        ((elsewhere,),) = _rows(
            f"SELECT count(*) FROM {layer.table} WHERE morton BETWEEN %s AND %s"
            " AND NOT ST_Intersects(geom_3857, ST_TileEnvelope(%s, %s, %s))",
            [*tile.morton_range, *tile],
        )
        assert counted - elsewhere <= there <= counted, (tile, there, counted, elsewhere)
        return counted
    assert there == counted, (tile, there, counted)
    return counted


def _rows(statement: str, values: list[object]) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[int, ...]] = cursor.fetchall()
    return found
