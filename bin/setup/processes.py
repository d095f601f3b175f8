"""Starting other programs: the one place where this package does so.

Every child is tied to us by a parent-death signal (util-linux's setpriv), so that even a
`kill -9` of our own process leaves no orphan behind.
"""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import signals
from .console import Failure, Step, Stopped, tail

POLL_SECONDS = 0.1
GRACE_SECONDS = 10.0


@dataclass(frozen=True)
class Command:
    """What to run, with which environment and where; `user` is a system user to become."""

    argv: Sequence[str]
    environ: Mapping[str, str] | None = None
    folder: Path = Path("/")
    user: str = ""
    # A package manager must not be cut short: it is waited for even when we are told to stop.
    patient: bool = False

    def full(self) -> list[str]:
        """The argument list with the change of user and the parent-death signal in front."""
        if self.patient:
            return list(self.argv)
        become = [f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"]
        return [
            "setpriv", *(become if self.user else []), "--pdeathsig=TERM", "--", *self.argv,
        ]  # fmt: skip


def capture(command: Command, *, text: str = "", seconds: float = 60) -> tuple[int, str, str]:
    """Run a short command; return its exit code, standard output and standard error.

    A program that is not installed is exit code 127, as a shell has it.
    """
    try:
        done = subprocess.run(  # noqa: S603 - no shell, arguments are ours
            command.full(), input=text, capture_output=True, text=True, check=False,
            env=command.environ, cwd=command.folder, timeout=seconds,
        )  # fmt: skip
    except FileNotFoundError as missing:
        return 127, "", str(missing)
    except subprocess.TimeoutExpired:
        return 124, "", f"{command.argv[0]} did not answer within {seconds:.0f} s"
    return done.returncode, done.stdout, done.stderr


def start(command: Command, log: Path, *, own_group: bool) -> subprocess.Popen[bytes]:
    """Start a command that writes to the end of `log`; its own group keeps Ctrl-C from it."""
    handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "ab") as sink:
        return subprocess.Popen(  # noqa: S603 - no shell, arguments are ours
            command.full(), stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT,
            env=command.environ, cwd=command.folder, start_new_session=own_group,
        )  # fmt: skip


def attached(command: Command) -> int:
    """Run a command on our own terminal and return its exit code."""
    process = subprocess.Popen(  # noqa: S603 - no shell, arguments are ours
        command.full(), env=command.environ, cwd=command.folder
    )
    return _waited(process, command, lambda: None)


def logged(command: Command, log: Path, step: Step) -> tuple[int, str]:
    """Run a long command into `log`, showing signs of life; return exit code and its output."""
    before = log.stat().st_size if log.exists() else 0
    process = start(command, log, own_group=False)
    code = _waited(process, command, lambda: step.alive(_last_line(log, before)))
    with log.open("rb") as written:
        written.seek(before)
        return code, written.read().decode(errors="replace")


def required(command: Command, log: Path, step: Step, *, remedy: str) -> str:
    """Like `logged`, but an exit code other than 0 is a Failure with the tail of the output."""
    code, output = logged(command, log, step)
    if code != 0:
        shown = " ".join(command.argv)
        raise Failure(f"`{shown}` ended with {code}", remedy, detail=output, log=log)
    return output


def _waited(process: subprocess.Popen[bytes], command: Command, sign: Callable[[], None]) -> int:
    try:
        while (code := process.poll()) is None:
            time.sleep(POLL_SECONDS)
            signals.pass_on()
            sign()
    except (Stopped, KeyboardInterrupt):
        if command.patient:
            process.wait()
        else:
            ended(process)
        raise
    return code


def ended(process: subprocess.Popen[bytes], seconds: float = GRACE_SECONDS) -> None:
    """Ask a process to end and insist after `seconds`."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _last_line(log: Path, before: int) -> str:
    """The newest line that was written after the first `before` bytes."""
    with log.open("rb") as written:
        written.seek(max(before, log.stat().st_size - 400))
        lines = tail(written.read().decode(errors="replace"), 1)
    return lines.removeprefix("     | ")[:100]
