"""How far a background export is, told while its own transaction is open, and whether to go on.

The export reads in one transaction, so what it writes is seen only at the end. A connection of its
own tells the page now, and hears of a wish to cancel.
"""

import time
from types import TracebackType
from typing import Any, Self

from django.db import connection

from importers.exporting.wish import ExportReport

SECONDS_BETWEEN = 1.0
STATEMENT = (
    "UPDATE importers_export SET rows = %s, total = %s, progressed_at = now()"
    " WHERE id = %s RETURNING cancel_asked"
)


class Reporter:
    """A context; call it with the report of each batch, ask `cancelled` before the next."""

    def __init__(self, export_id: int, *, seconds_between: float = SECONDS_BETWEEN) -> None:
        self._id = export_id
        self._seconds_between = seconds_between
        self._last = float("-inf")
        self._asked = False
        self._connection: Any = connection.copy()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def __call__(self, report: ExportReport) -> None:
        now = time.monotonic()
        if now - self._last < self._seconds_between:
            return
        self._last = now
        with self._connection.cursor() as cursor:
            cursor.execute(STATEMENT, [report.rows, report.total, self._id])
            row = cursor.fetchone()
        self._asked = bool(row and row[0])

    def cancelled(self) -> bool:
        return self._asked
