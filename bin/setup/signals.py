"""Ctrl-C, a service manager's stop and a closed terminal, all as one exception."""

import signal
from types import FrameType

from .console import Stopped

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _stop(signum: int, _frame: FrameType | None) -> None:
    # From here on only the orderly end runs; a second Ctrl-C must not cut it short.
    ignore()
    raise Stopped(signum)


def listen() -> None:
    """Turn every stopping signal into Stopped, raised once in the main thread."""
    for signum in STOPPING:
        signal.signal(signum, _stop)


def ignore() -> None:
    """Ignore further stopping signals: every wait of the orderly end has its own limit."""
    for signum in STOPPING:
        signal.signal(signum, signal.SIG_IGN)
