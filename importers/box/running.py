"""Does other work on untrusted files within the same walls: converting a raster, say."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from importers.box.limits import SMALL_OUTPUT_BYTES, BoxLimits
from importers.box.process import started


def run_in_box(
    task: str,
    request: Mapping[str, Any],
    *,
    readable: Sequence[Path],
    writable: Path,
    box: BoxLimits | None = None,
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What the task of importers.box.tasks answers to the request; both are plain JSON.

    Inside, only `readable` can be read, and only `writable` (a folder) and a scratch folder (the
    value of TMPDIR) written. `environment` is added to what the child has. Raises FileProblem:
    for what the task says about the file, and where it crashed or went over a limit.
    """
    with started(
        {"task": task, "request": dict(request)},
        readable=[path.resolve() for path in readable],
        writable=[writable.resolve()],
        limits=box or BoxLimits(),
        output_bytes=SMALL_OUTPUT_BYTES,
        more_environment=environment,
    ) as child:
        result: dict[str, Any] = child.heard()["result"]
        child.heard()
        return result
