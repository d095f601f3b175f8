"""Tells how an import goes on, and hears that it shall stop, while its transaction is busy.

Both happen in a thread of its own: with a database connection of its own, so that what is told is
seen before the import commits; and also while COPY runs or an index is built for minutes.
"""

import threading
from collections.abc import Callable
from types import TracebackType

import psycopg2.extensions
from django.db import connection, connections
from django.db.utils import OperationalError
from django.utils import translation

from importers.cancellation import Cancelled
from importers.report import Report

Progress = Callable[[Report], None]
INTERVAL = 0.4
"""Seconds."""


class Watch:
    """Calls `progress` and asks `cancelled` a few times a second until it is left.

    On leaving, `progress` is told the last state, in the thread of the import. What either raises
    in between ends the watching and is raised by `check`, so that it stops the import.
    """

    def __init__(self, progress: Progress, cancelled: Callable[[], bool]) -> None:
        self._progress = progress
        self._asked = cancelled
        self._report: Report | None = None
        self._done = threading.Event()
        self._cancelled = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(
            target=self._run, args=[translation.get_language()], name="import-watch"
        )
        self._running: psycopg2.extensions.connection | None = None

    def over(self, report: Report) -> None:
        """What to tell from now on."""
        self._report = report
        self._running = connection.connection

    def check(self) -> None:
        """Raises Cancelled where that was asked for; call it between pieces of work."""
        if self._error is not None:
            raise self._error
        if self._cancelled.is_set():
            raise Cancelled

    def _run(self, language: str | None) -> None:
        try:
            with translation.override(language):
                while not self._done.wait(INTERVAL) and not self._cancelled.is_set():
                    self._look()
        except BaseException as error:
            self._error = error
        finally:
            connections.close_all()

    def _look(self) -> None:
        if self._asked():
            self._cancelled.set()
            # Ends the statement that the import waits for; its error becomes Cancelled.
            if self._running is not None:
                self._running.cancel()
        elif self._report is not None:
            self._progress(self._report)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()
        if self._cancelled.is_set() and isinstance(error, OperationalError):
            raise Cancelled from error
        if error is None:
            if self._report is not None:
                self._progress(self._report)
            # Asked once more: what was over within the interval was asked nothing yet.
            if self._asked():
                self._cancelled.set()
            self.check()
