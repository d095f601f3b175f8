"""Work done ahead in a thread, a few items at most, while the current one is used."""

import queue
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, TypeVar

from django.db import connections

T = TypeVar("T")

AHEAD = 3
"""Items of 20,000 rows; more would only use memory."""
LOOK_UP = 0.2
"""Seconds after which a waiting thread looks whether it is still wanted."""


@dataclass(frozen=True, slots=True)
class _Item(Generic[T]):
    value: T


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None = None


class Ahead(Generic[T]):
    """Iterates in a thread over items that are work to make; iterate over the same here.

    What the thread raises is raised where the items are used. Leaving the context stops it, after
    the item it is at: what it reads from should be closed before.
    """

    def __init__(self) -> None:
        self._results: queue.Queue[_Item[T] | _End] = queue.Queue(AHEAD)
        self._unwanted = threading.Event()
        self._thread: threading.Thread | None = None

    def over(self, items: Iterable[T]) -> Iterator[T]:
        """Starts at once, also while nobody asks for the first yet."""
        self._thread = threading.Thread(target=self._run, args=[items], name="import-reading")
        self._thread.start()
        return self._in_order()

    def _in_order(self) -> Iterator[T]:
        while True:
            result = self._results.get()
            if isinstance(result, _Item):
                yield result.value
            elif result.error is not None:
                raise result.error
            else:
                return

    def _run(self, items: Iterable[T]) -> None:
        end = _End()
        try:
            for item in items:
                if not self._put(_Item(item)):
                    return
        except BaseException as error:
            end = _End(error)
        finally:
            # Nothing here should ask the database; what did got a connection of its own.
            connections.close_all()
        self._put(end)

    def _put(self, result: "_Item[T] | _End") -> bool:
        """False where nobody wants it any more."""
        while not self._unwanted.is_set():
            try:
                self._results.put(result, timeout=LOOK_UP)
            except queue.Full:
                continue
            return True
        return False

    def __enter__(self) -> "Ahead[T]":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._unwanted.set()
        if self._thread is not None:
            self._thread.join()
