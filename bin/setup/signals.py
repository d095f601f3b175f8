"""Ctrl-C, a service manager's stop and a closed terminal, all as one exception."""

import signal
import threading
from types import FrameType

from .console import Stopped

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_asked: list[int] = []


def _stop(signum: int, _frame: FrameType | None) -> None:
    # From here on only the orderly end runs; a second Ctrl-C must not cut it short.
    ignore()
    _asked.append(signum)
    raise Stopped(signum)


def pass_on() -> None:
    """Raise Stopped in a thread beside the main one too, which alone hears a signal.

    The main thread has heard it, and waits for others while it ends things in order.
    """
    if _asked and threading.current_thread() is not threading.main_thread():
        raise Stopped(_asked[0])


def listen() -> None:
    """Turn every stopping signal into Stopped, raised once in the main thread."""
    for signum in STOPPING:
        signal.signal(signum, _stop)


def ignore() -> None:
    """Ignore further stopping signals: every wait of the orderly end has its own limit."""
    for signum in STOPPING:
        signal.signal(signum, signal.SIG_IGN)
