"""What comes out of the box, waited for only so long and taken only so far."""

import io
import os
import select
import time
from typing import Any


class TooSlow(Exception):
    """The child said nothing for longer than the caller waits."""


class TooMuch(Exception):
    """The child handed on more than it may."""


class Patience:
    """How many seconds the caller still waits, over all waiting; its own work does not count."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds

    def wait_for(self, descriptor: int) -> None:
        """Until there is something to read, or the end. Raises TooSlow."""
        started = time.monotonic()
        waiting = select.poll()
        waiting.register(descriptor, select.POLLIN)
        ready = waiting.poll(max(self.left, 0) * 1000)
        self.left -= time.monotonic() - started
        if not ready:
            raise TooSlow


class Pipe(io.RawIOBase):
    """The reading end of a pipe from the child. Raises TooSlow and TooMuch."""

    def __init__(self, descriptor: int, patience: Patience, most_bytes: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._patience = patience
        self._left = most_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._patience.wait_for(self._descriptor)
        count = os.readv(self._descriptor, [buffer])
        self._left -= count
        if self._left < 0:
            raise TooMuch
        return count

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()
