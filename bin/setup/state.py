"""The folder where everything that set-up makes is kept, outside the checkout."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .console import Failure

NAME = "xiangcun"


@dataclass(frozen=True)
class State:
    """Paths inside one checkout's state folder."""

    root: Path

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def stamps(self) -> Path:
        return self.root / "stamps"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets.env"

    @property
    def accounts(self) -> Path:
        return self.root / "demo-accounts.txt"

    def stamp(self, name: str) -> str:
        """The text a finished step left behind, or nothing."""
        path = self.stamps / name
        return path.read_text() if path.exists() else ""

    def set_stamp(self, name: str, text: str) -> None:
        """Leave a step's text behind; replaced in one go, so never half written."""
        self.stamps.mkdir(exist_ok=True)
        fresh = self.stamps / f"{name}.new"
        fresh.write_text(text)
        fresh.replace(self.stamps / name)


def identity(path: Path) -> str:
    """Eight hex digits that tell one folder from another on the same machine."""
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]


def location(project: Path, environ: Mapping[str, str], *, root: bool) -> Path:
    """Where the state of this checkout belongs: STATE_DIR, or the system's or user's folder."""
    if environ.get("STATE_DIR"):
        return Path(environ["STATE_DIR"]).absolute()
    if root:
        return Path("/var/lib") / NAME / identity(project)
    home = Path(environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return home / NAME / identity(project)


def opened(root: Path) -> State:
    """Make the state folder. Others may pass through it (the database server's user must),
    but not list it; what is secret in it is closed by itself.

    Raises Failure where it cannot be made or belongs to somebody else.
    """
    remedy = "name another folder: STATE_DIR=/path/to/folder"
    try:
        (root / "log").mkdir(parents=True, exist_ok=True)
        owner = root.stat().st_uid
        if owner == os.geteuid():
            root.chmod(0o711)
    except OSError as error:
        raise Failure(f"the state folder {root} cannot be made: {error}", remedy) from error
    if owner != os.geteuid():
        raise Failure(f"the state folder {root} belongs to user {owner}, not to us", remedy)
    return State(root.resolve())


@contextmanager
def exclusive(state: State, tell: Callable[[str], None]) -> Iterator[None]:
    """Hold the set-up lock; says whom it waits for. The system drops it if we are killed."""
    with (state.root / "setup.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            tell(f"  .. waiting for process {lock.read().strip()}, which is setting up or stopping")
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


class Users:
    """How many of our commands use this state: each holds a shared lock while it runs."""

    def __init__(self, state: State) -> None:
        self._file: IO[str] = (state.root / "users.lock").open("a")
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def last(self) -> bool:
        """Whether no other command is left. Asked under the set-up lock, and only when leaving:
        a refused exclusive lock may cost the shared one (flock(2))."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def leave(self) -> None:
        self._file.close()
