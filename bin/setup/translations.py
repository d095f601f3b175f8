"""Compiled translations: each .po file's .mo, made again when the .po is newer."""

import os
from collections.abc import Iterator
from pathlib import Path

from .console import Step
from .processes import Command, required
from .state import State

SKIPPED = {"node_modules", "vendor", "tests"}


def sources(project: Path) -> Iterator[Path]:
    """Every translation of the project's own code."""
    for folder, names, files in os.walk(project):
        names[:] = [name for name in names if name not in SKIPPED and not name.startswith(".")]
        yield from (Path(folder) / name for name in files if name.endswith(".po"))


def stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def ensure(project: Path, state: State, step: Step) -> None:
    """Compile what is stale, as Django's compilemessages does but without starting Django."""
    todo = [source for source in sources(project) if stale(source)]
    for source in todo:
        fresh = source.with_suffix(".mo.new")
        command = Command(("msgfmt", "--check-format", "-o", str(fresh), str(source)))
        required(command, state.log / "translations.log", step, remedy=f"correct {source}")
        fresh.replace(source.with_suffix(".mo"))
    step.result = f"compiled {len(todo)}" if todo else "up to date"
