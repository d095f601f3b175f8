"""A short enough folder for the database's Unix socket, and the check of a web port."""

import os
import socket
from pathlib import Path

from .console import Failure
from .state import NAME, identity

# sockaddr_un.sun_path holds 108 bytes, the last of them a NUL (unix(7)); PostgreSQL stops at 107.
LONGEST = 107
SOCKET_NAME = ".s.PGSQL.5432"


def socket_folder(state: Path, *, root: bool) -> Path:
    """`<state>/run`, or a short folder of our own where that path would be too long."""
    inside = state / "run"
    if len(os.fsencode(inside / SOCKET_NAME)) < LONGEST:
        return inside
    return short_folder(state, root=root)


def short_folder(state: Path, *, root: bool) -> Path:
    """The fallback in a system folder; in /tmp anybody may have been there before us.

    Raises Failure where somebody else's folder or link has the name.
    """
    if root:
        return Path("/run") / f"{NAME}-{identity(state)}"
    place = Path("/tmp") / f"{NAME}-{os.geteuid()}-{identity(state)}"  # noqa: S108 - checked below
    if place.is_symlink() or (place.exists() and place.stat().st_uid != os.geteuid()):
        raise Failure(
            f"{place}, the folder for the database's socket, belongs to somebody else",
            f"remove it, or name a shorter state folder than {state}: STATE_DIR=/path",
        )
    return place


def check_port(host: str, port: int, command: str) -> None:
    """Raise Failure, naming the process where it can be found, unless the port is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        # A port in TIME_WAIT after an earlier run is free for a server.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            holder = _holder(port)
            cause = f"port {port} of {host} cannot be used: {error.strerror}"
            raise Failure(
                f"{cause}, it is held by {holder}" if holder else cause,
                f"stop that process, or take another port: PORT={port + 1} {command}",
            ) from error


def _holder(port: int) -> str:
    """Who listens on a port, as `python3 (process 4711)`; empty where we may not look."""
    wanted = {f"socket:[{inode}]" for inode in listening_inodes(port)}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and wanted & _open_files(entry):
            name = (entry / "comm").read_text().strip()
            return f"{name} (process {entry.name})"
    return ""


def listening_inodes(port: int) -> set[str]:
    """Inodes of the sockets that listen on a port: proc(5), /proc/net/tcp, state 0A."""
    inodes = set()
    for table in ("tcp", "tcp6"):
        path = Path("/proc/net") / table
        for line in path.read_text().splitlines()[1:] if path.exists() else []:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(fields[9])
    return inodes


def _open_files(process: Path) -> set[str]:
    names = set()
    try:
        for entry in (process / "fd").iterdir():
            names.add(str(entry.readlink()))
    except OSError:  # another user's process, or one that just ended
        return names
    return names
