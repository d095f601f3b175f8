"""Taking turns: transactions that name the same key run one after the other."""

from django.db import connection


def take_turn(key: str) -> None:
    """Wait until no other open transaction has this key; keep it until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
