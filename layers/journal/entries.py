"""Entries and links: each entry has exactly one, made of what the entry says now."""

from collections.abc import Callable, Iterator

from django.db import connection
from psycopg2 import sql

from layers.journal.findings import Check, Finding
from layers.journal.payloads import SQL, TABLES, LinkKind, payload_sql
from layers.registry.specification import Layer
from layers.sql_files import packaged_sql

STRIDE = 100_000
"""Ids a statement."""

Progress = Callable[[str, int], None]
"""Called with what is being verified and how much of it is done."""


def linked_entries(progress: Progress) -> Iterator[Finding]:
    for kind in LinkKind:
        for low, high in ranges(*_span(kind)):
            yield from _unmatched(kind, low, high)
            progress(f"{kind} entries", high)


def ranges(first: int, last: int, stride: int = STRIDE) -> Iterator[tuple[int, int]]:
    """Inclusive ranges of ids that cover `first` to `last`."""
    for low in range(first, last + 1, stride):
        yield low, min(low + stride - 1, last)


def _span(kind: LinkKind) -> tuple[int, int]:
    statement = sql.SQL(packaged_sql("span_of_entries", SQL)).format(
        table=sql.Identifier(TABLES[kind])
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"kind": kind})
        first, last = cursor.fetchone()
        return int(first), int(last)


def _unmatched(kind: LinkKind, low: int, high: int) -> Iterator[Finding]:
    statement = packaged_sql("unmatched_links", SQL).format(payload=payload_sql(kind))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"kind": kind, "low": low, "high": high})
        found = cursor.fetchall()
    for entry, position, entry_missing, link_missing in found:
        place = f"{kind} {entry}"
        if entry_missing:
            yield Finding(Check.ENTRIES, place, f"is gone; link {position} was made of it")
        elif link_missing:
            yield Finding(Check.ENTRIES, place, "has no link: it was not written by the service")
        else:
            yield Finding(Check.ENTRIES, place, f"was changed since link {position} was made of it")


def contiguous_versions(layer: Layer) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(packaged_sql("broken_versions", SQL), {"layer": layer.name})
        for feature, first, last, count in cursor.fetchall():
            problem = f"has {count} entries for versions {first} to {last}"
            yield Finding(Check.VERSIONS, f"{layer.name}/{feature}", problem)
