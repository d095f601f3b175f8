"""Bringing the service's database and files up to date, through its management commands."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from . import database
from .console import Failure, Step, say, step, tail
from .preparation import Prepared
from .processes import logged, required

ADVICE = "see the lines above; nothing half done is kept, so running again is safe"


def load(ready: Prepared) -> None:
    """Migrate, collect static files, load reference data and, once, the demonstration data."""
    with step("migrations") as current:
        _manage(ready, current, "migrate", "--noinput")
    with step("static files") as current:
        _collect(ready, current)
    with step("reference data") as current:
        _manage(ready, current, "load_reference")
    if ready.environ["PROFILE"] == "development":
        _demonstrate(ready)


def _manage(ready: Prepared, current: Step, *argv: str) -> str:
    return required(ready.manage(*argv), ready.state.log / "setup.log", current, remedy=ADVICE)


def static_files(project: Path) -> Iterator[Path]:
    """Every file that collectstatic would look at in the project's own folders."""
    for folder, names, files in os.walk(project):
        names[:] = sorted(name for name in names if name != "node_modules" and name[0] != ".")
        if "static" in Path(folder).relative_to(project).parts:
            yield from (Path(folder) / name for name in sorted(files))


def static_version(ready: Prepared) -> str:
    """Changes whenever a static file, the environment (the admin's files) or the target does."""
    digest = hashlib.sha256(f"{ready.venv} {ready.environ['STATIC_ROOT']}".encode())
    for path in static_files(ready.project):
        about = path.stat()
        digest.update(f"{path} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _collect(ready: Prepared, current: Step) -> None:
    version = static_version(ready)
    if ready.state.stamp("static") == version:
        current.result = "unchanged"
        return
    output = _manage(ready, current, "collectstatic", "--noinput")
    ready.state.set_stamp("static", version)
    current.result = tail(output, 1).removeprefix("     | ")


def _demonstrate(ready: Prepared) -> None:
    """Seed an empty database, and keep its accounts where only their owner reads them."""
    place = database.summary(ready.environ)
    if ready.state.stamp("demonstration") == place and ready.state.accounts.exists():
        return
    with step("demonstration data") as current:
        _manage(ready, current, "seed_demo", "--if-empty")
    with step("demonstration accounts") as current:
        code, table = logged(
            ready.manage("demo_accounts"), _private_log(ready.state.accounts), current
        )
        if code != 0:
            ready.state.accounts.unlink()
            raise Failure("demo_accounts failed", ADVICE, detail=table)
        current.result = f"in {ready.state.accounts}"
    ready.state.set_stamp("demonstration", place)
    say(table.rstrip())


def _private_log(path: Path) -> Path:
    """An empty file of mode 0600: passwords go there and nowhere else."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    return path
