"""What other apps add to the interface: addresses, links, conformance classes, parts of /ogc/api.

An app calls `contribute` in its AppConfig.ready; the interface itself knows nothing of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.urls import URLPattern

from layers.errors import Text
from layers.ogc.collections import Collection
from layers.ogc.links import Addresses, Link

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """A part of the landing page: `path` is an address below it."""

    path: str
    title: Text
    text: Text


class Contribution(Protocol):
    """A further standard at the same landing page."""

    @property
    def conformance(self) -> Sequence[str]: ...

    @property
    def card(self) -> Card: ...

    def addresses(self) -> list[URLPattern]:
        """Below /ogc/."""

    def landing_links(self, addresses: Addresses) -> list[Link]: ...

    def collection_links(self, addresses: Addresses, collection: Collection) -> list[Link]: ...

    def paths(self, visible: Iterable[Collection]) -> Schema:
        """Path items of the definition, for the collections that the reader sees."""

    def schemas(self) -> Schema:
        """Schemas that those paths refer to, by name."""


_contributions: list[Contribution] = []


def contribute(contribution: Contribution) -> None:
    _contributions.append(contribution)


def contributions() -> Sequence[Contribution]:
    return tuple(_contributions)
