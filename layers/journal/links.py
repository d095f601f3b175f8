"""The chain itself: every link follows from the one before."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from layers.journal.findings import Check, Finding
from layers.journal.head import EMPTY, GENESIS, Head
from layers.journal.payloads import LinkKind

ROWS_A_FETCH = 20_000
KINDS = frozenset(LinkKind)


@dataclass
class ChainWalk:
    """Walks the chain once; afterwards `head` is its last link. `anchors` are heads of before."""

    anchors: tuple[Head, ...] = ()
    head: Head = EMPTY
    _open: dict[int, Head] = field(default_factory=dict)

    def findings(self) -> Iterator[Finding]:
        self._open = {anchor.position: anchor for anchor in self.anchors}
        yield from self._anchored(0, GENESIS)
        position, before = 0, GENESIS
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                "SELECT position, kind, digest, hash FROM layers_chain ORDER BY position"
            )
            for found, kind, digest, stored in _fetched(cursor):
                link = f"link {found}"
                if found != position + 1:
                    yield Finding(Check.CHAIN, link, _gap(position + 1, found - 1))
                if kind not in KINDS:
                    yield Finding(Check.CHAIN, link, f"is of an unknown kind {kind!r}")
                after = bytes(stored)
                if hashlib.sha256(before + bytes(digest)).digest() != after:
                    yield Finding(Check.CHAIN, link, "does not follow from the link before it")
                # From the stored hash on, so that one broken link is one finding.
                position, before = found, after
                yield from self._anchored(position, after)
        self.head = Head(position, before)
        for anchor in self._open.values():
            problem = f"the chain ends at {position}: what came after is missing"
            yield Finding(Check.ANCHOR, f"link {anchor.position}", problem)

    def _anchored(self, position: int, found: bytes) -> Iterator[Finding]:
        anchor = self._open.pop(position, None)
        if anchor is not None and anchor.hash != found:
            problem = "is not the link that was written down: something up to here was changed"
            yield Finding(Check.ANCHOR, f"link {position}", problem)


def _fetched(cursor: CursorWrapper) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(ROWS_A_FETCH):
        yield from rows


def _gap(first: int, last: int) -> str:
    missing = f"link {first} is" if first == last else f"links {first} to {last} are"
    return f"{missing} missing before it"
