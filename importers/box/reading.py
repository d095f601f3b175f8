"""Reads an untrusted file in a process of its own, which has limits and none of our secrets.

What comes back is an Arrow stream through a pipe; a crash or a limit inside is an error here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from importers.box.delivered import Delivered, delivered
from importers.box.limits import SMALL_OUTPUT_BYTES, BoxLimits
from importers.box.pipes import TooMuch, TooSlow
from importers.box.process import Child, started, stopped
from importers.phrases import gettext_noop
from importers.readers.specification import Column, FileProblem, SourceDescription

__all__ = ["BoxLimits", "Boxed", "opened_in_box"]


@dataclass(frozen=True, slots=True)
class Boxed:
    """An opened file; iterate `batches` once, to the end: the last step tells of a late failure.

    `stop` ends the reading for a thread that waits for a batch.
    """

    description: SourceDescription
    batches: Iterator[Any]
    stop: Callable[[], None]


@contextmanager
def opened_in_box(
    path: Path, *, table: str | None = None, box: BoxLimits | None = None
) -> Iterator[Boxed]:
    """A file, or a folder of files that belong together.

    Raises FileProblem, here or while the batches are read.
    """
    box = box or BoxLimits()
    given = delivered(path)
    with started(
        {"path": str(given.path), "table": table},
        readable=given.parts,
        limits=box,
        output_bytes=_most_output(given, box),
    ) as child:
        description = _description(child.heard()["description"])
        yield Boxed(description, _batches(child), child.process.kill)


def _most_output(given: Delivered, box: BoxLimits) -> int:
    unfolded = max(given.size_bytes * box.output_ratio, SMALL_OUTPUT_BYTES)
    return min(unfolded, box.output_bytes)


def _description(told: dict[str, Any]) -> SourceDescription:
    return SourceDescription(
        **{
            **told,
            "columns": tuple(Column(**each) for each in told["columns"]),
            "notes": tuple((text, parameters) for text, parameters in told["notes"]),
            "tables": tuple(told["tables"]),
        }
    )


def _batches(child: Child) -> Iterator[Any]:
    """The batches, each checked: whoever broke the reader could have written the stream."""
    try:
        if child.rows.peek(1):
            for batch in pa.ipc.open_stream(child.rows):
                batch.validate(full=True)
                yield batch
    except (TooSlow, TooMuch) as error:
        raise stopped(error) from error
    except (pa.ArrowInvalid, OSError) as error:
        child.heard()
        raise FileProblem(
            gettext_noop("Reading the file broke off: %(reason)s"), reason=str(error)
        ) from error
    child.heard()
