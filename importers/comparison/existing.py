"""The features that rows may be of, fetched a batch at a time as Arrow columns."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.db import connection
from psycopg2 import sql

from importers.comparison.keys import Key
from layers.access.policy import Scope
from layers.editing.loads import text_settings
from layers.editing.rows import PERSONAL
from layers.registry import Layer

SQL = Path(__file__).parent / "sql"

OWN = ("id", "version", "code", "division", "key")


class Existing:
    """Looks rows up in one layer; `fields` are what they are compared by, also `geom`, `personal`.

    A key that is the code is found by the code's own index. Any other is written to a temporary
    table once, with an index: the layer has none for it.
    """

    def __init__(self, layer: Layer, scope: Scope, key: Key | None, fields: Sequence[str]) -> None:
        self.layer = layer
        self.scope = scope
        self.key = key
        self.names = (*OWN, *(name for name in fields if name not in OWN))
        self.none = is_empty(layer)
        if key is not None and not self.none:
            self._prepare(key)

    def _prepare(self, key: Key) -> None:
        with connection.cursor() as cursor:
            # An import before this one may be part of the same transaction: in a test.
            cursor.execute("DROP TABLE IF EXISTS pg_temp.import_found, pg_temp.import_keys")
            cursor.execute(
                "CREATE TEMPORARY TABLE import_found (id bigint NOT NULL) ON COMMIT DROP"
            )
            if key.is_code:
                return
            statement = sql.SQL(
                "CREATE TEMPORARY TABLE import_keys ON COMMIT DROP AS"
                " SELECT t.id, {key} AS key FROM {table} AS t WHERE {inside} AND {key} IS NOT NULL"
            )
            cursor.execute(
                statement.format(
                    key=key.expression("t"),
                    table=sql.Identifier(self.layer.table),
                    inside=inside(self.scope, "t.division"),
                )
            )
            cursor.execute("CREATE INDEX ON import_keys (key)")
            cursor.execute("ANALYZE import_keys")

    def of_keys(self, keys: pa.Array) -> pa.Table:
        """The features with any of these keys, columns as text; those out of scope, too, where the
        key is the code, since their codes are taken."""
        wanted = pc.drop_null(keys).unique().to_pylist()
        if self.none or not wanted or self.key is None:
            return pa.table({name: pa.array([], pa.string()) for name in self.names})
        return self._copied(self._statement(self.key, wanted))

    def _statement(self, key: Key, wanted: Sequence[str]) -> sql.Composable:
        found = (
            sql.SQL("t.code = ANY({})") if key.is_code
            else sql.SQL("t.id IN (SELECT k.id FROM import_keys AS k WHERE k.key = ANY({}))")
        ).format(sql.Literal(list(wanted)))  # fmt: skip
        texts: dict[str, sql.Composable] = {
            name: sql.SQL("{}::text").format(sql.Identifier("t", name)) for name in self.names
        }
        texts["key"] = key.expression("t")
        texts[PERSONAL] = sql.SQL("encode(t.personal, 'hex')")
        return sql.SQL("SELECT {columns} FROM {table} AS t WHERE {found}").format(
            columns=sql.SQL(", ").join(texts[name] for name in self.names),
            table=sql.Identifier(self.layer.table),
            found=found,
        )

    def _copied(self, statement: sql.Composable) -> pa.Table:
        sink = io.BytesIO()
        with text_settings(), connection.cursor() as cursor:
            copy = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(statement)
            cursor.copy_expert(copy.as_string(cursor.cursor), sink)
        if not sink.tell():
            return pa.table({name: pa.array([], pa.string()) for name in self.names})
        sink.seek(0)
        return pyarrow.csv.read_csv(
            sink,
            pyarrow.csv.ReadOptions(column_names=list(self.names)),
            pyarrow.csv.ParseOptions(newlines_in_values=True),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(self.names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        ).combine_chunks()

    def holders(self, codes: Sequence[str]) -> dict[str, int]:
        """The features that have any of these codes, wherever they are; one index probe a code."""
        if self.none or not codes:
            return {}
        statement = sql.SQL("SELECT code, id FROM {} WHERE code = ANY(%s)").format(
            sql.Identifier(self.layer.table)
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(codes)])
            return dict(cursor.fetchall())

    def found(self, ids: Sequence[int]) -> None:
        """These features are in the file: not missing."""
        text = "".join(f"{each}\n" for each in ids)
        with connection.cursor() as cursor:
            cursor.copy_expert("COPY import_found FROM STDIN", io.StringIO(text))


def is_empty(layer: Layer) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT NOT EXISTS (SELECT FROM {})").format(sql.Identifier(layer.table))
        )
        return bool(cursor.fetchone()[0])


def inside(scope: Scope, column: str) -> sql.Composable:
    condition, bounds = scope.sql(column)
    return sql.SQL(condition.replace("%s", "{}")).format(*map(sql.Literal, bounds))


def column_of(table: pa.Table, name: str) -> Any:
    """A column as one array."""
    column = table.column(name)
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
