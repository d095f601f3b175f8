"""How far a long load has come, on standard error."""

import time
from collections.abc import Iterable, Iterator
from typing import IO, TextIO

SECONDS_BETWEEN_LINES = 2.0


class Progress:
    """Rows written, the rate and what remains; one line every two seconds."""

    def __init__(self, stream: TextIO, *, total: int) -> None:
        self.stream = stream
        self.total = total
        self.rows = 0
        self.began = self.told = time.monotonic()

    def counted(self, chunks: Iterable[tuple[int, IO[bytes]]], label: str) -> Iterator[IO[bytes]]:
        """Hand chunks on and count their rows once they have been taken."""
        for rows, chunk in chunks:
            yield chunk
            self.rows += rows
            self._tell(label)

    def say(self, text: str) -> None:
        self.stream.write(f"{text}\n")
        self.stream.flush()

    def _tell(self, label: str) -> None:
        now = time.monotonic()
        if now - self.told < SECONDS_BETWEEN_LINES:
            return
        self.told = now
        rate = self.rows / (now - self.began)
        remaining = (self.total - self.rows) / rate if rate else 0
        self.say(
            f"  {label}: {self.rows:,} of {self.total:,} rows, {rate:,.0f} a second, "
            f"about {max(0, remaining):.0f} s of rows to come"
        )
