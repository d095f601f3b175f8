"""What a tile holds, read by another library."""

from typing import Any

import mapbox_vector_tile

from tiles.coordinates import EXTENT


def features(body: bytes | None, layer: str) -> list[dict[str, Any]]:
    """The features of one layer of a tile, rows counted downwards; none of an empty tile."""
    if not body:
        return []
    found = mapbox_vector_tile.decode(bytes(body), default_options={"y_coord_down": True})
    listed: list[dict[str, Any]] = found[layer]["features"]
    return listed


def represented(body: bytes | None, layer: str) -> int:
    """Points a tile stands for. Of raw ones only those inside: its buffer is its neighbours'."""
    return sum(
        each["properties"].get("n", 1)
        for each in features(body, layer)
        if all(0 <= ordinate < EXTENT for ordinate in each["geometry"]["coordinates"])
    )
