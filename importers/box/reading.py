"""Reads an untrusted file in a process of its own, which has limits and none of our secrets.

What comes back is an Arrow stream through a pipe; a crash or a limit inside is an error here.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyogrio

from importers.box import limits
from importers.phrases import gettext_noop
from importers.readers.catalogue import READERS
from importers.readers.specification import Column, FileProblem, SeveralTables, SourceDescription

ROOT = Path(__file__).resolve().parent.parent.parent
PASSED_ON = ("PATH", "LANG", "LD_LIBRARY_PATH", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE")


@dataclass(frozen=True, slots=True)
class BoxLimits:
    memory_bytes: int = limits.MEMORY_BYTES
    cpu_seconds: int = limits.CPU_SECONDS


@dataclass(frozen=True, slots=True)
class Boxed:
    """An opened file; iterate `batches` once, to the end: the last step tells of a late failure."""

    description: SourceDescription
    batches: Iterator[Any]


@cache
def skipped_drivers() -> str:
    """Every OGR driver but the readers' own, as GDAL_SKIP wants them."""
    wanted = {driver for reader in READERS for driver in reader.drivers}
    return ",".join(sorted(set(pyogrio.list_drivers()) - wanted)) + ","


def environment() -> dict[str, str]:
    """No database address and no key is in it."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
        "PYTHONUTF8": "1",
        "GDAL_SKIP": skipped_drivers(),
        "OGR_SKIP": skipped_drivers(),
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "GDAL_NUM_THREADS": "1",
        "PROJ_NETWORK": "OFF",
    }


@contextmanager
def opened_in_box(
    path: Path, *, table: str | None = None, box: BoxLimits | None = None
) -> Iterator[Boxed]:
    """Raises FileProblem, here or while the batches are read."""
    box = box or BoxLimits()
    with (
        tempfile.TemporaryDirectory(prefix="import-") as scratch,
        tempfile.TemporaryFile() as complaints,
    ):
        listen, speak = os.pipe()
        request = {
            "path": str(path.resolve()),
            "scratch": scratch,
            "table": table,
            "control": speak,
            "memory_bytes": box.memory_bytes,
            "cpu_seconds": box.cpu_seconds,
        }
        child = subprocess.Popen(  # noqa: S603  (our own module, no shell)
            [sys.executable, "-s", "-m", "importers.box.child", json.dumps(request)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            pass_fds=[speak],
            cwd=scratch,
            env=environment(),
        )
        os.close(speak)
        try:
            with os.fdopen(listen, encoding="utf-8") as control:
                yield _conversation(child, control, complaints)
        finally:
            child.kill()
            child.wait()
            if child.stdout:
                child.stdout.close()


def _conversation(
    child: "subprocess.Popen[bytes]", control: IO[str], complaints: IO[bytes]
) -> Boxed:
    message = _heard(child, control, complaints)
    given = message["description"]
    description = SourceDescription(
        **{
            **given,
            "columns": tuple(Column(**each) for each in given["columns"]),
            "notes": tuple((text, parameters) for text, parameters in given["notes"]),
            "tables": tuple(given["tables"]),
        }
    )
    return Boxed(description, _batches(child, control, complaints))


def _batches(
    child: "subprocess.Popen[bytes]", control: IO[str], complaints: IO[bytes]
) -> Iterator[Any]:
    """The batches, each checked: whoever broke the reader could have written the stream."""
    stream = child.stdout
    if stream is None:
        raise RuntimeError("the child was started without a pipe")
    try:
        if stream.peek(1):  # type: ignore[attr-defined]
            for batch in pa.ipc.open_stream(stream):
                batch.validate(full=True)
                yield batch
    except (pa.ArrowInvalid, OSError) as error:
        _heard(child, control, complaints)
        raise FileProblem(
            gettext_noop("Reading the file broke off: %(reason)s"), reason=str(error)
        ) from error
    _heard(child, control, complaints)


def _heard(
    child: "subprocess.Popen[bytes]", control: IO[str], complaints: IO[bytes]
) -> dict[str, Any]:
    """The next message; a problem is raised, and silence is explained by how the child ended."""
    line = control.readline()
    message: dict[str, Any] = json.loads(line) if line.endswith("\n") else {}
    if "problem" in message:
        told = message["problem"]
        if "several" in told:
            raise SeveralTables(told["several"])
        raise FileProblem(told["text"], remedy=told["remedy"], **told["parameters"])
    if message and "out_of_memory" not in message:
        return message
    raise _ending(child, complaints, out_of_memory="out_of_memory" in message)


def _ending(
    child: "subprocess.Popen[bytes]", complaints: IO[bytes], *, out_of_memory: bool
) -> FileProblem:
    status = child.wait()
    complaints.seek(0)
    last = complaints.read().decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
    if out_of_memory or "MemoryError" in last or "bad_alloc" in last or "emory" in last:
        return FileProblem(
            gettext_noop("The file needs more memory than reading it is allowed."),
            remedy=gettext_noop("Split it, or send it as GeoPackage."),
        )
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return FileProblem(
            gettext_noop("Reading the file took too long and was stopped."),
            remedy=gettext_noop("Split it, or send it as GeoPackage."),
        )
    return FileProblem(
        gettext_noop("The reader ended with status %(status)d: %(last)s"),
        remedy=gettext_noop("The file may be damaged: export it again."),
        status=status,
        last=last[:300],
    )
