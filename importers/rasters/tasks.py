"""The three things that are done to a raster inside the box; each is given and returns JSON.

The registry of the box names them (importers.box.tasks).
"""

import json
import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from importers.phrases import gettext_noop
from importers.rasters.grid import Box, TileBlock
from importers.readers.specification import FileProblem

SOURCE, CONVERTED = "source", "converted.tif"
PROGRESS, CANCEL = "progress.json", "cancel"
CANCELLED_STATUS = 75
LOOK_SECONDS = 0.2
TELL_SECONDS = 0.2

Request = Mapping[str, Any]


def inspect_raster(request: Request, folder: Path) -> dict[str, Any]:
    """`paths` → the description, and the name of the raster's file, in the folder if unpacked."""
    from importers.rasters.delivery import delivered
    from importers.rasters.inspection import describe, gdal_environment

    with gdal_environment():
        found = delivered([Path(each) for each in request["paths"]], folder)
        return {"description": describe(found).as_json(), "name": found.raster.name}


def convert_raster(request: Request, folder: Path) -> dict[str, Any]:
    """The raster → converted.tif in the folder, with progress.json beside it as it goes.

    A file called `cancel` ends the process within a moment, whatever it is doing.
    """
    from importers.rasters.conversion import Conversion, convert
    from importers.rasters.description import RasterDescription
    from importers.rasters.encoding import Empty, Encoding

    _end_when_cancelled(folder)
    encoding = {**request["encoding"], "empty": Empty(request["encoding"]["empty"])}
    work = Conversion(
        source=Path(request["path"]),
        found=RasterDescription.from_json(request["description"]),
        crs=request["crs"],
        box=Box(*request["box"]),
        block=TileBlock(**request["block"]),
        encoding=Encoding(**encoding),
    )
    try:
        convert(work, folder / CONVERTED, folder, _ProgressFile(folder))
    except OSError as error:
        raise FileProblem(
            gettext_noop("The converted raster could not be written: %(reason)s"),
            remedy=gettext_noop("Cut it into pieces, or see that the disk has room."),
            reason=str(error),
        ) from error
    return {}


def verify_raster(request: Request, folder: Path) -> dict[str, Any]:
    """converted.tif → what it holds; an error where it is not what was asked for."""
    from importers.rasters.verification import verify

    return verify(folder / CONVERTED, TileBlock(**request["block"]))


class _ProgressFile:
    """Writes the phase and the share done, at most a few times a second; never half a text."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / PROGRESS
        self._phase, self._told = "", 0.0

    def __call__(self, phase: str, done: float) -> None:
        now = time.monotonic()
        if phase == self._phase and now - self._told < TELL_SECONDS:
            return
        self._phase, self._told = phase, now
        partial = self._path.with_suffix(".partial")
        partial.write_text(json.dumps({"phase": phase, "done": round(done, 4)}))
        partial.replace(self._path)


def _end_when_cancelled(folder: Path) -> None:
    def look() -> None:
        while not (folder / CANCEL).exists():
            time.sleep(LOOK_SECONDS)
        # The process holds nothing but its own folder, which whoever cancels removes.
        os._exit(CANCELLED_STATUS)

    threading.Thread(target=look, daemon=True).start()
