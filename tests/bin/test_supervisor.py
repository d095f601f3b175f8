"""Children are kept running, given up on, and ended; with real processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from setup import supervisor
from setup.console import Failure
from setup.processes import Command
from setup.supervisor import Child

from .conftest import PROJECT

PARENT = """
import sys, time
sys.path.insert(0, {bin!r})
from pathlib import Path
from setup.processes import Command, start
child = start(Command(("sleep", "60")), Path({log!r}), own_group=True)
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def child(tmp_path) -> Callable[[str], Child]:
    def make(script: str) -> Child:
        return Child("web", Command((sys.executable, "-c", script)), tmp_path / "web.log")

    return make


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_child_that_dies_is_started_again(child, monkeypatch, capsys) -> None:
    monkeypatch.setattr(supervisor, "RESTART_PAUSE", 0.0)
    web = child("import time; time.sleep(60)")
    web.start()
    first = web.process.pid
    os.kill(first, signal.SIGKILL)
    assert supervisor.wait_until(lambda: web.died() is not None, 5)
    supervisor.revive(web, web.died())
    assert web.process.pid != first
    assert web.died() is None
    assert "starting it again" in capsys.readouterr().out
    web.stop()


def test_quick_deaths_end_the_service_with_the_end_of_the_log(child, monkeypatch) -> None:
    monkeypatch.setattr(supervisor, "RESTART_PAUSE", 0.0)
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0.01)
    web = child("import sys; sys.exit('cannot import gisapp')")
    web.start()
    with pytest.raises(Failure) as given_up:
        supervisor.watch([web])
    assert "5 times" in given_up.value.cause
    assert "cannot import gisapp" in given_up.value.detail


def test_stopping_ends_a_deaf_child_and_its_own_children(child, monkeypatch) -> None:
    monkeypatch.setattr(supervisor, "ASK_SECONDS", (0.2, 0.2))
    web = child(
        "import signal, subprocess, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print(subprocess.Popen(['sleep', '60']).pid, flush=True)\n"
        "time.sleep(60)"
    )
    web.start()
    assert supervisor.wait_until(lambda: web.output().strip().isdigit(), 5)
    grandchild = int(web.output())
    web.stop()
    assert not alive(web.process.pid)
    assert supervisor.wait_until(lambda: not alive(grandchild), 5)


def test_a_worker_that_is_asked_twice_drops_its_task(child, monkeypatch) -> None:
    monkeypatch.setattr(supervisor, "ASK_SECONDS", (0.2, 5.0))
    web = child(
        "import signal, sys, time\n"
        "def asked(*_): signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))\n"
        "signal.signal(signal.SIGTERM, asked)\n"
        "print('up', flush=True)\n"
        "while True: time.sleep(0.05)"
    )
    web.start()
    assert supervisor.wait_until(lambda: "up" in web.output(), 5)
    web.stop()
    assert web.died() == 3


def test_killing_the_parent_with_9_takes_its_children_along(tmp_path) -> None:
    script = PARENT.format(bin=str(PROJECT / "bin"), log=str(tmp_path / "log"))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        orphan = int(parent.stdout.readline())
        time.sleep(0.2)  # setpriv replaces itself by the program
        assert alive(orphan)
        parent.kill()
    assert supervisor.wait_until(lambda: not alive(orphan), 5)
