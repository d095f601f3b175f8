"""What a request for items asks, read from its query parameters."""

from dataclasses import dataclass
from typing import Any

from layers.ogc.cql2 import Expression
from layers.ogc.moments import Period
from layers.ogc.places import Box
from layers.ogc.properties import Property
from layers.ogc.reference_systems import CRS84, ReferenceSystem

DEFAULT_LIMIT = 100
MOST_ITEMS = 10_000


@dataclass(frozen=True, slots=True)
class Sort:
    property: Property
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """`boxes` is None without a bbox; `equals` pairs properties with the values asked for;
    `properties` are those to return, None for all."""

    limit: int = DEFAULT_LIMIT
    crs: ReferenceSystem = CRS84
    boxes: tuple[Box, ...] | None = None
    period: Period | None = None
    equals: tuple[tuple[Property, Any], ...] = ()
    filter: Expression | None = None
    filter_crs: ReferenceSystem = CRS84
    sort: tuple[Sort, ...] = ()
    properties: tuple[Property, ...] | None = None
    geometry: bool = True
    token: str | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything but the bbox and the policy decides which features match."""
        return bool(self.equals or self.filter)
