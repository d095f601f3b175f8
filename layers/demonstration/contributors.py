"""How parts of the application add their own demonstration data to the layers'."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from typing import Protocol, cast

from layers.demonstration.streams import Stream, stream
from layers.models.access import User


@dataclass(frozen=True)
class Seeding:
    """What a contributor gets: who acts, and what it may depend on to be the same every time.

    Everything happens in the transaction of the seeding; `report` shows a line of progress.
    """

    actor: User
    seed: int
    day: date
    counties: tuple[str, ...]
    report: Callable[[str], None] = field(compare=False, default=lambda _text: None)

    def stream(self, *names: str) -> Stream:
        """Random numbers of their own for each name, whatever else is drawn before."""
        return stream(self.seed, *names)


class Contributor(Protocol):
    """A part's module: `seed` returns how many rows it made by kind; `clear` removes them all."""

    def seed(self, seeding: Seeding, /) -> dict[str, int]: ...

    def clear(self, actor: User, /) -> dict[str, int]: ...


_modules: list[str] = []


def register_contributor(module: str) -> None:
    """Called in AppConfig.ready with the name of a module that is a Contributor.

    The module is imported only when demonstration data is made or removed: a web process need not
    carry it.
    """
    if module not in _modules:
        _modules.append(module)


def contributors() -> list[Contributor]:
    """In the order of registration, which is the order of INSTALLED_APPS."""
    return [cast("Contributor", import_module(module)) for module in _modules]
