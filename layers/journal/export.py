"""The journal as a file: every link of the chain with the text it was made of (docs/journal.md).

What the file proves can be checked without this service: bin/verify-journal-export.
"""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.db import connection

from layers.journal.entries import ranges
from layers.journal.head import GENESIS, Head, current_head
from layers.journal.payloads import LinkKind, payload_sql
from layers.journal.verification import one_snapshot

FORMAT = "xiangcun-journal/1"
LINKS_A_STATEMENT = 10_000


def export_journal(target: Path) -> Head:
    """Write the file (gzipped if its name ends in .gz); returns the head that it ends with.

    A half-written file never has the name.
    """
    partial = target.with_name(target.name + ".partial")
    with one_snapshot():
        head = current_head()
        with _opened(partial, compressed=target.suffix == ".gz") as stream:
            for line in lines(head):
                stream.write(line + "\n")
    partial.replace(target)
    return head


def lines(head: Head) -> Iterator[str]:
    """The header, then the links up to the head, one a line."""
    yield json.dumps({"format": FORMAT, "genesis": GENESIS.hex()})
    for low, high in ranges(1, head.position, LINKS_A_STATEMENT):
        yield from _links(low, high)


def _links(low: int, high: int) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT position, kind, entry_id, digest, hash FROM layers_chain"
            " WHERE position BETWEEN %s AND %s ORDER BY position",
            [low, high],
        )
        links = cursor.fetchall()
    payloads = {
        kind: _payloads(kind, [entry for _at, of, entry, _digest, _hash in links if of == kind])
        for kind in LinkKind
    }
    for position, kind, entry, digest, after in links:
        yield json.dumps(
            {
                "position": position,
                "kind": kind,
                "entry": entry,
                "digest": bytes(digest).hex(),
                "hash": bytes(after).hex(),
                # None where the entry is gone: whoever verifies the file sees it.
                "payload": payloads.get(kind, {}).get(entry),
            },
            ensure_ascii=False,
        )


def _payloads(kind: LinkKind, entries: list[int]) -> dict[int, str]:
    statement = f"SELECT entry_id, payload FROM ({payload_sql(kind)}) AS p WHERE entry_id = ANY(%s)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [entries])
        return dict(cursor.fetchall())


@contextmanager
def _opened(path: Path, *, compressed: bool) -> Iterator[IO[str]]:
    if compressed:
        with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as stream:
            yield stream
    else:
        with path.open("w", encoding="utf-8") as stream:
            yield stream
