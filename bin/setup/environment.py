"""The virtual environment: one folder for each lock file and Python, never changed once made.

A server that runs keeps the environment it started with while a newer one is made beside it.
"""

import hashlib
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from .console import Step
from .processes import Command, required
from .state import State

SERVE = "requirements.txt"
TESTS = "requirements-dev.txt"  # a superset of SERVE
# The standard's own checks of the OGC interface: what they pin is not what we pin.
OGCTESTS = "requirements-ogctests.txt"
# They pin pyarrow 17, which has no wheel for a later Python.
OGCTESTS_BELOW = (3, 13)
STAMP = "complete"


def folder(state: State, lock: Path) -> Path:
    """The environment's folder for this lock file's content and this Python."""
    python = f"{sys.version} {Path(sys.executable).resolve()}"
    digest = hashlib.sha256(python.encode() + lock.read_bytes()).hexdigest()[:12]
    return state.root / "environments" / f"{lock.stem}-{digest}"


def usable(place: Path) -> bool:
    """Whether it was finished, and its Python still is where it was."""
    return (place / STAMP).exists() and (place / "bin" / "python").exists()


def ensure(
    project: Path, state: State, step: Step, *, tests: bool, environ: Mapping[str, str]
) -> Path:
    """The folder of a complete environment, made if there is none.

    Serving is content with the tests' environment, which has everything that it needs.
    """
    candidates = [folder(state, project / name) for name in ([TESTS] if tests else [SERVE, TESTS])]
    for place in candidates:
        if usable(place):
            step.result = f"ready in {place}"
            return place
    _make(candidates[0], project / (TESTS if tests else SERVE), state, step, environ)
    step.result = f"made in {candidates[0]}"
    return candidates[0]


def ensure_ogctests(
    project: Path, state: State, step: Step, *, environ: Mapping[str, str]
) -> Path | None:
    """The folder of the environment of the standard's checks; None where there can be none."""
    if sys.version_info >= OGCTESTS_BELOW:
        step.result = "none: its packages have no wheels for this Python"
        return None
    place = folder(state, project / OGCTESTS)
    if not usable(place):
        _make(place, project / OGCTESTS, state, step, environ)
    step.result = f"ready in {place}"
    return place


def _make(place: Path, lock: Path, state: State, step: Step, environ: Mapping[str, str]) -> None:
    """Make the environment; its stamp comes last, so an interrupted one is made again."""
    log = state.log / "environment.log"
    if place.exists():
        step.note("removing an unfinished one")
        shutil.rmtree(place)
    step.note(f"installing {lock.name} with its hashes checked (log: {log})")
    step_remedy = "see the lines above; check the network and the free disk space, then run again"
    make = Command((sys.executable, "-m", "venv", str(place)), environ)
    required(make, log, step, remedy=step_remedy)
    # --no-compile: byte code goes to one folder of the state, not beside every module.
    pip = (
        str(place / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--no-input",
        "install", "--no-compile", "--progress-bar=off", "--only-binary=:all:",
        "--require-hashes", "--requirement", str(lock),
    )  # fmt: skip
    required(Command(pip, environ), log, step, remedy=step_remedy)
    (place / STAMP).write_text(lock.name + "\n")


def prune(project: Path, state: State) -> list[Path]:
    """Remove environments of earlier lock files. Only when no other command of ours runs."""
    locks = [project / name for name in (SERVE, TESTS, OGCTESTS)]
    kept = {folder(state, lock) for lock in locks if lock.exists()}
    parent = state.root / "environments"
    if parent.is_symlink() or not parent.exists():  # lent by another state folder: not ours
        return []
    old = [place for place in parent.iterdir() if place not in kept]
    for place in old:
        shutil.rmtree(place)
    return old
