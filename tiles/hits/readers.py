"""What a browser's session may see, remembered while nothing that it depends on has changed."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from layers.access import policy
from layers.access.policy import Actor, Scope

MOST_READERS = 4096
LONGEST = timedelta(minutes=1)
"""A scope is looked up anew after this, whatever else: the last net under all others."""


class Reader(NamedTuple):
    """A scope, as of an epoch of access, and until when time alone does not change it."""

    scope: Scope
    epoch: int
    until: datetime


class Readers:
    """The readers of one process by session key, the least recently seen forgotten first."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Reader] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, session: str) -> Reader | None:
        with self._lock:
            found = self._known.get(session)
            if found is not None:
                self._known.move_to_end(session)
        return found if found is not None and found.until > timezone.now() else None

    def remember(self, session: str, reader: Reader) -> None:
        with self._lock:
            self._known[session] = reader
            self._known.move_to_end(session)
            while len(self._known) > MOST_READERS:
                self._known.popitem(last=False)

    def forget(self, session: str) -> None:
        with self._lock:
            self._known.pop(session, None)


def reader_of(user: Actor, epoch: int) -> Reader:
    """`epoch` was read before the user's grants were."""
    until = min(timezone.now() + LONGEST, policy.steady_until(user))
    return Reader(policy.scope(user), epoch, until)
