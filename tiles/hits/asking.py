"""One statement tells whether what is remembered still holds, and which version a tile has now.

Over a connection of its own to each thread, with that statement prepared: planning it would take
longer than running it. Another one draws the tile, if it has to be drawn.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import psycopg2
from django.db import connection
from psycopg2 import sql

from tiles import serving
from tiles.coordinates import Tile
from tiles.overview.reading import TileReading
from tiles.statements import Statement, Steady

CONNECTION_PARAMETERS = {"dbname", "user", "password", "host", "port"}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TIME_LIMIT_MS = 2_000
"""A tile that takes longer is left to the whole service, which has more patience and says so."""

MOST_PREPARED = 256
"""Statements that a connection keeps prepared, some 100 kB each: those last asked for."""

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


class Prepared(NamedTuple):
    """The name of a prepared statement, and the names of its values in their order."""

    name: str
    order: list[str]


class Asking:
    """Asks over one connection, which it has to itself: it closes it."""

    def __init__(self, own: "psycopg2.extensions.connection") -> None:
        self._connection = own
        self._cursor = own.cursor()
        self._prepared: OrderedDict[object, Prepared] = OrderedDict()
        self._made = 0

    def epoch(self) -> int:
        self._cursor.execute("SELECT nonce FROM tiles_epoch WHERE name = 'access'")
        return int(self._only_row()[0])

    def of_reference(self, name: str) -> Answer:
        """The row is the epoch of a public reference layer."""
        text = sql.SQL("{}, (SELECT nonce FROM tiles_epoch WHERE name = %(name)s)").format(
            STILL_HOLDS
        )
        return _answer(self._row("reference", lambda: text, {"session": "", "name": name}))

    def of_tile(self, reading: TileReading, session: str) -> Answer:
        """The row is what `serving.standing` reads."""
        asked = serving.asking(reading)

        def compose() -> sql.Composed:
            return sql.SQL("{}, told.* FROM ({}) AS told").format(STILL_HOLDS, asked.text)

        return _answer(self._row(asked.shape, compose, {**asked.values, "session": session}))

    def row(self, statement: Statement | Steady) -> tuple[Any, ...]:
        """The one row of a statement that draws; see `serving.Row`."""
        if isinstance(statement, Steady):
            return self._row(statement.shape, statement.compose, statement.values)
        self._cursor.execute(statement.text, statement.values)
        return self._only_row()

    def _row(
        self, shape: object, text: Callable[[], sql.Composable], values: Mapping[str, Any]
    ) -> tuple[Any, ...]:
        """`shape` tells the statements apart; its text is made for the first of each."""
        found = self._prepared.get(shape)
        if found is None:
            found = self._prepare(shape, text(), values)
        self._prepared.move_to_end(shape)
        places = ", ".join(["%s"] * len(found.order))
        self._cursor.execute(
            f"EXECUTE {found.name} ({places})", [values[each] for each in found.order]
        )
        return self._only_row()

    def _only_row(self) -> tuple[Any, ...]:
        (row,) = self._cursor.fetchall()
        return tuple(row)

    def _prepare(self, shape: object, text: sql.Composable, values: Mapping[str, Any]) -> Prepared:
        order: list[str] = []

        def numbered(found: "re.Match[str]") -> str:
            if found[1] not in order:
                order.append(found[1])
            return f"${order.index(found[1]) + 1}"

        body = PLACEHOLDER.sub(numbered, text.as_string(self._cursor)).replace("%%", "%")
        self._made += 1
        made = Prepared(f"tile_{self._made}", order)
        types = ", ".join(_type_of(each, values[each]) for each in order)
        self._cursor.execute(f"PREPARE {made.name} ({types}) AS {body}")
        self._prepared[shape] = made
        if len(self._prepared) > MOST_PREPARED:
            _shape, oldest = self._prepared.popitem(last=False)
            self._cursor.execute(f"DEALLOCATE {oldest.name}")
        return made

    def close(self) -> None:
        self._connection.close()


def _answer(row: tuple[Any, ...]) -> Answer:
    epoch, alive, *told = row
    return Answer(epoch, alive, tuple(told))


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
    settings = {
        "statement_timeout": TIME_LIMIT_MS,
        "plan_cache_mode": "force_generic_plan",
        "max_parallel_workers_per_gather": 0,
        # Rows near each other lie near each other: read page by page they are a twentieth of the
        # buffers, which a plan for any tile does not see where pages in any order cost the same.
        "random_page_cost": 4,
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
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
