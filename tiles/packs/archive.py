"""One PMTiles archive (version 3 of its specification), written tile by tile within a limit.

The library's own writer keys tiles by Python's 64-bit hash, writes to the shared temporary folder
and knows no limit; its directories and its header are used as they are.
"""

import gzip
import hashlib
import json
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NamedTuple, Self

from django.utils.translation import gettext as _
from pmtiles.tile import (
    Compression,
    Entry,
    HeaderDict,
    TileType,
    serialize_header,
    zxy_to_tileid,
)
from pmtiles.writer import optimize_directories

from layers.divisions import Bounds
from layers.errors import Rejected
from tiles.coordinates import Tile

VERSION = 3
HEADER_BYTES = 127
FIRST_BYTES = 16_384
"""Header and root directory must fit in them: readers fetch so much first."""
LEVEL = 6
E7 = 10_000_000


class Budget:
    """How many bytes all archives of a pack may have together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = 0

    def take(self, size: int) -> None:
        """Raises OverBudget, before anything is written."""
        self._taken += size
        if self._taken > self._most:
            raise OverBudget(
                _("The pack would be larger than its budget of %(most).1f MB.")
                % {"most": self._most / 1e6},
                remedy=_("Choose a lower zoom, fewer layers, a smaller area or a larger budget."),
            )


class OverBudget(Rejected):
    code = "over-budget"


class Extent(NamedTuple):
    """What the header says: zooms, and a box in degrees."""

    min_zoom: int
    max_zoom: int
    bounds: Bounds


class Archive:
    """A context: leaving it without `finish` leaves no file. Tiles come in the order of their ids.

    Raises OverBudget as soon as the limit is passed, OSError when the disk refuses.
    """

    def __init__(self, path: Path, kind: TileType, budget: Budget) -> None:
        self._path = path
        self._kind = kind
        self._budget = budget
        self._entries: list[Entry] = []
        self._places: dict[bytes, tuple[int, int]] = {}
        self._length = 0
        self.tiles = 0

    @property
    def contents(self) -> int:
        """How many different tiles there are."""
        return len(self._places)

    @property
    def compressed(self) -> bool:
        """Pictures are compressed already."""
        return self._kind is TileType.MVT

    def __enter__(self) -> Self:
        self._data: IO[bytes] = self._scratch("tiles").open("w+b")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._data.close()
        for name in ("tiles", "partial"):
            self._scratch(name).unlink(missing_ok=True)

    def _scratch(self, name: str) -> Path:
        return self._path.with_name(f"{self._path.name}.{name}")

    def add(self, tile: Tile, body: bytes) -> int:
        """Keep a tile that is not empty; returns the bytes by which the archive has grown."""
        grown = 0
        digest = hashlib.sha256(body).digest()
        if digest not in self._places:
            stored = packed(body) if self.compressed else body
            grown = len(stored)
            self._budget.take(grown)
            self._data.write(stored)
            self._places[digest] = (self._length, grown)
            self._length += grown
        self._enter(tile, *self._places[digest])
        self.tiles += 1
        return grown

    def _enter(self, tile: Tile, offset: int, length: int) -> None:
        """A run of the same tile is one entry; it ends with its zoom, where the ids begin anew."""
        number = zxy_to_tileid(*tile)
        if self._entries and (tile.x or tile.y):
            last = self._entries[-1]
            if last.offset == offset and number == last.tile_id + last.run_length:
                last.run_length += 1
                return
        self._entries.append(Entry(number, offset, length, 1))

    def finish(self, extent: Extent, metadata: dict[str, Any]) -> int:
        """Write directories, metadata and tiles, and give the file its name; returns its size."""
        root, leaves, _count = optimize_directories(  # type: ignore[no-untyped-call]
            self._entries, FIRST_BYTES - HEADER_BYTES
        )
        told = gzip.compress(json.dumps(metadata, ensure_ascii=False).encode(), LEVEL, mtime=0)
        self._budget.take(HEADER_BYTES + len(root) + len(told) + len(leaves))
        header = serialize_header(self._header(extent, len(root), len(told), len(leaves)))
        partial = self._scratch("partial")
        self._data.seek(0)
        with partial.open("wb") as file:
            for part in (header, root, told, leaves):
                file.write(part)
            shutil.copyfileobj(self._data, file)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o600)
        partial.replace(self._path)
        return self._path.stat().st_size

    def _header(self, extent: Extent, root: int, metadata: int, leaves: int) -> HeaderDict:
        west, south, east, north = (round(each * E7) for each in extent.bounds)
        after_root = HEADER_BYTES + root
        return {
            "version": VERSION,
            "root_offset": HEADER_BYTES,
            "root_length": root,
            "metadata_offset": after_root,
            "metadata_length": metadata,
            "leaf_directory_offset": after_root + metadata,
            "leaf_directory_length": leaves,
            "tile_data_offset": after_root + metadata + leaves,
            "tile_data_length": self._length,
            "addressed_tiles_count": self.tiles,
            "tile_entries_count": len(self._entries),
            "tile_contents_count": self.contents,
            "clustered": True,
            "internal_compression": Compression.GZIP,
            "tile_compression": Compression.GZIP if self.compressed else Compression.NONE,
            "tile_type": self._kind,
            "min_zoom": extent.min_zoom,
            "max_zoom": extent.max_zoom,
            "min_lon_e7": west,
            "min_lat_e7": south,
            "max_lon_e7": east,
            "max_lat_e7": north,
            "center_zoom": extent.max_zoom,
            "center_lon_e7": (west + east) // 2,
            "center_lat_e7": (south + north) // 2,
        }


def packed(body: bytes) -> bytes:
    """As a vector tile is kept: gzip without a time, so that the same tile is the same bytes."""
    return gzip.compress(body, LEVEL, mtime=0)
