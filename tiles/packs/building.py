"""build: the one way from a wish to the files of a pack."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from layers.access import policy
from layers.divisions import Bounds
from layers.errors import Conflict, Rejected
from layers.journal.verification import one_snapshot
from layers.models.access import User
from tiles.coordinates import Tile
from tiles.packs.archive import Archive, Budget, Extent, OverBudget
from tiles.packs.cover import Cover, covers
from tiles.packs.estimate import Estimate, Sample, estimated
from tiles.packs.manifest import manifest
from tiles.packs.sources import RasterSource, Source, VectorSource
from tiles.packs.versions import layer_versions
from tiles.packs.wish import MOST_TILES, Wish, check

METADATA_KEY = "xiangcun"
"""Of the manifest, among the keys that PMTiles knows."""


@dataclass(slots=True)
class Progress:
    """`total` tiles are looked at, `done` of them by now; `bytes` are kept."""

    estimate: Estimate | None = None
    done: int = 0
    total: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Built:
    """`manifest` with the files; `prefixes` are the divisions that their features may be of."""

    manifest: dict[str, Any]
    prefixes: tuple[str, ...]
    size: int


class PackCancelled(Conflict):
    code = "pack-cancelled"


Told = Callable[[Progress], None]
Cancelled = Callable[[], bool]


def build(
    *,
    actor: User,
    wish: Wish,
    folder: Path,
    progress: Told = lambda _progress: None,
    cancelled: Cancelled = lambda: False,
) -> Built:
    """Write the files of a pack into a folder, all from one moment's data.

    Raises what `check` refuses, OverBudget, PackCancelled, Busy for a tile that takes too long,
    OSError. Then the folder has no half file; what a crash leaves is the caller's to clear.
    """
    policy.remembering(actor)
    with one_snapshot():
        return _Making(actor, wish, progress, cancelled).build(folder)


def estimate(*, actor: User, wish: Wish) -> Estimate:
    """What `build` would make now. Raises what it would refuse before its first tile."""
    with one_snapshot():
        return _Making(actor, wish).estimate()


class _Making:
    """One pack, in one snapshot of the database."""

    def __init__(
        self,
        actor: User,
        wish: Wish,
        told: Told = lambda _progress: None,
        cancelled: Cancelled = lambda: False,
    ) -> None:
        self.wish = wish
        self.told = told
        self.cancelled = cancelled
        self.data_at = timezone.now()
        self.raster = check(wish, actor)
        self.scope = policy.scope(actor)
        self.sources: list[Source] = [VectorSource(wish.layers, actor, wish.max_zoom)]
        if self.raster:
            self.sources.append(RasterSource(self.raster, wish.max_zoom))
        self.covering = list(covers(bytes(wish.area.shape.wkb), wish.max_zoom, MOST_TILES))
        self.sample: Sample = {}
        self.progress = Progress()

    def estimate(self) -> Estimate:
        plan = estimated(
            self.sources,
            self.covering,
            asked_max_zoom=self.wish.max_zoom,
            budget=self.wish.budget,
            check=self.go_on,
            sample=self.sample,
        )
        least = max(source.zooms.start for source in self.sources)
        if plan.max_zoom < least:
            raise OverBudget(
                _("The budget reaches zoom %(zoom)d; the raster has tiles from zoom %(least)d on.")
                % {"zoom": plan.max_zoom, "least": least},
                remedy=_("Choose a larger budget, or no raster."),
            )
        return plan

    def go_on(self) -> None:
        if self.cancelled():
            raise PackCancelled(_("The pack was cancelled."))
        self.told(self.progress)

    def build(self, folder: Path) -> Built:
        plan = self.progress.estimate = self.estimate()
        self.progress.total = plan.tiles
        told = self.manifest(plan)
        covering = [cover for cover in self.covering if cover.zoom <= plan.max_zoom]
        budget = Budget(self.wish.budget)
        try:
            files = [self.write(source, covering, folder, budget, told) for source in self.sources]
        except BaseException:
            for source in self.sources:
                (folder / source.file).unlink(missing_ok=True)
            raise
        size = sum(each["size"] for each in files)
        return Built({**told, "files": files}, self.scope.prefixes, size)

    def drawn(self, source: Source, tile: Tile) -> bytes:
        sampled = self.sample.pop((source.file, tile), None)
        return source.tile(tile) if sampled is None else sampled

    def manifest(self, plan: Estimate) -> dict[str, Any]:
        versions = layer_versions(self.wish.layers, self.wish.area.bounds, self.scope)
        return manifest(self.wish, plan, versions, self.raster, self.data_at)

    def write(
        self,
        source: Source,
        covering: list[Cover],
        folder: Path,
        budget: Budget,
        told: dict[str, Any],
    ) -> dict[str, Any]:
        """One archive; returns what the manifest says of it."""
        path = folder / source.file
        kept = [cover for cover in covering if cover.zoom in source.zooms]
        with Archive(path, source.kind, budget) as archive:
            for cover in kept:
                for tile in cover.tiles():
                    self.go_on()
                    body = self.drawn(source, tile)
                    self.progress.bytes += archive.add(tile, body) if body else 0
                    self.progress.done += 1
            if not archive.tiles:
                raise Rejected(
                    _("There is nothing of it in the area: %(name)s.") % {"name": source.file},
                    remedy=_("Choose other layers or another area."),
                )
            extent = Extent(kept[0].zoom, kept[-1].zoom, self.bounds(source))
            metadata = {
                "name": told["area"]["name"],
                "version": told["data_at"],
                **source.metadata(extent.max_zoom),
                METADATA_KEY: told,
            }
            size = archive.finish(extent, metadata)
            self.told(self.progress)
        return {
            "name": source.file,
            "size": size,
            "sha256": _sha256(path),
            "min_zoom": extent.min_zoom,
            "max_zoom": extent.max_zoom,
            "tiles": archive.tiles,
            "contents": archive.contents,
        }

    def bounds(self, source: Source) -> Bounds:
        area = self.wish.area.bounds
        if self.raster is None or not isinstance(source, RasterSource):
            return area
        west, south, east, north = self.raster.box
        return Bounds(
            max(area.west, west),
            max(area.south, south),
            min(area.east, east),
            min(area.north, north),
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
