"""bin/test: set up, then every check and test; all run, whatever fails before.

The checks go side by side, and with them what the tests wait for: the standard's own environment
and the database that theirs are copies of.
"""

import base64
import fcntl
import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from . import environment
from .beside import side_by_side
from .console import Failure, Step, say, step
from .preparation import Prepared, prepared
from .processes import Command, attached, logged, required

CHROMIUM = "/usr/bin/chromium"
FRONTEND = Path("gisapp/web/frontend")
# Test processes side by side; 2 cores are the smallest machine this runs on. A module stays in
# one process, so that what it sets up once is set up once.
PARALLEL = ("-n", "2", "--dist", "loadfile")
TEST_DATABASES = 16
INTERRUPTED = 2


@dataclass(frozen=True)
class Check:
    """One check: a command, or the reason why it is skipped here."""

    name: str
    command: Command | None = None
    skipped: str = ""


def test(project: Path, arguments: list[str]) -> int:
    """Run all checks, or with arguments only pytest; 0 when everything passed."""
    with prepared(project, tests=True, browser=True) as ready, _database_name(ready) as name:
        options = {"DATABASE_TEST_NAME": name, "PROFILE": "development", "CHROMIUM": CHROMIUM}
        failed = [] if arguments else _run_checks(ready, options)
        say("-> pytest")
        options |= _ogctests(ready)
        command = ready.program("pytest", *(arguments or PARALLEL), **options)
        if attached(command) != 0:
            failed.append("pytest")
    if failed:
        say(f"FAILED: {', '.join(failed)}")
    return 1 if failed else 0


def _ogctests(ready: Prepared) -> dict[str, str]:
    """Tells the tests where the environment of the standard's own checks is, once it is made."""
    with step("environment of the OGC checks") as current:
        place = environment.ensure_ogctests(
            ready.project, ready.state, current, environ=ready.environ
        )
    return {"OGCTESTS_PYTHON": str(place / "bin" / "python") if place else ""}


@contextmanager
def _database_name(ready: Prepared) -> Iterator[str]:
    """A test database name that no other run on this machine uses now.

    Names are few and come back, so what a killed run left behind is replaced by a later one.
    """
    folder = ready.state.root / "tests"
    folder.mkdir(exist_ok=True)
    for number in range(TEST_DATABASES):
        with (folder / f"{number}.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield f"test_xiangcun_{number}"
            return
    raise Failure(f"{TEST_DATABASES} test runs are under way already", "wait for one to end")


def _run_checks(ready: Prepared, options: Mapping[str, str]) -> list[str]:
    """Run each check as a step; return the names of those that failed."""
    passed = side_by_side(_jobs(ready, options))
    failed = [name for name, well in passed.items() if not well]
    if failed:
        say(f"  !! failed before pytest: {', '.join(failed)}")
    return failed


def _jobs(ready: Prepared, options: Mapping[str, str]) -> dict[str, Callable[[], bool]]:
    """By name, the longest first: none of them is left to run alone at the end."""
    first, *others = checks(ready, options)
    return {
        first.name: partial(_passes, ready, first),
        "script types": lambda: _passes(ready, _script_types(ready)),
        "environment of the OGC checks": lambda: bool(_ogctests(ready)),
        **{check.name: partial(_passes, ready, check) for check in others},
    }


def _passes(ready: Prepared, check: Check) -> bool:
    if not check.command:
        say(f"  -- {check.name}: skipped, {check.skipped}")
        return True
    current = Step(check.name)
    log = ready.state.log / f"check-{check.name.replace(' ', '-')}.log"
    code, output = logged(check.command, log, current)
    say(f"  {'ok' if code == 0 else '!!'} {check.name} ({current.elapsed:.1f} s)")
    if code != 0:
        say(output.rstrip())
    return code == 0


def checks(ready: Prepared, options: Mapping[str, str]) -> list[Check]:
    """The checks, the long ones first; `options` are what the tests' environment has more."""
    return [
        Check("types", ready.program("mypy")),
        Check("database of the tests", ready.program("python", "-m", "tests.template", **options)),
        Check("migrations", ready.manage("makemigrations", "--check", "--dry-run")),
        Check("deployment", _deployment(ready)),
        Check("imports", ready.program("lint-imports")),
        Check("ruff check", ready.program("ruff", "check", ".")),
        Check("ruff format", ready.program("ruff", "format", "--check", ".")),
    ]


def _deployment(ready: Prepared) -> Command:
    """Django's own checks, as production would start; its secrets are made up and thrown away."""
    return ready.manage(
        "check", "--deploy", "--fail-level", "WARNING",
        PROFILE="production",
        SECRET_KEY=secrets.token_urlsafe(64),
        FIELD_KEY=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        ALLOWED_HOSTS="xiangcun.example",
        CSRF_TRUSTED_ORIGINS="https://xiangcun.example",
        PUBLIC_URL="https://xiangcun.example",
    )  # fmt: skip


def _script_types(ready: Prepared) -> Check:
    """TypeScript's check of the browser's modules, where Node is there to run it."""
    folder = ready.project / FRONTEND
    if not (folder / "package-lock.json").exists():
        return Check("script types", skipped=f"there is no {FRONTEND / 'package-lock.json'}")
    if not (shutil.which("node") and shutil.which("npm")):
        return Check("script types", skipped="Node is not installed (only this check needs it)")
    _install_node_packages(ready, folder)
    command = Command(("npx", "--no-install", "tsc", "-p", "."), ready.environ, folder)
    return Check("script types", command)


def _install_node_packages(ready: Prepared, folder: Path) -> None:
    """npm ci, when its lock file changed since the last complete one."""
    digest = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    if ready.state.stamp("node") == digest and (folder / "node_modules").exists():
        return
    with step("Node packages") as current:
        command = Command(("npm", "ci", "--no-audit", "--no-fund"), ready.environ, folder)
        required(command, ready.state.log / "node.log", current, remedy="see the lines above")
    ready.state.set_stamp("node", digest)
