"""A few features in two counties, and packs of them."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pmtiles.reader import MemorySource, Reader, all_tiles

from layers.models import User
from layers.models.feature import Feature
from tests.conftest import HUAYUAN, IN_FENGHUANG, IN_HUAYUAN
from tiles.coordinates import Tile
from tiles.packs.area import named_area
from tiles.packs.building import Built, build
from tiles.packs.wish import Wish

VECTORS = "vectors.pmtiles"


class Opened:
    """A pack's file as another library reads it."""

    def __init__(self, path: Path) -> None:
        content = MemorySource(path.read_bytes())
        reader = Reader(content)
        self.header = reader.header()
        self.metadata = reader.metadata()
        self.get = reader.get
        self.tiles = {Tile(*place): body for place, body in all_tiles(content)}

    def mvt(self, tile: Tile) -> bytes:
        found = self.tiles.get(tile)
        return gzip.decompress(found) if found else b""


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def features(make_feature: Callable[..., Feature]) -> list[Feature]:
    """Each layer in 花垣县, and a water work in 凤凰县."""
    names = ("roads", "water-works", "toilets", "assets", "resettlement-sites")
    inside = [make_feature(name, IN_HUAYUAN) for name in names]
    return [*inside, make_feature("water-works", IN_FENGHUANG, name="凤凰水厂")]


@pytest.fixture
def reader(account: Callable[..., User]) -> User:
    return account("viewer", HUAYUAN)


@pytest.fixture
def packed(tmp_path: Path, reader: User) -> Callable[..., tuple[Built, Opened]]:
    """`packed(max_zoom=12)`: 花垣县 as its viewer sees it."""

    def make(*, actor: User | None = None, area: Any = None, **more: Any) -> tuple[Built, Opened]:
        user = actor or reader
        wish = Wish(area or named_area(HUAYUAN, user), **more)
        folder = tmp_path / f"pack-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        built = build(actor=user, wish=wish, folder=folder)
        return built, Opened(folder / VECTORS)

    return make
