"""Open files of rasters, kept for the next tile.

A GDAL dataset may be used by one thread at a time, but by any: so they are lent, not kept one a
thread, which would leave a replaced file open for as long as a thread has nothing to do.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import rasterio
from django.utils.translation import gettext as _
from rasterio.crs import CRS
from rasterio.enums import Compression
from rasterio.env import set_gdal_config
from rasterio.errors import RasterioError

from layers.crs import WEB_MERCATOR
from layers.models.raster import Raster
from tiles.rasters.failures import RasterUnavailable

logger = logging.getLogger(__name__)

MOST_IDLE = 24
MOST_IDLE_S = 120.0
BLOCK_CACHE_BYTES = 128 << 20
"""GDAL's cache of decoded blocks, of the whole process; its own default is a part of all memory."""
OPENING = {
    # No neighbours are looked for.
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_NUM_THREADS": "1",
}
READING_JPEG = {"GDAL_ERROR_ON_LIBJPEG_WARNING": "TRUE"}
"""What libjpeg fills up silently is an error."""


@dataclass(slots=True, eq=False)
class _Idle:
    name: str
    version: int
    dataset: Any
    since: float


class DatasetPool:
    """Lends datasets by raster and version. `most` and `seconds` bound those that lie idle."""

    def __init__(self, most: int = MOST_IDLE, seconds: float = MOST_IDLE_S) -> None:
        self._most, self._seconds = most, seconds
        self._idle: list[_Idle] = []
        self._lock = threading.Lock()

    @contextmanager
    def lent(self, raster: Raster) -> Iterator[Any]:
        """The raster's dataset, for this thread alone. Raises RasterUnavailable.

        What GDAL says against the file in the caller's `with` is RasterUnavailable, too. Such a
        file is closed, so that one that has been put right is opened anew.
        """
        dataset = None
        try:
            dataset = self._taken(raster) or _opened(raster)
            with _options_of_reading(dataset):
                yield dataset
        except RasterioError as error:
            logger.exception("raster %s, version %d, cannot be read", raster.name, raster.version)
            if dataset is not None:
                dataset.close()
                dataset = None
            _forget_failure()
            raise _unavailable(raster) from error
        finally:
            if dataset is not None:
                self._give_back(raster, dataset)

    def open_versions(self, name: str) -> list[int]:
        """Versions of the raster of which a file lies open."""
        with self._lock:
            return sorted({each.version for each in self._idle if each.name == name})

    def close(self) -> None:
        with self._lock:
            leaving, self._idle = self._idle, []
        _close(leaving)

    def _taken(self, raster: Raster) -> Any:
        with self._lock:
            leaving = self._outlived(raster.name, raster.version)
            key = (raster.name, raster.version)
            found = next((each for each in self._idle if (each.name, each.version) == key), None)
            if found:
                self._idle.remove(found)
        _close(leaving)
        return found.dataset if found else None

    def _give_back(self, raster: Raster, dataset: Any) -> None:
        returned = _Idle(raster.name, raster.version, dataset, time.monotonic())
        with self._lock:
            self._idle.insert(0, returned)
            leaving = self._outlived(raster.name, raster.version)
        _close(leaving)

    def _outlived(self, name: str, version: int) -> list[_Idle]:
        """Take out what is of an older version, has lain too long, or is one too many."""
        newest = max([version, *(each.version for each in self._idle if each.name == name)])
        latest = time.monotonic() - self._seconds
        kept = [
            each
            for each in self._idle
            if each.since >= latest and (each.name != name or each.version == newest)
        ][: self._most]
        leaving = [each for each in self._idle if each not in kept]
        self._idle = kept
        return leaving


def _opened(raster: Raster) -> Any:
    # Of the whole process and for good: an Env would put back GDAL's own bound behind itself.
    set_gdal_config("GDAL_CACHEMAX", BLOCK_CACHE_BYTES)
    with rasterio.Env(**OPENING):
        return rasterio.open(raster.path, driver="GTiff", sharing=False)


def _options_of_reading(dataset: Any) -> AbstractContextManager[object]:
    """Only where they matter: setting options costs as much as decoding a block of classes."""
    if dataset.compression == Compression.jpeg:
        strict: AbstractContextManager[object] = rasterio.Env(**READING_JPEG)
        return strict
    return nullcontext()


def _forget_failure() -> None:
    """GDAL remembers a thread's last failure, and rasterio takes it for one of the next raster
    whose colours are looked at. Whatever makes a reference system clears it."""
    CRS.from_epsg(WEB_MERCATOR)


def _close(leaving: list[_Idle]) -> None:
    for each in leaving:
        each.dataset.close()


def _unavailable(raster: Raster) -> RasterUnavailable:
    return RasterUnavailable(
        _("The file of the raster “%(name)s” cannot be read.") % {"name": raster.name},
        remedy=_("Tell whoever runs the service; importing the raster again repairs it."),
    )


POOL = DatasetPool()
