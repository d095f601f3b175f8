"""Bringing the service's database and files up to date, through its management commands."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from . import database, keys
from .console import Failure, Step, say, step, tail
from .preparation import Prepared
from .processes import capture, required

APART = {"node_modules", "__pycache__", "tests", "docs", "var"}
# The oid tells a database made anew; the count and the last number, one that was rolled back.
MIGRATED = """SELECT oid, count, last FROM pg_database,
    (SELECT count(*), max(id) AS last FROM django_migrations) AS migrations
    WHERE datname = current_database()"""
ADVICE = "see the lines above; nothing half done is kept, so running again is safe"


def load(ready: Prepared) -> None:
    """Migrate, collect static files, load reference data and, once, the demonstration data.

    All of it is skipped while neither the project's files nor the database's migrations changed
    since it was last done: asking Django itself takes seconds.
    """
    if ready.state.stamp("loaded") == _version(ready):
        with step("migrations, static files, reference data") as current:
            current.result = "unchanged"
    else:
        with step("migrations") as current:
            _manage(ready, current, "migrate", "--noinput")
        with step("static files") as current:
            _collect(ready, current)
        with step("reference data") as current:
            _manage(ready, current, "load_reference")
        if ready.environ["PROFILE"] == "development":
            _demonstrate(ready)
        ready.state.set_stamp("loaded", _version(ready))


def _version(ready: Prepared) -> str:
    """Tells this state of files, settings and database from any other."""
    _, migrated, _ = database.psql(ready.environ["DATABASE_URL"], MIGRATED)
    names = ("PROFILE", "STATIC_ROOT", "DATABASE_URL")
    about = [migrated, str(ready.venv), *(ready.environ[name] for name in names)]
    return _digest(about, project_files(ready.project))


def project_files(project: Path) -> Iterator[Path]:
    """Every file of the project that its database or static files may depend on."""
    for folder, names, files in os.walk(project):
        names[:] = sorted(name for name in names if name not in APART and name[0] != ".")
        yield from (Path(folder) / name for name in sorted(files))


def _digest(about: list[str], paths: Iterator[Path]) -> str:
    """A digest of some texts and of the names, sizes and times of files."""
    digest = hashlib.sha256("\n".join(about).encode())
    for path in paths:
        file = path.lstat()
        digest.update(f"{path} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _manage(ready: Prepared, current: Step, *argv: str) -> str:
    return required(ready.manage(*argv), ready.state.log / "setup.log", current, remedy=ADVICE)


def _collect(ready: Prepared, current: Step) -> None:
    """Collect when a static file, the environment (the admin's files) or the target changed."""
    ours = (
        path
        for path in project_files(ready.project)
        if "static" in path.relative_to(ready.project).parts
    )
    version = _digest([str(ready.venv), ready.environ["STATIC_ROOT"]], ours)
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
        code, table, error = capture(ready.manage("demo_accounts"), seconds=600)
        if code != 0:
            raise Failure(f"`manage.py demo_accounts` ended with {code}", ADVICE, detail=error)
        keys.write_private(ready.state.accounts, table)
        current.result = f"in {ready.state.accounts}"
    ready.state.set_stamp("demonstration", place)
    say(table.rstrip())
