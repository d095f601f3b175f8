"""Telling a raster among what is delivered, and keeping what it is beside its files."""

import json
from pathlib import Path, PurePosixPath
from uuid import UUID

from importers.deliveries import storage
from importers.models import Delivery
from importers.rasters.description import RasterDescription
from importers.rasters.formats import (
    HEAD_BYTES,
    PROJECTION_SUFFIX,
    WORLD_SUFFIXES,
    ZIP_HEADS,
    format_of,
)
from importers.rasters.importing import Watch, inspect_raster
from importers.readers.specification import FileProblem

RASTERS = "rasters"
"""What a delivery of a raster has in place of a layer's name."""
BESIDE = (PROJECTION_SUFFIX, *WORLD_SUFFIXES, ".xml", ".ovr", ".aux", ".rrd")
"""What lies beside a raster: its place, and what programs keep of it."""


def is_raster(delivery: Delivery) -> bool:
    """By the first bytes, whatever it was called. A picture without a world file is a photograph,
    and what comes with other files belongs to them."""
    names = [PurePosixPath(each) for each in delivery.files.values_list("stored", flat=True)]
    worlds = {each.stem for each in names if each.suffix in WORLD_SUFFIXES}
    others = [each for each in names if each.suffix not in BESIDE]
    base = storage.files_folder(delivery.uid)
    found = [(each, format_of(_head(base / each))) for each in others]
    return bool(found) and all(
        format_ and (not format_.bare or name.stem in worlds) for name, format_ in found
    )


def zipped(path: Path) -> bool:
    """An archive may hold a raster, which only the box looks into."""
    return path.is_file() and _head(path).startswith(ZIP_HEADS)


def inspect(uid: UUID, path: Path, watch: Watch | None = None) -> None:
    """Keep what the raster is. Raises FileProblem."""
    found = inspect_raster(path, watch)
    told = json.dumps(found.as_json(), ensure_ascii=False).encode()
    storage.private_file(storage.folder(uid) / "raster.json", told)


def holds_raster(uid: UUID, path: Path) -> bool:
    """Whether an archive that no reader of rows knows is one with a raster; then it is kept."""
    if not zipped(path):
        return False
    try:
        inspect(uid, path)
    except FileProblem:
        return False
    return True


def kept_raster(uid: UUID) -> RasterDescription | None:
    """None where none has been read, or its files have gone."""
    path = storage.folder(uid) / "raster.json"
    return RasterDescription.from_json(json.loads(path.read_bytes())) if path.exists() else None


def _head(path: Path) -> bytes:
    """Nothing for a file of no bytes, which is never written."""
    if not path.exists():
        return b""
    with path.open("rb") as stream:
        return stream.read(HEAD_BYTES)
