"""Starts a process in the box and explains how it ended: a crash or a limit is a FileProblem."""

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from importers.box.limits import BoxLimits
from importers.box.pipes import Patience, Pipe, TooMuch, TooSlow
from importers.phrases import gettext_noop
from importers.readers.catalogue import READERS
from importers.readers.specification import FileProblem, SeveralTables, needs_too_much_memory

ROOT = Path(__file__).resolve().parent.parent.parent
PASSED_ON = ("PATH", "LANG", "LD_LIBRARY_PATH", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE")
CONTROL_BYTES = 64 << 20
PIPE_BYTES = 1 << 20


@cache
def skipped_drivers() -> str:
    """Every OGR driver but the readers' own, as GDAL_SKIP wants them."""
    import pyogrio  # see importers.readers.ogr

    wanted = {driver for reader in READERS for driver in reader.drivers}
    return ",".join(sorted(set(pyogrio.list_drivers()) - wanted)) + ","


def environment(scratch: str) -> dict[str, str]:
    """No database address and no key is in it."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
        "PYTHONUTF8": "1",
        "HOME": scratch,
        "TMPDIR": scratch,
        "CPL_TMPDIR": scratch,
        "SQLITE_TMPDIR": scratch,
        "GDAL_SKIP": skipped_drivers(),
        "OGR_SKIP": skipped_drivers(),
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "2",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "GDAL_NUM_THREADS": "1",
        "PROJ_NETWORK": "OFF",
    }


@dataclass(slots=True)
class Child:
    """A running child: its rows, its messages, what it complained of."""

    process: "subprocess.Popen[bytes]"
    rows: "io.BufferedReader[Any]"
    control: IO[str]
    complaints: IO[bytes]

    def heard(self) -> dict[str, Any]:
        """The next message; a problem is raised, and silence is explained by how the child ended.

        Raises FileProblem.
        """
        try:
            line = self.control.readline()
        except (TooSlow, TooMuch) as error:
            raise stopped(error) from error
        message: dict[str, Any] = json.loads(line) if line.endswith("\n") else {}
        if "problem" in message:
            told = message["problem"]
            if "several" in told:
                raise SeveralTables(told["several"])
            raise FileProblem(told["text"], remedy=told["remedy"], **told["parameters"])
        if "no_walls" in message:
            raise no_walls(message["no_walls"])
        if message and "out_of_memory" not in message:
            return message
        raise self._ending(out_of_memory="out_of_memory" in message)

    def _ending(self, *, out_of_memory: bool) -> FileProblem:
        status = self.process.wait()
        self.complaints.seek(0)
        last = self.complaints.read().decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
        if out_of_memory or "bad_alloc" in last or "emory" in last:
            return needs_too_much_memory()
        if status in (-signal.SIGXCPU, -signal.SIGKILL):
            return stopped(TooSlow())
        return FileProblem(
            gettext_noop("The reader ended with status %(status)d: %(last)s"),
            remedy=gettext_noop("The file may be damaged: export it again."),
            status=status,
            last=last[:300],
        )


@contextmanager
def started(
    request: Mapping[str, Any],
    *,
    readable: Sequence[Path],
    writable: Sequence[Path] = (),
    limits: BoxLimits,
    output_bytes: int,
    more_environment: Mapping[str, str] | None = None,
) -> Iterator[Child]:
    """A child at work; killed and cleared away at the end, whatever happened.

    Its scratch folder is the last of what it may write, and the first where there is nothing else.
    """
    with (
        tempfile.TemporaryDirectory(prefix="import-") as scratch,
        tempfile.TemporaryFile() as complaints,
    ):
        listen, speak = os.pipe()
        whole = {
            **request,
            "readable": [str(path) for path in readable],
            "writable": [*(str(path) for path in writable), scratch],
            "control": speak,
            "limits": asdict(limits),
        }
        process = subprocess.Popen(  # noqa: S603  (our own module, no shell)
            [sys.executable, "-s", "-m", "importers.box.child", json.dumps(whole)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            pass_fds=[speak],
            cwd=scratch,
            env={**environment(scratch), **(more_environment or {})},
        )
        os.close(speak)
        patience = Patience(limits.wait_seconds)
        rows = Pipe(_detached(process), patience, output_bytes)
        control = Pipe(listen, patience, CONTROL_BYTES)
        try:
            with (
                io.BufferedReader(rows, PIPE_BYTES) as buffered,
                io.TextIOWrapper(io.BufferedReader(control), encoding="utf-8") as lines,
            ):
                yield Child(process, buffered, lines, complaints)
        finally:
            process.kill()
            process.wait()


def _detached(process: "subprocess.Popen[bytes]") -> int:
    """The descriptor of its standard output, ours to read and close."""
    if process.stdout is None:
        raise RuntimeError("the child was started without a pipe")
    descriptor = os.dup(process.stdout.fileno())
    process.stdout.close()
    return descriptor


def stopped(reason: TooSlow | TooMuch) -> FileProblem:
    """What a limit on this side means."""
    if isinstance(reason, TooMuch):
        return FileProblem(
            gettext_noop("The file unfolds into far more data than its size allows for."),
            remedy=gettext_noop("Export it again without compression, or split it."),
        )
    return FileProblem(
        gettext_noop("Reading the file took too long and was stopped."),
        remedy=gettext_noop("Split it, or send it as GeoPackage."),
    )


def no_walls(reason: str) -> FileProblem:
    return FileProblem(
        gettext_noop("Files cannot be read safely on this machine, so none is read: %(reason)s"),
        remedy=gettext_noop(
            "The service needs Linux 5.13 or newer with Landlock enabled"
            " (lsm=landlock,… on the kernel's command line) and seccomp, on x86-64 or ARM64."
        ),
        reason=reason,
    )
