"""How far a long load has come, on standard error."""

import time
from collections.abc import Iterable, Iterator
from typing import IO, TextIO

SECONDS_BETWEEN_LINES = 2.0


class Progress:
    """Of each layer the rows written, the rate and what remains; one line every two seconds."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def counted(
        self, chunks: Iterable[tuple[int, IO[bytes]]], label: str, total: int
    ) -> Iterator[IO[bytes]]:
        """Hand chunks on and count their rows once they have been taken."""
        rows = 0
        began = told = time.monotonic()
        for more, chunk in chunks:
            yield chunk
            rows += more
            now = time.monotonic()
            if now - told >= SECONDS_BETWEEN_LINES:
                told = now
                self.say(_line(label, rows, total, now - began))
        if told != began:
            self.say(f"  {label}: all rows are in; indexes and states come now")

    def say(self, text: str) -> None:
        self.stream.write(f"{text}\n")
        self.stream.flush()


def _line(label: str, rows: int, total: int, seconds: float) -> str:
    """
    >>> _line("toilets", 500, 2_000, 10.0)
    '  toilets: 500 of 2,000 rows, 50 a second, about 30 s of rows to come'
    """
    rate = rows / seconds
    remaining = max(0, total - rows) / rate if rate else 0
    return (
        f"  {label}: {rows:,} of {total:,} rows, {rate:,.0f} a second, "
        f"about {remaining:.0f} s of rows to come"
    )
