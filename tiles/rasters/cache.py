"""Encoded tiles of this process, the last used ones, bounded by their bytes.

Nothing is ever invalidated: the key has the raster's version. Access is asked before.
"""

import threading
from collections.abc import Hashable

from cachetools import LRUCache

MOST_BYTES = 64 << 20
ENTRY_BYTES = 500
"""What a key and its place cost beside the tile."""


class TileCache:
    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._tiles: LRUCache[Hashable, bytes] = LRUCache(most_bytes, _size)
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> bytes | None:
        with self._lock:
            return self._tiles.get(key)

    def put(self, key: Hashable, body: bytes) -> None:
        """One that is larger than all the room is not kept."""
        if _size(body) > self._tiles.maxsize:
            return
        with self._lock:
            self._tiles[key] = body

    @property
    def bytes_kept(self) -> int:
        return int(self._tiles.currsize)

    def clear(self) -> None:
        with self._lock:
            self._tiles.clear()


def _size(body: bytes) -> int:
    return len(body) + ENTRY_BYTES


CACHE = TileCache()
