"""The command line: which command was asked for, and how its end becomes an exit code."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from . import bench, checks, manage, packages, serve, signals, state
from .console import Failure, Stopped, report, say, step

PROJECT = Path(__file__).resolve().parent.parent.parent
USAGE = "usage: bin/serve | bin/test [pytest arguments] | bin/bench [name ...] | bin/manage command"


def main(argv: list[str]) -> int:
    """Run one command. 1 after a failure, 2 for a wrong call, 128 + signal when stopped."""
    known: dict[str, Callable[[list[str]], int]] = {
        "serve": _serve,
        "test": lambda arguments: checks.test(PROJECT, arguments),
        "bench": lambda arguments: bench.bench(PROJECT, arguments),
        "manage": lambda arguments: manage.manage(PROJECT, arguments),
        "packages": _packages,
    }
    if not argv or argv[0] not in known:
        say(USAGE)
        return 2
    signals.listen()
    try:
        return known[argv[0]](argv[1:])
    except Failure as failure:
        report(failure)
        return 1
    except Stopped as stopped:
        say("stopped")
        return 128 + stopped.signum


def _serve(arguments: list[str]) -> int:
    if arguments:
        say("bin/serve takes no arguments; docs/environment.example lists its variables")
        return 2
    return serve.serve(PROJECT)


def _packages(_arguments: list[str]) -> int:
    """Only install what the service needs from Debian, without a server: for an image."""
    with tempfile.TemporaryDirectory() as folder, step("Debian packages") as current:
        packages.ensure(packages.Need(server=False), state.opened(Path(folder)), current)
    return 0
