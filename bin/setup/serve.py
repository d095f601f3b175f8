"""bin/serve: set up, load, start web, worker and fold, and look after them."""

import http.client
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import application, signals, supervisor
from .console import Failure, Stopped, say, step
from .preparation import Prepared, prepared
from .sockets import check_port
from .supervisor import Child

READY_SECONDS = 120.0
# granian's words for a web process that could not start, which it would try again for ever.
TROUBLE = "Unexpected exit from worker"
LARGEST_LOG = 10_000_000


def serve(project: Path) -> int:
    """Run until asked to stop; 0 when that was after the service had become ready."""
    host, port = os.environ.get("HOST") or "127.0.0.1", _number("PORT", 8000)
    with step("port") as current:
        check_port(host, port, "bin/serve")
        current.result = f"{port} is free"
    with prepared(project) as ready:
        application.load(ready)
        with _running(children(ready, host, port)) as started:
            with step("web, worker and fold") as current:
                _await(started, host, port)
                current.result = "ready"
            try:
                _welcome(ready, host, port)
                supervisor.watch(started)
            except Stopped:
                say("Stopping ...")
    return 0


def _number(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise Failure(f"{name} must be a whole number from 1 to 65535, not {value!r}", "correct it")
    return int(value)


def children(ready: Prepared, host: str, port: int) -> list[Child]:
    """Web, worker and the overview's fold, in the order of their start."""
    web = ready.program(
        "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws",
        "--workers", str(_number("WEB_WORKERS", 2)),
        "--blocking-threads", str(_number("WEB_THREADS", 4)),
        "--respawn-failed-workers", "--workers-kill-timeout", "8", "gisapp.wsgi:application",
    )  # fmt: skip
    worker = ready.manage("db_worker", "--queue-name", "*", "--no-reload")
    # A process of its own: it works every second, and the worker may be busy for an hour.
    fold = ready.manage("fold_overview", "--forever")
    programs = {"web": web, "worker": worker, "fold": fold}
    return [Child(name, each, ready.state.log / f"{name}.log") for name, each in programs.items()]


@contextmanager
def _running(started: list[Child]) -> Iterator[list[Child]]:
    """Start the children; however the body ends, stop them, the web last."""
    try:
        for child in started:
            _shorten(child.log)
            child.start()
        yield started
    finally:
        signals.ignore()
        for child in reversed(started):
            with step(child.name) as current:
                child.stop()
                current.result = "stopped"


def _shorten(log: Path) -> None:
    """Keep a grown log as one older file."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))


def _await(started: list[Child], host: str, port: int) -> None:
    """Wait until /readyz answers 200; a child that dies meanwhile ends the attempt."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared only

    def settled() -> bool:
        for child in started:
            if child.died() is not None or TROUBLE in child.output():
                raise supervisor.failure(child, "ended while starting")
        return _status(target, port) == http.client.OK

    if not supervisor.wait_until(settled, READY_SECONDS):
        status = _status(target, port) or "no answer"
        raise supervisor.failure(started[0], f"was not ready after {READY_SECONDS:.0f} s: {status}")


def _status(host: str, port: int) -> int:
    """The status of /readyz, or 0 while nobody answers."""
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _welcome(ready: Prepared, host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    say()
    say(f"湘村一张图 / Xiangcun is ready:  http://{shown}:{port}/map/")
    if ready.state.accounts.exists():
        say(f"  demonstration accounts:  {ready.state.accounts}")
    say(f"  logs:  {ready.state.log}")
    say(f"  stop:  Ctrl-C here, or kill -TERM {os.getpid()}")
