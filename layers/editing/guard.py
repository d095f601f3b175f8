"""Declares the editing service to the database's write guard (sql/guards.sql)."""

from django.db import connection


def declare_writer() -> None:
    """Allows writes to layer tables until this transaction ends. Call inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('layers.writer', pg_current_xact_id()::text, true)")
