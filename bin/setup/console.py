"""What a person sees: one line for each step, a sign of life in long ones, a failure explained."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TAIL_LINES = 20
ALIVE_SECONDS = 10.0


class Failure(Exception):
    """A step that could not be done: its cause and what the reader can do about it."""

    def __init__(
        self, cause: str, remedy: str, *, detail: str = "", log: Path | None = None
    ) -> None:
        super().__init__(cause)
        self.step = ""
        self.cause = cause
        self.remedy = remedy
        self.detail = detail
        self.log = log


class Stopped(BaseException):
    """The user, the terminal or the service manager asked us to stop (see `signals`)."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum


@dataclass
class Step:
    """One named step; `result` is what its closing line says."""

    name: str
    result: str = "done"
    started: float = field(default_factory=time.monotonic)
    last_sign: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def note(self, text: str) -> None:
        """Say what is being done now, before it is finished."""
        self.last_sign = time.monotonic()
        say(f"  .. {self.name}: {text}")

    def alive(self, text: str) -> None:
        """Show that the step still runs, at most once every ALIVE_SECONDS."""
        if time.monotonic() - self.last_sign >= ALIVE_SECONDS:
            self.note(f"{self.elapsed:.0f} s, {text}" if text else f"{self.elapsed:.0f} s")


def say(text: str = "") -> None:
    """Print one line at once, even into a pipe.

    When the terminal is closed or the pipe broken there is nobody left to tell, but the orderly
    end that prints this must go on.
    """
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - open until we end


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Run the body as a step: its closing line carries the elapsed time.

    A Failure raised inside learns the step's name; the innermost step wins.
    """
    current = Step(name)
    try:
        yield current
    except Failure as failure:
        failure.step = failure.step or name
        raise
    say(f"  ok {name}: {current.result} ({current.elapsed:.2f} s)")


def tail(text: str, lines: int = TAIL_LINES) -> str:
    """The last non-empty lines, indented for the failure report."""
    kept = [line.rstrip() for line in text.splitlines() if line.strip()][-lines:]
    return "\n".join(f"     | {line}" for line in kept)


def report(failure: Failure) -> None:
    """Print which step failed, why, and what to do, on standard error."""
    lines = [f"FAILED {failure.step or 'set-up'}: {failure.cause}"]
    if failure.detail.strip():
        lines.append(tail(failure.detail))
    if failure.log:
        lines.append(f"  log:  {failure.log}")
    lines.append(f"  what to do: {failure.remedy}")
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()
