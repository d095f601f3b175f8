"""Reads several files one after the other and says of each what it holds, or why it cannot be read.

One start of the box for all of them: for a delivery of many files, and for trying out the readers.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from importers.readers.catalogue import reader_of
from importers.readers.portions import portioned
from importers.readers.specification import FileProblem, Request, needs_too_much_memory


def survey(request: dict[str, Any], writable: Path) -> dict[str, Any]:
    """For each of the request's `paths`: {"description", "rows"} or {"problem"}."""
    found: dict[str, Any] = {}
    for number, path in enumerate(request["paths"]):
        scratch = writable / f"survey-{number}"
        scratch.mkdir()
        found[path] = _surveyed(Path(path), scratch)
    return {"files": found}


def _surveyed(path: Path, scratch: Path) -> dict[str, Any]:
    try:
        with reader_of(path).open(Request(path, scratch)) as source:
            rows = 0
            for batch in portioned(source.batches):
                batch.validate(full=True)
                rows += batch.num_rows
            return {"description": asdict(source.description), "rows": rows}
    except FileProblem as problem:
        return {"problem": problem.as_dict()}
    except MemoryError:
        return {"problem": needs_too_much_memory().as_dict()}
