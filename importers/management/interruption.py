"""Ctrl-C while a command waits for the database.

Python runs its handler of SIGINT only when the running statement is over, which may take minutes.
What happens at once is that a byte is written to the wake-up descriptor: whoever can stop the
statement asks whether it is there.
"""

import os
import select
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interruption() -> Iterator[Callable[[], bool]]:
    """Instead of KeyboardInterrupt: what it yields tells, in any thread, whether Ctrl-C came.

    What was done by then is done: a signal that came too late is dropped.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    handler = signal.signal(signal.SIGINT, _noted)
    wakeup = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def pressed() -> bool:
        return bool(select.select([reading], [], [], 0)[0])

    try:
        yield pressed
    finally:
        signal.set_wakeup_fd(wakeup)
        signal.signal(signal.SIGINT, handler)
        os.close(reading)
        os.close(writing)


def _noted(number: int, frame: FrameType | None) -> None:
    """The byte has been written by then."""
