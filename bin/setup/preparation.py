"""The steps that serving, testing and benchmarks share, in their order."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import cluster, database, environment, keys, machine, packages, signals, state, translations
from .cluster import Cluster
from .console import say, step
from .processes import Command
from .state import State


@dataclass(frozen=True)
class Prepared:
    """What a command finds ready: folders, and the environment that the service reads."""

    project: Path
    state: State
    venv: Path
    environ: Mapping[str, str]

    def program(self, *argv: str, **extra: str) -> Command:
        """A program of the virtual environment, run in the project folder."""
        path = str(self.venv / "bin" / argv[0])
        return Command((path, *argv[1:]), {**self.environ, **extra}, self.project)

    def manage(self, *argv: str, **extra: str) -> Command:
        """A management command of the service."""
        return self.program("python", "manage.py", *argv, **extra)


@contextmanager
def prepared(project: Path, *, tests: bool = False, browser: bool = False) -> Iterator[Prepared]:
    """Set up and yield; on leaving, the last command out stops the private cluster."""
    where = state.location(project, os.environ, root=machine.is_root())
    place = state.opened(where)
    say(f"Set-up of {project} (state in {place.root})")
    server = not os.environ.get("DATABASE_URL")
    users: state.Users | None = None
    try:
        with state.exclusive(place, say):
            users = state.Users(place)
            ready = _set_up(project, place, server=server, tests=tests, browser=browser)
        yield ready
    finally:
        if users:
            _leave(project, place, users)


def _set_up(project: Path, place: State, *, server: bool, tests: bool, browser: bool) -> Prepared:
    with step("Debian packages") as current:
        packages.ensure(packages.Need(server=server, tests=browser), place, current)
    with step("secrets") as current:
        secrets = keys.ensure(place, current)
    with step("Python environment") as current:
        venv = environment.ensure(project, place, current, tests=tests, environ=os.environ)
    with step("translations") as current:
        translations.ensure(project, place, current)
    url = _private(place, secrets) if server else os.environ["DATABASE_URL"]
    with step("database") as current:
        (database.create if server else database.check)(url, current)
    return Prepared(project, place, venv, service_environ(place, venv, secrets, url))


def _private(place: State, secrets: Mapping[str, str]) -> str:
    with step("database server") as current:
        ours = cluster.chosen(place)
        cluster.ensure(ours, secrets["DATABASE_PASSWORD"], current)
    return cluster.url(ours, secrets)


def service_environ(
    place: State, venv: Path, secrets: Mapping[str, str], url: str
) -> dict[str, str]:
    """The environment of the service: what the caller set wins over what set-up chose.

    But for one: containers like to say that no byte code be written. Here it goes to the state
    folder, beside no source, and without it every process would compile all libraries anew: more
    than half the time that one takes to start.
    """
    chosen = {
        "PROFILE": "development",
        "SECRET_KEY": secrets["SECRET_KEY"],
        "FIELD_KEY": secrets["FIELD_KEY"],
        "MEDIA_ROOT": str(place.root / "media"),
        "STATIC_ROOT": str(place.root / "static"),
        "TILE_CACHE": str(place.root / "tiles"),
        "PYTHONPYCACHEPREFIX": str(place.root / "bytecode"),
    }
    given = {name: value for name, value in os.environ.items() if value}
    found = {**chosen, **given, "DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}
    found.pop("PYTHONDONTWRITEBYTECODE", None)
    found["VIRTUAL_ENV"] = str(venv)
    found["PATH"] = f"{venv / 'bin'}{os.pathsep}{given.get('PATH', os.defpath)}"
    Path(found["STATIC_ROOT"]).mkdir(parents=True, exist_ok=True)
    Path(found["MEDIA_ROOT"]).mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def _leave(project: Path, place: State, users: state.Users) -> None:
    """Stop the cluster and tidy up, unless another of our commands still uses them."""
    signals.ignore()
    with state.exclusive(place, say):
        if users.last():
            environment.prune(project, place)
            if (place.root / "cluster").exists():
                _stop(cluster.chosen(place))
        users.leave()


def _stop(ours: Cluster) -> None:
    if cluster.running(ours):
        with step("database server") as current:
            cluster.stop(ours, current)
            current.result = "stopped"
