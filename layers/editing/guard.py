"""Declares the editing service to the database's guards (sql/guards.sql, sql/proof_guards.sql)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def declare_writer() -> None:
    """Allows writes to layer tables until this transaction ends. Call inside a transaction.

    Each row written must still have its journal entry when the transaction commits.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('layers.writer', pg_current_xact_id()::text, true)")


@contextmanager
def declared_load(changeset_id: int) -> Iterator[None]:
    """Rows inserted with this changeset need no entry of their own: the load's digest proves them.

    Call inside a transaction, which then also proves the load (layers.editing.loads).
    """
    declare_writer()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('layers.load', %s, true)", [str(changeset_id)])
        yield
        cursor.execute("SELECT set_config('layers.load', '', true)")
