"""Running other programs: what is shown of them, and what is told when they fail."""

import sys

import pytest
from setup import console, processes
from setup.console import Failure, Step
from setup.processes import Command


def python(script: str) -> Command:
    return Command((sys.executable, "-c", script))


def test_a_long_step_shows_its_own_newest_line_and_not_an_earlier_step_s(
    tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(console, "ALIVE_SECONDS", 0.2)
    log = tmp_path / "log"
    processes.logged(python("print('of the first')"), log, Step("first"))
    script = "import time; time.sleep(.5); print('of the second', flush=True); time.sleep(.5)"
    processes.logged(python(script), log, Step("second"))
    shown = capsys.readouterr().out
    assert ".. second: " in shown
    assert "of the second" in shown
    assert "of the first" not in shown


def test_a_failed_command_is_told_with_the_end_of_its_own_output(tmp_path) -> None:
    log = tmp_path / "log"
    log.write_text("an older line\n")
    script = "import sys; print('before'); sys.exit('disk full')"
    with pytest.raises(Failure) as failed:
        processes.required(python(script), log, Step("x"), remedy="free some space")
    assert "ended with 1" in failed.value.cause
    assert "disk full" in failed.value.detail
    assert "older" not in failed.value.detail
    assert failed.value.remedy == "free some space"


def test_a_failure_names_its_step_cause_log_and_remedy(capsys) -> None:
    failure = Failure("it broke", "mend it", detail="line\n" * 50)
    with pytest.raises(Failure), console.step("outer"), console.step("inner"):
        raise failure
    console.report(failure)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "FAILED inner: it broke"
    assert lines[-1] == "  what to do: mend it"
    assert len(lines) == 2 + console.TAIL_LINES


def test_a_program_that_is_not_there_is_127_as_in_a_shell() -> None:
    code, _, error = processes.capture(Command(("no-such-program",)))
    assert code == 127
    assert "no-such-program" in error


def test_a_command_that_hangs_is_given_up() -> None:
    code, _, error = processes.capture(Command(("sleep", "60")), seconds=0.2)
    assert code == 124
    assert "did not answer" in error


def test_a_log_is_readable_by_its_owner_only(tmp_path) -> None:
    log = tmp_path / "log"
    processes.logged(python("print('a name')"), log, Step("x"))
    assert log.stat().st_mode & 0o777 == 0o600
