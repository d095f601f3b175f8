"""Jobs side by side: two at once, told by name; a stop ends what they wait for."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from setup.beside import AT_ONCE, side_by_side

BIN = Path(__file__).resolve().parents[2] / "bin"


def test_jobs_run_at_once_and_are_told_in_their_order() -> None:
    both = threading.Barrier(AT_ONCE, timeout=30)

    def meets(result: bool) -> bool:
        both.wait()
        return result

    found = side_by_side({"first": lambda: meets(False), "second": lambda: meets(True)})
    assert list(found.items()) == [("first", False), ("second", True)]


def test_what_a_job_raises_is_raised_once_the_other_has_ended() -> None:
    under_way, failed = threading.Event(), threading.Event()
    ended = []

    def fails() -> bool:
        assert under_way.wait(30)
        failed.set()
        raise ValueError("it broke")

    def goes_on() -> bool:
        under_way.set()
        assert failed.wait(30)
        ended.append("goes on")
        return True

    with pytest.raises(ValueError, match="it broke"):
        side_by_side({"fails": fails, "goes on": goes_on})
    assert ended == ["goes on"]


def test_a_stop_ends_the_commands_that_jobs_wait_for() -> None:
    script = f"""
import sys; sys.path.insert(0, {str(BIN)!r})
from setup import processes, signals
from setup.beside import side_by_side
from setup.console import Stopped
signals.listen()
command = processes.Command(("sh", "-c", "echo under way; exec sleep 60"))
jobs = dict.fromkeys(("one", "two", "three"), lambda: processes.attached(command) == 0)
try:
    side_by_side(jobs)
except Stopped:
    print("stopped", flush=True)
"""
    command = [sys.executable, "-u", "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        for _each in range(AT_ONCE):
            assert running.stdout.readline() == "under way\n"
        running.send_signal(signal.SIGTERM)
        # Standard output ends when the last of the commands has let go of it, too.
        assert running.communicate(timeout=30)[0] == "stopped\n"
    assert running.returncode == 0
