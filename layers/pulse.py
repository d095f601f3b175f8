"""Signs of life of work in the background, from a connection of its own.

The work itself is one long transaction, of which nobody sees anything before it ends. So a thread
tells how far it is, and looks whether it is to stop. It also holds an advisory lock for as long as
the process lives: the database lets go of it the moment the process dies, so that work whose
worker is gone is found at once and never started twice.
"""

import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import Busy

BEAT_SECONDS = 1.0
STALE_SECONDS = 20
START_SECONDS = 30


class AlreadyUnderWay(Busy):
    """Another worker does it."""

    code = "already-under-way"


class Pulse:
    """Keeps `heartbeat` and `progress` of one row up to date; use it in a with statement.

    Raises AlreadyUnderWay on entering where another process has the lock of this row.
    """

    def __init__(self, model: type[models.Model], uid: UUID) -> None:
        self._rows = model._default_manager.filter(uid=uid)
        self._stoppable = any(each.name == "cancel_requested" for each in model._meta.fields)
        self._key = lock_key(uid)
        self._progress: dict[str, Any] = {}
        self._held = self._cancelled = False
        self._trouble: BaseException | None = None
        self._started, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"pulse {uid}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait(START_SECONDS)
        if self._trouble is not None:
            raise self._trouble
        if not self._held:
            self._ended.set()
            raise AlreadyUnderWay(_("This is being worked on already."))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join(START_SECONDS)

    def tell(self, progress: Mapping[str, Any]) -> None:
        """What the page shows within a second; cheap, call it as often as you like."""
        self._progress = dict(progress)

    def cancelled(self) -> bool:
        """Raises what stopped the pulse: without its lock another worker may begin the same."""
        if self._trouble is not None:
            raise self._trouble
        return self._cancelled

    def _beat(self) -> None:
        try:
            self._held = _try_lock(self._key)
            self._started.set()
            while self._held:
                self._mark()
                if self._ended.wait(BEAT_SECONDS):
                    break
        except Exception as error:
            self._trouble = error
        finally:
            self._started.set()
            # Closing the connection lets go of the lock.
            connection.close()

    def _mark(self) -> None:
        changes: dict[str, Any] = {"heartbeat": timezone.now()}
        if self._progress:
            changes["progress"] = self._progress
        self._rows.update(**changes)
        if self._stoppable:
            self._cancelled = bool(self._rows.values_list("cancel_requested", flat=True).first())


def lock_key(uid: UUID) -> int:
    """A signed 64-bit number, as pg_advisory_lock takes it."""
    return int.from_bytes(uid.bytes[:8], "big", signed=True)


def alive(uid: UUID) -> bool:
    """Whether some process has the lock of this row."""
    key = lock_key(uid)
    if not _try_lock(key):
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
    return False


def _try_lock(key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        return bool(cursor.fetchone()[0])
