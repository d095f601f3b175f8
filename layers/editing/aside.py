"""Who watches a layer's table by triggers of their own stands aside while a large load fills it.

A trigger that sums up statements (REFERENCING NEW TABLE) has PostgreSQL keep a second copy of every
row for it, whether it looks at the copy or not. A watcher registered here takes its triggers off
for a large load and catches up with the loaded rows at its end, in the load's transaction.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from layers.registry.specification import Layer

Watcher = Callable[[Layer], AbstractContextManager[None]]
"""Entered with the table locked by nobody else's hand, left when all rows are there and settled.
The load writes no rows but its own meanwhile: those whose ids are above all there were."""

_watchers: list[Watcher] = []


def register_watcher(watcher: Watcher) -> None:
    """Called once by each watching app, when it is ready."""
    _watchers.append(watcher)


@contextmanager
def watchers_aside(layer: Layer) -> Iterator[None]:
    """All watchers stand aside inside. Where the body fails the transaction brings them back."""
    with ExitStack() as stack:
        for watcher in _watchers:
            stack.enter_context(watcher(layer))
        yield
