"""One statement tells whether what is remembered still holds, and which version a tile has now.

Over a connection of its own to each thread, with the statement prepared: planning it would take
longer than running it.
"""

import re
import threading
from collections.abc import Mapping
from typing import Any, NamedTuple

import psycopg2
from django.db import connection
from psycopg2 import sql

from tiles import serving
from tiles.coordinates import Tile
from tiles.overview.reading import TileReading

CONNECTION_PARAMETERS = {"dbname", "user", "password", "host", "port"}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TIME_LIMIT_MS = 2_000
"""A tile that takes longer to look up is left to the whole service, which says so."""

# An anonymous reader has no session, and needs none for what is public.
STILL_HOLDS = sql.SQL("""
SELECT (SELECT nonce FROM tiles_epoch WHERE name = 'access'),
    %(session)s = '' OR EXISTS (
        SELECT FROM django_session WHERE session_key = %(session)s AND expire_date > now()
    )
""")


class Answer(NamedTuple):
    """The epoch of access, whether the session still stands, and what was asked besides."""

    epoch: int
    alive: bool
    row: tuple[Any, ...]


class Asking:
    """Asks over one connection, which it has to itself: it closes it."""

    def __init__(self, own: "psycopg2.extensions.connection") -> None:
        self._connection = own
        self._cursor = own.cursor()
        self._prepared: dict[object, tuple[str, list[str]]] = {}

    def epoch(self) -> int:
        self._cursor.execute("SELECT nonce FROM tiles_epoch WHERE name = 'access'")
        return int(self._only_row()[0])

    def of_reference(self, name: str) -> Answer:
        """The row is the epoch of a public reference layer."""
        text = sql.SQL("{}, (SELECT nonce FROM tiles_epoch WHERE name = %(name)s)").format(
            STILL_HOLDS
        )
        return self._ask("reference", lambda: text, {"session": "", "name": name})

    def of_tile(self, reading: TileReading, session: str) -> Answer:
        """The row is what `serving.standing` reads."""
        values = {**serving.asking_values(reading), "session": session}
        shape = (reading.layer.name, reading.tile.z, shape_of(reading))

        def text() -> sql.Composable:
            asked = serving.asking(reading).text
            return sql.SQL("{}, told.* FROM ({}) AS told").format(STILL_HOLDS, asked)

        return self._ask(shape, text, values)

    def _ask(self, shape: object, text: Any, values: Mapping[str, Any]) -> Answer:
        if shape not in self._prepared:
            self._prepared[shape] = self._prepare(text(), values)
        name, order = self._prepared[shape]
        places = ", ".join(["%s"] * len(order))
        self._cursor.execute(f"EXECUTE {name} ({places})", [values[each] for each in order])
        epoch, alive, *row = self._only_row()
        return Answer(epoch, alive, tuple(row))

    def _only_row(self) -> tuple[Any, ...]:
        (row,) = self._cursor.fetchall()
        return tuple(row)

    def _prepare(self, text: sql.Composable, values: Mapping[str, Any]) -> tuple[str, list[str]]:
        order: list[str] = []

        def numbered(found: "re.Match[str]") -> str:
            if found[1] not in order:
                order.append(found[1])
            return f"${order.index(found[1]) + 1}"

        body = PLACEHOLDER.sub(numbered, text.as_string(self._cursor)).replace("%%", "%")
        name = f"tile_{len(self._prepared)}"
        types = ", ".join(_type_of(each, values[each]) for each in order)
        self._cursor.execute(f"PREPARE {name} ({types}) AS {body}")
        return name, order

    def close(self) -> None:
        self._connection.close()


def shape_of(reading: TileReading) -> tuple[Any, ...]:
    """What of a scope and a tile is in the statement's text, and not among its values."""
    return (
        reading.scope.everything,
        len(reading.counties.prefixes),
        len(reading.narrow.prefixes),
        reading.ring.level,
    )


def _type_of(name: str, value: Any) -> str:
    if name in Tile._fields:
        return "integer"
    if isinstance(value, list):
        return "bigint[]"
    return "bigint" if isinstance(value, int) else "text"


def _connected() -> "psycopg2.extensions.connection":
    """psycopg2's own, not Django's: nobody else's transaction, settings or statements."""
    parameters = connection.get_connection_params()
    wanted = {name: value for name, value in parameters.items() if name in CONNECTION_PARAMETERS}
    options = f"-c statement_timeout={TIME_LIMIT_MS} -c plan_cache_mode=force_generic_plan"
    found: psycopg2.extensions.connection = psycopg2.connect(**wanted, options=options)
    found.autocommit = True
    return found


class PerThread(threading.local):
    """This thread's Asking; after an error another one, next time."""

    found: Asking | None = None

    def get(self) -> Asking:
        if self.found is None:
            self.found = Asking(_connected())
        return self.found

    def drop(self) -> None:
        if self.found is not None:
            self.found.close()
        self.found = None
