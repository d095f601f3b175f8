"""All the walls together, closed around this process before any library that parses is loaded."""

import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from importers.box.calls import refuse_calls
from importers.box.landlock import close_files
from importers.box.limits import BoxLimits, drop_powers, set_limits

PACKAGE = Path(__file__).resolve().parent.parent
"""importers/: the only part of the project that is read in the box."""
SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo")
SINGLE_FILES = ("/etc/ld.so.cache", "/dev/null", "/dev/urandom")
"""The dynamic linker's index of libraries, and what every program may expect to be there."""


def installation() -> list[Path]:
    """Where code and its data are read from, for libraries load parts of themselves late."""
    prefixes = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    known = sysconfig.get_paths()
    places = [
        *(Path(prefix) / "lib" for prefix in prefixes),
        *(Path(prefix) / "lib64" for prefix in prefixes),
        *(Path(known[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        *(Path(each) for each in (*SYSTEM, *SINGLE_FILES)),
        PACKAGE,
    ]
    if sys.pycache_prefix:
        places.append(Path(sys.pycache_prefix))
    return places


def close_walls(
    readable: Iterable[Path], writable: Iterable[Path], limits: BoxLimits | None = None
) -> None:
    """Raises OSError where a wall cannot be closed; then nothing may be read."""
    limits = limits or BoxLimits()
    set_limits(limits.memory_bytes, limits.cpu_seconds, limits.file_bytes)
    close_files([*installation(), *readable], writable)
    # Last but one: setting a limit lower than now needs no power, reading rules does.
    drop_powers()
    refuse_calls()
