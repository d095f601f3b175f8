"""Links between the resources (RFC 8288), with absolute addresses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from layers.ogc.negotiation import HTML

QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
SORTABLES = "http://www.opengis.net/def/rel/ogc/1.0/sortables"
SCHEMA_REL = "http://www.opengis.net/def/rel/ogc/1.0/schema"
CONFORMANCE = "http://www.opengis.net/def/rel/ogc/1.0/conformance"
DATA = "http://www.opengis.net/def/rel/ogc/1.0/data"


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    rel: str
    type: str
    title: str = ""

    def as_dict(self) -> dict[str, str]:
        found = {"href": self.href, "rel": self.rel, "type": self.type}
        return {**found, "title": self.title} if self.title else found


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of the interface as this request's client sees them."""

    root: str
    path: str
    query: Mapping[str, str]

    @classmethod
    def of(cls, request: HttpRequest) -> "Addresses":
        return cls(
            request.build_absolute_uri("/ogc/"),
            request.build_absolute_uri(request.path),
            {name: str(value) for name, value in request.GET.items()},
        )

    def to(self, path: str = "", **query: str) -> str:
        """`to("collections/roads")`: an address below the landing page."""
        return self.root + path + (f"?{urlencode(query)}" if query else "")

    def here(self, **query: str | None) -> str:
        """This request's address with other parameters; None takes one away."""
        merged = {**self.query, **query}
        kept = {name: value for name, value in merged.items() if value is not None}
        return self.path + (f"?{urlencode(kept)}" if kept else "")

    def self_links(self, media_type: str) -> list[Link]:
        """This document, and the same as a page."""
        return [
            Link(self.here(f="json"), "self", media_type),
            Link(self.here(f="html"), "alternate", HTML),
        ]


def as_dicts(links: Iterable[Link]) -> list[dict[str, str]]:
    return [link.as_dict() for link in links]


def header(links: Iterable[Link]) -> str:
    """The same links for clients that read only headers."""
    return ", ".join(f'<{link.href}>; rel="{link.rel}"; type="{link.type}"' for link in links)


Document = dict[str, Any]
