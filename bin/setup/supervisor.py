"""Keeps the service's processes running, and ends them in order."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .console import Failure, say
from .processes import Command, start

QUICK_SECONDS = 60.0
QUICK_DEATHS = 5
RESTART_PAUSE = 1.0
LOOK_SECONDS = 0.5
# A worker first finishes its task; asked a second time, it drops it.
ASK_SECONDS = (10.0, 5.0)


@dataclass
class Child:
    """One supervised program, in a process group of its own."""

    name: str
    command: Command
    log: Path
    process: subprocess.Popen[bytes] | None = None
    offset: int = 0
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.offset = self.log.stat().st_size if self.log.exists() else 0
        self.process = start(self.command, self.log, own_group=True)

    def died(self) -> int | None:
        """The exit code if it has ended, else None."""
        return self.process.poll() if self.process else None

    def output(self) -> str:
        """What it wrote since its latest start."""
        with self.log.open("rb") as written:
            written.seek(self.offset)
            return written.read().decode(errors="replace")

    def stop(self) -> None:
        """Ask, ask again, then end whatever is left of its group."""
        for seconds in ASK_SECONDS:
            if self.process and self.process.poll() is None:
                self.process.terminate()
                wait_until(lambda: self.died() is not None, seconds)
        self.end_group()

    def end_group(self) -> None:
        """Leave none of its own children behind."""
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                self.process.poll()  # the whole group is gone, as it should be
            self.process.wait()


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll until the condition holds; False when the time is over."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def failure(child: Child, cause: str) -> Failure:
    remedy = f"correct what the lines above say; the whole log is {child.log}"
    return Failure(f"{child.name} {cause}", remedy, detail=child.output(), log=child.log)


def revive(child: Child, code: int) -> None:
    """Start a dead child again; give up, with the end of its log, after quick deaths."""
    now = time.monotonic()
    child.deaths = [moment for moment in child.deaths if now - moment < QUICK_SECONDS] + [now]
    if len(child.deaths) >= QUICK_DEATHS:
        raise failure(child, f"ended {QUICK_DEATHS} times within {QUICK_SECONDS:.0f} s ({code})")
    say(f"  !! {child.name} ended with {code}; starting it again (log: {child.log})")
    child.end_group()
    time.sleep(RESTART_PAUSE)
    child.start()


def watch(children: list[Child]) -> None:
    """Look after the children until a signal (Stopped) or a Failure ends it."""
    while True:
        for child in children:
            code = child.died()
            if code is not None:
                revive(child, code)
        time.sleep(LOOK_SECONDS)
