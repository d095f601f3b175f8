"""How parts of the application add their own demonstration data to the layers'."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

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


@dataclass(frozen=True)
class Contributor:
    """A part's share: `seed` returns how many rows it made by kind; `clear` removes them all."""

    name: str
    seed: Callable[[Seeding], dict[str, int]]
    clear: Callable[[User], dict[str, int]]


_contributors: dict[str, Contributor] = {}


def register_contributor(contributor: Contributor) -> None:
    """Called in AppConfig.ready; the last registration under a name counts."""
    _contributors[contributor.name] = contributor


def contributors() -> tuple[Contributor, ...]:
    """In the order of registration, which is the order of INSTALLED_APPS."""
    return tuple(_contributors.values())
