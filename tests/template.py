"""A database with every migration and the reference data, made once and copied by the tests.

Each test process, the browser's server and the OGC clients' work on a copy of their own. The
template outlives the run: the next one finds it, as long as the code that made it is the same.
`python -m tests.template` makes it beforehand: bin/test does, beside its checks.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from psycopg2 import sql

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("layers", "importers", "tiles", "gisapp")
SUFFIXES = {".py", ".sql", ".csv", ".geojson", ".json"}
SKIPPED = {"static", "frontend", "node_modules", "templates"}


def template_name() -> str:
    """Of the template for the test database that the settings name."""
    name = str(connection.settings_dict["TEST"]["NAME"] or connection.settings_dict["NAME"])
    return f"template_{name.removeprefix('test_').partition('_gw')[0]}"


def ensure_template(name: str) -> str:
    """Make the template unless there is one of this very code; returns its name.

    Processes that come at the same time wait for the one that makes it.
    """
    digest = digest_of_code()
    with connection.creation._nodb_cursor() as cursor:
        # Of a session, which ends with the cursor's connection.
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        if cursor.fetchone() != (digest,):
            _make(cursor, name)
            # Last of all: a template that was not finished has no digest, and is made again.
            say(cursor, "COMMENT ON DATABASE {} IS {}", name, sql.Literal(digest))
    return name


def copy_template(template: str, name: str) -> None:
    with connection.creation._nodb_cursor() as cursor:
        say(cursor, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        say(cursor, "CREATE DATABASE {} TEMPLATE {}", name, sql.Identifier(template))


def drop(name: str) -> None:
    with connection.creation._nodb_cursor() as cursor:
        say(cursor, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def say(cursor: Any, statement: str, name: str, *more: sql.Composable) -> None:
    composed = sql.SQL(statement).format(sql.Identifier(name), *more)
    cursor.execute(composed.as_string(cursor.cursor))


def _make(cursor: Any, name: str) -> None:
    say(cursor, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    say(cursor, "CREATE DATABASE {}", name)
    with _connected_to(name):
        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0)


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    """The default connection, lent to another database; closed before and after."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def digest_of_code() -> str:
    """Of every file that can have a say in what migrations and reference data come to."""
    found = hashlib.sha256(django.get_version().encode())
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*")):
            if path.suffix in SUFFIXES and not SKIPPED & set(path.parts):
                found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisapp.settings")
    django.setup()
    ensure_template(template_name())
