"""A private PostgreSQL cluster: made once, started when needed, recovered by itself.

It listens on a Unix socket only. PostgreSQL refuses to run as root, so root runs it as
Debian's `postgres` user, and everybody else as themselves.
"""

import os
import shutil
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import machine, servers, tuning
from .console import Failure, Step
from .processes import Command, capture, required
from .sockets import socket_folder
from .state import NAME, State

SYSTEM_USER = "postgres"
PORT = 5432  # only part of the socket's name: nothing listens on the network
START_SECONDS = 600  # recovery after a crash replays up to max_wal_size of log
REMAINS_SECONDS = 15.0


@dataclass(frozen=True)
class Cluster:
    """Where one cluster lives and who runs it."""

    state: State
    version: str
    user: str  # "" where we run it as ourselves

    @property
    def data(self) -> Path:
        return self.state.root / "cluster"

    @property
    def sockets(self) -> Path:
        return socket_folder(self.state.root, root=bool(self.user))

    def command(self, program: str, *arguments: str) -> Command:
        """A server program with a bare environment, in a folder that every user may enter."""
        environ = {"PATH": os.defpath, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "HOME": "/"}
        environ |= tuning.ALLOCATION
        path = str(servers.programs(self.version) / program)
        return Command((path, *arguments), environ, Path("/"), self.user)

    def own(self, path: Path) -> None:
        """Give a path to the user who runs the server."""
        if self.user:
            shutil.chown(path, self.user, self.user)


def chosen(state: State) -> Cluster:
    """The cluster of this state folder: of the version it was made with, else the newest.

    Raises Failure where that version is no longer installed.
    """
    made = state.root / "cluster" / "PG_VERSION"
    found = servers.installed()
    version = made.read_text().strip() if made.exists() else next(iter(found), "")
    if version not in found:
        raise Failure(
            f"the database in {state.root / 'cluster'} was made by PostgreSQL {version}, "
            f"but installed with PostGIS are: {', '.join(found) or 'none'}",
            f"install postgresql-{version}-postgis-3 and run `bin/manage backup`; then move that "
            "folder away, and run `bin/manage restore`",
        )
    return Cluster(state, version, SYSTEM_USER if machine.is_root() else "")


def ensure(cluster: Cluster, password: str, step: Step) -> None:
    """Make and start the cluster as far as that is still to be done."""
    if not cluster.data.exists():
        _reachable(cluster)
        _make(cluster, password, step)
    if running(cluster):
        step.result = f"PostgreSQL {cluster.version} already runs"
        return
    _clear_remains(cluster, step)
    _configure(cluster)
    _start(cluster, step)
    step.result = f"PostgreSQL {cluster.version} started in {cluster.data}"


def running(cluster: Cluster) -> bool:
    """Whether the server answers on its socket."""
    probe = cluster.command("pg_isready", "-q", "-h", str(cluster.sockets), "-p", str(PORT))
    return bool(machine.processes_in(cluster.data)) and capture(probe)[0] == 0


def _reachable(cluster: Cluster) -> None:
    """Root's state folder may lie where the server's user cannot enter."""
    command = Command(("test", "-x", str(cluster.state.root)), user=cluster.user)
    if cluster.user and capture(command)[0] != 0:
        raise Failure(
            f"the user {cluster.user} cannot enter {cluster.state.root}",
            "name a folder that other users may pass through: STATE_DIR=/var/lib/…",
        )


def _make(cluster: Cluster, password: str, step: Step) -> None:
    """initdb into a folder beside, renamed when complete: an interrupted one starts over."""
    fresh = cluster.data.with_name("cluster.new")
    if fresh.exists():
        step.note("removing an unfinished cluster")
        shutil.rmtree(fresh)
    step.note(f"making a PostgreSQL {cluster.version} cluster")
    fresh.mkdir(mode=0o700)
    cluster.own(fresh)
    secret = cluster.data.with_name("cluster.password")
    secret.touch(mode=0o600)
    secret.write_text(password)
    cluster.own(secret)
    # The cluster is private to this service, so its one role is the superuser that initdb makes:
    # tests create databases with extensions, and replication is set up from within.
    make = cluster.command(
        "initdb", f"--pgdata={fresh}", f"--username={NAME}", f"--pwfile={secret}",
        "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums",
    )  # fmt: skip
    try:
        required(make, cluster.state.log / "cluster.log", step, remedy="see the lines above")
    finally:
        secret.unlink()
    with (fresh / "postgresql.conf").open("a") as configuration:
        configuration.write("\ninclude_dir = 'conf.d'\n")
    (fresh / "conf.d").mkdir(mode=0o700)
    cluster.own(fresh / "conf.d")
    fresh.rename(cluster.data)


def _configure(cluster: Cluster) -> None:
    """Write the settings for this machine; memory may have changed since the last start."""
    cluster.sockets.mkdir(mode=0o700, exist_ok=True)
    cluster.own(cluster.sockets)
    path = cluster.data / "conf.d" / f"{NAME}.conf"
    path.write_text(tuning.text(tuning.settings(machine.memory(), str(cluster.sockets))))
    cluster.own(path)


def _clear_remains(cluster: Cluster, step: Step) -> None:
    """After a crash: end what is left of the old server, then remove its claim on the folder.

    PostgreSQL takes a stale postmaster.pid for a live one whenever its number is in use again.
    """
    until = time.monotonic() + REMAINS_SECONDS
    while (left := machine.processes_in(cluster.data)) and time.monotonic() < until:
        step.note(f"ending what is left of an earlier server: {left}")
        for pid in left:
            os.kill(pid, signal.SIGQUIT)  # the server's own word for "at once, recover later"
        time.sleep(0.5)
    lock = f".s.PGSQL.{PORT}.lock"
    for path in (cluster.data / "postmaster.pid", cluster.sockets / lock):
        path.unlink(missing_ok=True)


def _start(cluster: Cluster, step: Step) -> None:
    log = cluster.state.log / "postgres.log"
    log.touch(mode=0o600)
    cluster.own(log)
    command = cluster.command(
        "pg_ctl", "start", "--wait", "--silent", f"--timeout={START_SECONDS}",
        f"--pgdata={cluster.data}", f"--log={log}",
    )  # fmt: skip
    before = log.stat().st_size
    try:
        required(command, cluster.state.log / "cluster.log", step, remedy="")
    except Failure as failure:
        with log.open("rb") as written:
            written.seek(before)
            detail = written.read().decode(errors="replace")
        raise Failure(
            "the database server did not start", "see the lines above and the server's log",
            detail=detail, log=log,
        ) from failure  # fmt: skip


def stop(cluster: Cluster, step: Step) -> None:
    """Stop the server in order: clients are disconnected, everything is on disk."""
    command = cluster.command(
        "pg_ctl", "stop", "--wait", "--silent", "--mode=fast", "--timeout=120",
        f"--pgdata={cluster.data}",
    )  # fmt: skip
    required(command, cluster.state.log / "cluster.log", step, remedy="see the server's log")


def url(cluster: Cluster, secrets: Mapping[str, str]) -> str:
    """The private database's DATABASE_URL."""
    return f"postgis://{NAME}:{secrets['DATABASE_PASSWORD']}@/{NAME}?host={cluster.sockets}"
