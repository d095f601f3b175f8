"""Has the box work on one raster, and meanwhile tells how far it is and listens for a stop."""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importers.box.limits import BoxLimits
from importers.box.running import run_in_box
from importers.cancellation import Cancelled
from importers.rasters.formats import SKIPPED_DRIVERS
from importers.rasters.tasks import CANCEL, PROGRESS
from importers.readers.specification import FileProblem

CONVERSION = BoxLimits(
    memory_bytes=2 << 30, cpu_seconds=2 * 3600, wait_seconds=6 * 3600, file_bytes=32 << 30
)
"""For the largest raster that is taken (importers.rasters.inspection, MOST_BYTES)."""
LOOK_SECONDS = 0.2
MOST_PROGRESS_BYTES = 1000
ENVIRONMENT = {"GDAL_SKIP": SKIPPED_DRIVERS, "OGR_SKIP": ""}

Progress = Callable[[str, float], None]
"""Told the phase (see PHASES in the command) and the share of it that is done."""


@dataclass(frozen=True, slots=True)
class Watch:
    """`progress` is told how far it is; `cancelled` is asked a few times a second."""

    progress: Progress = lambda _phase, _done: None
    cancelled: Callable[[], bool] = lambda: False

    def stop_if_cancelled(self) -> None:
        if self.cancelled():
            raise Cancelled


def boxed(
    task: str, request: Mapping[str, Any], *, readable: Sequence[Path], folder: Path, watch: Watch
) -> dict[str, Any]:
    """The task's answer. Raises FileProblem or Cancelled. The folder is the task's to write in."""
    watch.stop_if_cancelled()
    with ThreadPoolExecutor(max_workers=1) as pool:
        answer = pool.submit(
            run_in_box,
            task,
            dict(request),
            readable=readable,
            writable=folder,
            box=CONVERSION,
            environment=ENVIRONMENT,
        )
        try:
            return _awaited(answer, folder, watch)
        except FileProblem:
            # A child that was told to stop ends in the middle of things, which reads like a crash.
            watch.stop_if_cancelled()
            raise


def _awaited(answer: Future[dict[str, Any]], folder: Path, watch: Watch) -> dict[str, Any]:
    while True:
        try:
            return answer.result(timeout=LOOK_SECONDS)
        except NotYet:
            if watch.cancelled():
                (folder / CANCEL).touch()
            told = _told(folder / PROGRESS)
            if told:
                watch.progress(*told)


def _told(path: Path) -> tuple[str, float] | None:
    """What the child last wrote; it is not trusted to have written sense."""
    try:
        with path.open("rb") as stream:
            told = json.loads(stream.read(MOST_PROGRESS_BYTES))
        return str(told["phase"])[:20], min(max(float(told["done"]), 0.0), 1.0)
    except (OSError, ValueError, KeyError, TypeError):
        return None
