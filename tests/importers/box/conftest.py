"""Code run within the walls, as a reader that was taken over would run its own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from importers.box.process import ROOT, environment

PREAMBLE = """
import ctypes, errno, os, signal, socket, sys, threading
from pathlib import Path
from importers.box.walls import close_walls
readable, writable = ([Path(each) for each in part] for part in {paths!r})
close_walls(readable, writable)
def refused(act):
    try:
        act()
    except OSError as error:
        return error.errno in (errno.EACCES, errno.EPERM, errno.EXDEV)
    return False
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "call")
"""


@pytest.fixture
def within_walls(tmp_path: Path) -> Callable[..., str]:
    """Runs code and gives what it prints; anything on standard error fails the test."""

    def run(code: str, readable: list[Path] | None = None) -> str:
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        paths = ([str(path) for path in readable or []], [str(scratch)])
        done = subprocess.run(
            [sys.executable, "-c", PREAMBLE.format(paths=paths) + code],
            cwd=scratch,
            env={**environment(str(scratch)), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run
