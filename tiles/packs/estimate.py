"""How large a pack will be, told before it is made: tiles counted, bytes from a sample."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from tiles.coordinates import Tile
from tiles.packs.archive import OverBudget
from tiles.packs.cover import Cover
from tiles.packs.sources import Source

SAMPLE = 12
"""Tiles of each zoom that are drawn, spread evenly over the area."""
DIRECTORY_BYTES = 6
"""An entry of the directory, compressed; measured 3 to 6."""
HEADROOM = 1.15
"""What a sample may be wrong by and the pack still fit its budget."""


Sample = dict[tuple[str, Tile], bytes]
"""Tiles by file, drawn once: the lowest, which all are in it, take longest."""


@dataclass(frozen=True, slots=True)
class ZoomEstimate:
    zoom: int
    tiles: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """`zooms` up to the one asked for, or the one before there are too many tiles; `max_zoom` is
    the highest up to which they fit the budget."""

    zooms: tuple[ZoomEstimate, ...]
    asked_max_zoom: int
    max_zoom: int

    @property
    def fitting(self) -> list[ZoomEstimate]:
        return [each for each in self.zooms if each.zoom <= self.max_zoom]

    @property
    def tiles(self) -> int:
        return sum(each.tiles for each in self.fitting)

    @property
    def bytes(self) -> int:
        return sum(each.bytes for each in self.fitting)

    @property
    def lowered(self) -> bool:
        return self.max_zoom < self.asked_max_zoom

    def as_json(self) -> dict[str, Any]:
        return {
            "asked_max_zoom": self.asked_max_zoom,
            "max_zoom": self.max_zoom,
            "lowered": self.lowered,
            "tiles": self.tiles,
            "bytes": self.bytes,
            "zooms": [asdict(each) for each in self.zooms],
        }


def estimated(
    sources: Sequence[Source],
    covering: Sequence[Cover],
    *,
    asked_max_zoom: int,
    budget: int,
    check: Callable[[], None],
    sample: Sample,
) -> Estimate:
    """Puts what it draws into `sample`, and calls `check` before each tile of it.

    Raises OverBudget where not even the lowest zoom fits, what drawing a tile raises, and what
    `check` does.
    """
    zooms: list[ZoomEstimate] = []
    fits, total = -1, 0
    for cover in covering:
        size = sum(
            _bytes(source, cover, check, sample) for source in sources if cover.zoom in source.zooms
        )
        count = sum(len(cover) for source in sources if cover.zoom in source.zooms)
        zooms.append(ZoomEstimate(cover.zoom, count, size))
        total += size
        if total * HEADROOM > budget:
            break
        fits = cover.zoom
    if fits < 0:
        raise OverBudget(
            _("Not even the lowest zoom fits a budget of %(most).1f MB.") % {"most": budget / 1e6},
            remedy=_("Choose a larger budget."),
        )
    return Estimate(tuple(zooms), asked_max_zoom, fits)


def _bytes(source: Source, cover: Cover, check: Callable[[], None], sample: Sample) -> int:
    tiles = _spread(cover.tiles())
    size = 0
    for tile in tiles:
        check()
        body = sample[source.file, tile] = source.tile(tile)
        size += source.stored(body) + DIRECTORY_BYTES if body else 0
    return round(size * len(cover) / len(tiles))


def _spread(tiles: list[Tile]) -> list[Tile]:
    """From the middle of equal stretches of the order in which neighbours follow each other."""
    if len(tiles) <= SAMPLE:
        return tiles
    step = len(tiles) / SAMPLE
    return [tiles[int((number + 0.5) * step)] for number in range(SAMPLE)]
