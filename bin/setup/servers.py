"""Which PostgreSQL servers with PostGIS are installed, and where their programs are."""

from pathlib import Path

PROGRAMS = Path("/usr/lib/postgresql")
EXTENSIONS = Path("/usr/share/postgresql")


def programs(version: str) -> Path:
    """Debian's folder of initdb, pg_ctl and postgres for a major version such as `15`."""
    return PROGRAMS / version / "bin"


def complete(version: str) -> bool:
    """Whether this version's server and its PostGIS are both there."""
    control = EXTENSIONS / version / "extension" / "postgis.control"
    return control.exists() and (programs(version) / "initdb").exists()


def installed() -> list[str]:
    """Major versions with PostGIS, the newest first."""
    if not PROGRAMS.exists():
        return []
    versions = [entry.name for entry in PROGRAMS.iterdir() if entry.name.isdigit()]
    return sorted(filter(complete, versions), key=int, reverse=True)
