"""The service's database: made in the private cluster, or checked where DATABASE_URL says."""

import os
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote, urlsplit

from .console import Failure, Step
from .processes import Command, capture
from .state import NAME


def connection(url: str) -> dict[str, str]:
    """libpq's environment for a DATABASE_URL; the password so stays off the command line."""
    parts = urlsplit(url)
    folder = parse_qs(parts.query).get("host", [""])[0]
    found = {
        "PGHOST": folder or parts.hostname or "",
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    return {name: value for name, value in found.items() if value}


def psql(url: str, statement: str, *, database: str = "") -> tuple[int, str, str]:
    """Run one statement; rows come back unadorned."""
    environ = {**os.environ, **connection(url), "PGCONNECT_TIMEOUT": "10"}
    if database:
        environ["PGDATABASE"] = database
    return capture(Command(("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement), environ))


def create(url: str, step: Step) -> None:
    """Create the service's database in the private cluster unless it is there."""
    code, rows, error = psql(
        url, "SELECT 1 FROM pg_database WHERE datname = 'xiangcun'", database="postgres"
    )
    if code == 0 and not rows.strip():
        code, _, error = psql(
            url, f"CREATE DATABASE {NAME} TEMPLATE template0", database="postgres"
        )
        step.result = "created"
    else:
        step.result = "there"
    if code != 0:
        raise Failure("the private database does not answer", "see the lines above", detail=error)


def check(url: str, step: Step) -> None:
    """Raise Failure unless DATABASE_URL's database answers and has PostGIS to offer."""
    statement = "SELECT default_version FROM pg_available_extensions WHERE name = 'postgis'"
    code, rows, error = psql(url, statement)
    if code != 0:
        raise Failure(
            "the database of DATABASE_URL does not answer",
            "check its host, port, name, user and password, and that the server runs",
            detail=error,
        )
    if not rows.strip():
        raise Failure(
            "the server of DATABASE_URL has no PostGIS",
            "install PostGIS 3.3 or newer on that server (Debian: postgresql-NN-postgis-3)",
        )
    step.result = f"answers, PostGIS {rows.strip()}"


def summary(environ: Mapping[str, str]) -> str:
    """Where the database is, without its password."""
    parts = connection(environ["DATABASE_URL"])
    return f"{parts.get('PGDATABASE', '')} at {parts.get('PGHOST', 'localhost')}"
