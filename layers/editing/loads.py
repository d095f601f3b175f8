"""The proof of a bulk load: a digest of its rows as loaded, in place of an entry a row.

A million rows as entries would be a second copy of the table in the journal. Instead the changeset
keeps a SHA-256 of the rows. Rows are edited later; what they were when loaded is what the journal's
old values, laid over the present row, make of them, so that the digest can be reckoned again at any
time (layers.journal.verification).

The digest is of two levels: the rows of each `BLOCK` ids, in the order of ids, as PostgreSQL's
COPY writes them (text format, UTF-8, ISO dates, shortest exact floats, geometry as EWKB in hex),
then the digests of the blocks. Blocks tell where a row was changed. Measured with a million
toilets: 2.1 s to COPY them out and hash them here, 5.4 s for sha256 and string_agg in SQL.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import connection
from psycopg2 import sql

from layers.models.chain import Load
from layers.models.journal import Changeset
from layers.sql_files import packaged_sql

SQL = Path(__file__).parent / "sql"

BLOCK = 10_000
"""Ids a block: a million rows are a hundred statements, and a change is found to 10,000 ids."""

TEXT_SETTINGS = {
    "datestyle": "ISO, YMD",
    "timezone": "UTC",
    "extra_float_digits": "1",
    "bytea_output": "hex",
}
"""What COPY's text depends on, besides the encoding, which Django sets."""

NOT_JOURNALLED = (
    "id",
    "version",
    "changeset_id",
    "created_at",
    "updated_at",
    "upkeep_state",
    "upkeep_due_on",
)


def prove(
    *,
    layer: str,
    table: str,
    changeset: Changeset,
    rows: int,
    first: int,
    last: int,
    loaded_at: datetime,
) -> Load:
    """Digest the rows with ids from `first` to `last` that no entry made; say so for good."""
    columns = journalled_columns(table)
    blocks = list(block_digests(layer, table, columns, first, last, BLOCK))
    digest = digest_of(blocks)
    Changeset.objects.filter(pk=changeset.pk).update(rows=rows, digest=digest)
    return Load.objects.create(
        changeset_id=changeset.pk,
        layer=layer,
        first_feature=first,
        last_feature=last,
        columns=columns,
        block=BLOCK,
        blocks=b"".join(blocks),
        loaded_at=loaded_at,
    )


def load_of(changeset: Changeset) -> Load | None:
    """The proof of a changeset that is a load."""
    return Load.objects.filter(changeset_id=changeset.pk).first()


def digest_of(blocks: Sequence[bytes]) -> str:
    """The digest of a load from those of its blocks, in hex."""
    return hashlib.sha256(b"".join(blocks)).hexdigest()


def journalled_columns(table: str) -> list[str]:
    """The columns that a feature's state is made of, from the catalogue, in the table's order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT attname FROM pg_attribute
            WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
              AND attgenerated = '' AND attname <> ALL(%s)
            ORDER BY attnum
            """,
            [table, list(NOT_JOURNALLED)],
        )
        return [name for (name,) in cursor.fetchall()]


def block_digests(
    layer: str, table: str, columns: Sequence[str], first: int, last: int, block: int
) -> Iterator[bytes]:
    """SHA-256 of the loaded rows of each block of ids, as they were loaded."""
    with text_settings(), connection.cursor() as cursor:
        for low in range(first, last + 1, block):
            statement = loaded_rows(layer, table, columns, low, min(low + block - 1, last))
            hashed = _Hash()
            cursor.copy_expert(
                sql.SQL("COPY ({}) TO STDOUT").format(statement).as_string(cursor.cursor), hashed
            )
            yield hashed.digest.digest()


def loaded_rows(
    layer: str, table: str, columns: Sequence[str], low: int, high: int
) -> sql.Composable:
    """The rows from `low` to `high` that no entry made, as they were before any entry."""

    def of(alias: str) -> sql.Composable:
        return sql.SQL(", ").join(sql.Identifier(alias, name) for name in columns)

    return sql.SQL(packaged_sql("loaded_rows", SQL)).format(
        table=sql.Identifier(table),
        layer=sql.Literal(layer),
        low=sql.Literal(low),
        high=sql.Literal(high),
        plain=of("t"),
        rebuilt=of("r"),
    )


class _Hash:
    """A file that COPY writes to."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return len(data)


@contextmanager
def text_settings() -> Iterator[None]:
    """The settings under which values have one text; inside a transaction, put back at the end."""
    with connection.cursor() as cursor:
        names = list(TEXT_SETTINGS)
        cursor.execute("SELECT name, current_setting(name) FROM unnest(%s) AS name", [names])
        before = dict(cursor.fetchall())
        _set(TEXT_SETTINGS)
        yield
        _set(before)


def _set(values: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        for name, value in values.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
