"""Taking turns: transactions that name the same key run one after the other."""

import uuid
from collections.abc import Iterable

from django.db import connection


def take_turn(key: str) -> None:
    """Wait until no other open transaction has this key; keep it until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


BUCKETS = 64
"""Edits are announced by bucket: ten thousand locks of their own would fill the lock table."""

_SPACE = 0x65646974  # "edit": the advisory locks of edits, apart from all others


def announce(uids: Iterable[uuid.UUID]) -> None:
    """Tell that edits are arriving; many may at once. Who waits for one waits until we end."""
    buckets = sorted({_bucket(uid) for uid in uids})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(%s, bucket) FROM unnest(%s::int[]) AS bucket",
            [_SPACE, buckets],
        )


def wait_for_announced(uid: uuid.UUID) -> None:
    """Wait until no other open transaction may be bringing this edit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_SPACE, _bucket(uid)])


def _bucket(uid: uuid.UUID) -> int:
    return uid.int % BUCKETS
