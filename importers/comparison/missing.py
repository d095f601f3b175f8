"""Features that earlier deliveries brought and this one lacks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg2 import sql

from importers.comparison.existing import SQL, inside
from importers.comparison.keys import Key
from layers.access.policy import Scope
from layers.models.journal import Changeset
from layers.registry import Layer
from layers.sql_files import packaged_sql

FETCHED = 10_000


@dataclass(frozen=True, slots=True)
class Missing:
    feature_id: int
    version: int
    code: str
    name: str


def missing_features(
    layer: Layer, scope: Scope, key: Key, changeset: Changeset, counties: Sequence[str]
) -> Iterator[list[Missing]]:
    """In pages, after all rows of the file were looked up (importers.comparison.existing.found).

    The list is kept in a temporary table: whoever removes them reads on meanwhile.
    """
    statement = sql.SQL(packaged_sql("missing_features", SQL)).format(
        table=sql.Identifier(layer.table),
        inside=inside(scope, "t.division"),
        key=key.expression("t"),
        shown=sql.SQL("t.code, t.name"),
    )
    bound: dict[str, Any] = {
        "counties": list(counties),
        "changeset": changeset.pk,
        "layer": layer.name,
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.import_missing")
        cursor.execute("ANALYZE import_found")
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE import_missing ON COMMIT DROP AS {}").format(statement),
            bound,
        )
    last = 0
    while page := _page(last):
        yield page
        last = page[-1].feature_id


def _page(after: int) -> list[Missing]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, version, code, name FROM import_missing WHERE id > %s ORDER BY id LIMIT %s",
            [after, FETCHED],
        )
        return [Missing(*row) for row in cursor.fetchall()]
