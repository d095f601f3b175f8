"""bin/serve from its first start to kill -9, on a stand-in project with a real database."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from setup import environment, machine, servers

from .conftest import PROJECT

pytestmark = [
    pytest.mark.skipif(not servers.installed(), reason="no PostgreSQL with PostGIS here"),
    pytest.mark.skipif(
        not (Path(sys.prefix) / environment.STAMP).exists(),
        reason="only bin/test's own Python environment can be lent to the stand-in",
    ),
]


class Standin:
    """A copy of the stand-in project with our bin/, and its own state folder."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.state = folder / "state"
        self.out = folder / "out"
        shutil.copytree(PROJECT / "tests" / "bin" / "standin", self.project)
        shutil.copytree(PROJECT / "bin", self.project / "bin")
        shutil.copy(PROJECT / "gisapp" / "environment.py", self.project / "gisapp")
        for name in (environment.SERVE, environment.TESTS):
            shutil.copy(PROJECT / name, self.project)
        self.state.mkdir()
        (self.state / "environments").symlink_to(Path(sys.prefix).parent)
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None
        self.first = ""

    def environ(self, **extra: str) -> dict[str, str]:
        # Byte code made once serves every start; everything else of the outer run stays outside.
        names = ("PATH", "HOME", "LANG", "PYTHONPYCACHEPREFIX")
        kept = {name: os.environ[name] for name in names if name in os.environ}
        return {**kept, "STATE_DIR": str(self.state), "PORT": str(self.port), **extra}

    def start(self, **extra: str) -> str:
        """Run bin/serve until it is ready or has ended; return what it printed."""
        with self.out.open("wb") as sink:
            self.process = subprocess.Popen(
                [self.project / "bin" / "serve"],
                env=self.environ(**extra),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,
            )
        until = time.monotonic() + 60
        while "stop:" not in self.printed() and self.process.poll() is None:
            assert time.monotonic() < until, self.printed()
            time.sleep(0.05)
        self.first = self.first or self.printed()
        return self.printed()

    def printed(self) -> str:
        return self.out.read_text()

    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, signum: int) -> int:
        self.process.send_signal(signum)
        return self.process.wait(30)

    def processes(self) -> list[int]:
        """Everything that this stand-in started and that still runs."""
        mark = f"STATE_DIR={self.state}\0".encode()
        found = machine.processes_in(self.state / "cluster")
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and mark in environ_of(entry):
                found.append(int(entry.name))
        return found

    def page(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/map/", timeout=5) as answer:
            return answer.read().decode()


def environ_of(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes() + b"\0"
    except OSError:
        return b""


@pytest.fixture(scope="module")
def standin(open_folder) -> Iterator[Standin]:
    standin = Standin(open_folder)
    yield standin
    for pid in standin.processes():
        # The database's own processes end by themselves once their parent was killed.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def running(standin: Standin) -> Standin:
    """Started at least once, and running: whatever test came before, if any."""
    if not standin.runs():
        standin.start()
    return standin


@pytest.fixture
def stopped(running: Standin) -> Standin:
    """Started at least once, and stopped."""
    running.stop(signal.SIGTERM)
    return running


def test_the_first_start_prints_the_address_and_the_accounts(running: Standin) -> None:
    printed = running.first
    assert f"http://127.0.0.1:{running.port}/map/" in printed
    assert "planner  a-generated-password" in printed
    assert "noise" not in printed
    assert running.page() == "here"


def test_every_step_prints_one_closing_line_with_its_time(running: Standin) -> None:
    for name in ("Debian packages", "secrets", "Python environment", "database server",
                 "migrations", "static files", "reference data",
                 "web, worker and fold"):  # fmt: skip
        assert len(re.findall(rf"^  ok {name}: .+ \(\d+\.\d\d s\)$", running.first, re.M)) == 1


def test_passwords_and_uploads_are_the_owner_s_alone(running: Standin) -> None:
    for name, mode in {"demo-accounts.txt": 0o600, "secrets.env": 0o600, "media": 0o700}.items():
        assert (running.state / name).stat().st_mode & 0o777 == mode
    for log in (running.state / "log").iterdir():
        assert log.stat().st_mode & 0o077 == 0, log


def test_a_web_server_that_dies_is_started_again(running: Standin) -> None:
    os.kill(next(pid for pid in running.processes() if b"granian" in command(pid)), signal.SIGKILL)
    until = time.monotonic() + 20
    while "starting it again" not in running.printed() or not answers(running):
        assert time.monotonic() < until, running.printed()
        time.sleep(0.1)


def test_ctrl_c_stops_fold_worker_web_and_database_in_order_and_leaves_nothing(
    running: Standin,
) -> None:
    assert running.stop(signal.SIGINT) == 0
    stopped = re.findall(r"ok (.+): stopped", running.printed())
    assert stopped == ["fold", "worker", "web", "database server"]
    assert running.processes() == []


def test_the_second_start_does_nothing_again_and_keeps_the_accounts(stopped: Standin) -> None:
    began = time.monotonic()
    printed = stopped.start()
    assert time.monotonic() - began < 15
    assert "migrations, static files, reference data: unchanged" in printed
    assert "a-generated-password" not in printed
    assert str(stopped.state / "demo-accounts.txt") in printed


def test_a_management_command_shares_the_running_database(running: Standin) -> None:
    done = subprocess.run(
        [running.project / "bin" / "manage", "load_reference"],
        env=running.environ(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "loaded\n"
    assert "already runs" in done.stderr
    assert answers(running)


def test_after_kill_9_of_everything_the_next_start_recovers(running: Standin) -> None:
    for pid in running.processes():
        os.kill(pid, signal.SIGKILL)
    running.process.wait(10)
    assert "is ready" in running.start()
    assert running.page() == "here"


def test_a_closed_terminal_stops_everything(running: Standin) -> None:
    assert running.stop(signal.SIGHUP) == 0
    assert running.processes() == []


def test_a_terminal_that_is_gone_does_not_cut_the_orderly_end_short(stopped: Standin) -> None:
    process = subprocess.Popen(
        [stopped.project / "bin" / "serve"],
        env=stopped.environ(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    while b"stop:" not in process.stdout.readline():
        assert process.poll() is None
    process.stdout.close()
    process.send_signal(signal.SIGHUP)
    assert process.wait(30) == 0
    assert stopped.processes() == []


def test_a_failing_step_says_which_why_and_the_remedy_and_stops_the_database(
    stopped: Standin,
) -> None:
    (stopped.project / "gisapp" / "changed.py").touch()
    printed = stopped.start(STANDIN="unloadable")
    assert stopped.process.wait(10) == 1
    assert "FAILED reference data: " in printed
    assert "the divisions' file is cut short" in printed
    assert "what to do: " in printed
    assert stopped.processes() == []


def test_a_service_that_cannot_start_is_told_at_once_with_its_traceback(stopped: Standin) -> None:
    began = time.monotonic()
    printed = stopped.start(STANDIN="broken")
    assert stopped.process.wait(10) == 1
    assert time.monotonic() - began < 30
    assert "FAILED web, worker and fold: web ended while starting" in printed
    assert "this stand-in was told to be broken" in printed
    assert stopped.processes() == []


def test_the_checkout_stays_clean(running: Standin) -> None:
    made = {path.name for path in running.project.rglob("*")}
    assert not made & {"__pycache__", "var", "static_root", "node_modules"}


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def answers(standin: Standin) -> bool:
    try:
        return standin.page() == "here"
    except OSError:
        return False
