"""Debian packages: which are needed, which are missing, and installing those."""

import importlib.util
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import servers
from .console import Failure, Step
from .machine import Release, is_root, release
from .processes import Command, capture, logged
from .state import State

# gdal-bin brings the GDAL, GEOS and PROJ libraries that GeoDjango loads; the client programs
# are what backup and restore run; gettext compiles the translations.
BASE = ("gdal-bin", "gettext", "postgresql-client")
# Playwright's driver brings its own Node, which needs libatomic.
TESTS = ("chromium", "fonts-noto-cjk", "libatomic1")
SERVERS = {
    Release("debian", "12"): "postgresql-15-postgis-3",
    Release("debian", "13"): "postgresql-17-postgis-3",
}
# Debian's name for "whatever version this release has".
ANY_SERVER = "postgresql-postgis"

# Debian's server package makes and starts a cluster of its own unless told otherwise.
DROP_IN = Path("/etc/postgresql-common/createcluster.d/xiangcun.conf")
DROP_IN_TEXT = "# xiangcun makes its own private cluster\ncreate_main_cluster = false\n"

LOCK_WAIT_SECONDS = 600
LOCK_SIGNS = ("Could not get lock", "Unable to lock", "Unable to acquire the dpkg frontend lock")


@dataclass(frozen=True)
class Need:
    """What a command needs from Debian."""

    server: bool
    tests: bool = False
    venv: bool = True


def wanted(need: Need, where: Release, *, has_server: bool, has_venv: bool) -> tuple[str, ...]:
    """Package names for this need; a server or venv that is there already asks for none."""
    names = list(BASE)
    if need.server and not has_server:
        names.append(SERVERS.get(where, ANY_SERVER))
    if need.venv and not has_venv:
        names.append("python3-venv")
    if need.tests:
        names.extend(TESTS)
    return tuple(names)


def needed(need: Need) -> tuple[str, ...]:
    """What this machine needs for `need`, whether installed or not."""
    has_venv = all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))
    return wanted(need, release(), has_server=bool(servers.installed()), has_venv=has_venv)


def missing(names: Sequence[str]) -> list[str]:
    """Those of `names` that dpkg does not list as installed."""
    form = "${binary:Package} ${db:Status-Status}\n"
    code, output, _ = capture(Command(("dpkg-query", "--show", f"--showformat={form}", *names)))
    if code == 127:
        return list(names)
    lines = (line.split() for line in output.splitlines())
    present = {name.split(":")[0] for name, status in lines if status == "installed"}
    return [name for name in names if name not in present]


def ensure(need: Need, state: State, step: Step) -> None:
    """Install what is missing; a fraction of a second where nothing is."""
    names = needed(need)
    absent = missing(names)
    if not absent:
        step.result = f"{len(names)} present"
        return
    prefix = privilege(absent)
    step.note(f"installing {' '.join(absent)} (log: {state.log / 'packages.log'})")
    install(absent, prefix, state.log / "packages.log", step)
    step.result = f"installed {' '.join(absent)}"


def privilege(absent: Sequence[str]) -> tuple[str, ...]:
    """What to put before apt-get: nothing as root, else sudo once it has let us in.

    Raises Failure, with the line for the administrator, where neither is to be had.
    """
    line = f"apt-get install {' '.join(absent)}"
    if capture(Command(("apt-get", "--version")))[0] != 0:
        raise Failure(
            f"{', '.join(absent)} are missing and this system has no apt-get",
            "install their equivalents by hand, or use Debian 12 or 13",
        )
    if is_root():
        return ()
    asked = "--validate" if sys.stdin.isatty() else "--non-interactive"
    argv = ("sudo", asked) if asked == "--validate" else ("sudo", asked, "true")
    if os.access("/usr/bin/sudo", os.X_OK) and _let_in(argv):
        return ("sudo",)
    raise Failure(
        f"these Debian packages are missing: {' '.join(absent)}; "
        "installing them takes root, and sudo did not let us",
        f"ask the administrator to run, as root:  {line}",
    )


def _let_in(argv: tuple[str, ...]) -> bool:
    """Ask sudo; it may want a password, which it reads from the terminal itself."""
    code, _, _ = capture(Command(argv, patient=True), seconds=300)
    return code == 0


def install(names: Sequence[str], prefix: tuple[str, ...], log: Path, step: Step) -> None:
    """Install packages without Debian's own cluster being made on the way."""
    apt = (*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", "apt-get", "--yes")
    drop_in = any("postgis" in name for name in names) and not DROP_IN.exists()
    if drop_in:
        _write_drop_in(prefix, log, step)
    updated, update_output = _patiently((*apt, "update"), log, step)
    code, output = _patiently((*apt, "--no-install-recommends", "install", *names), log, step)
    if "dpkg --configure -a" in output:  # an earlier installation was cut short
        _patiently((*prefix, "dpkg", "--configure", "-a"), log, step)
        code, output = _patiently((*apt, "--no-install-recommends", "install", *names), log, step)
    if drop_in:
        # What the administrator installs later is none of our business.
        logged(Command((*prefix, "rm", "--force", str(DROP_IN)), patient=True), log, step)
    if code != 0:
        detail = output if updated == 0 else update_output + output
        raise Failure(
            f"apt-get could not install {' '.join(names)} (it ended with {code})",
            "see the lines above; check the network and the entries in /etc/apt, then run again",
            detail=detail, log=log,
        )  # fmt: skip


def _write_drop_in(prefix: tuple[str, ...], log: Path, step: Step) -> None:
    source = log.parent / "createcluster.conf"
    source.write_text(DROP_IN_TEXT)
    argv = (*prefix, "install", "-D", "--mode=644", str(source), str(DROP_IN))
    logged(Command(argv, patient=True), log, step)


def _patiently(argv: tuple[str, ...], log: Path, step: Step) -> tuple[int, str]:
    """Run a package command, waiting while another package manager holds its lock."""
    until = time.monotonic() + LOCK_WAIT_SECONDS
    tell = step.note
    while True:
        code, output = logged(Command(argv, patient=True), log, step)
        locked = code != 0 and any(sign in output for sign in LOCK_SIGNS)
        if not locked or time.monotonic() > until:
            return code, output
        holder = next(line for line in output.splitlines() if any(s in line for s in LOCK_SIGNS))
        tell(f"another package manager is at work, waiting ({holder.strip()})")
        tell = step.alive
        time.sleep(5)
