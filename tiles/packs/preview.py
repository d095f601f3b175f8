"""What a pack would be, told to a person before it is made: its area, what is in it, its size."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from layers.access import policy
from layers.access.policy import Scope
from layers.models.access import User
from layers.registry import LAYERS
from layers.registry.specification import Layer
from tiles.packs.area import Area, AreaKind
from tiles.packs.building import estimate
from tiles.packs.estimate import Estimate
from tiles.packs.shapes import area_m2
from tiles.packs.wish import Wish

Rows = Callable[[Layer], Any]
"""A queryset of a layer's."""


@dataclass(frozen=True, slots=True)
class Preview:
    """`features` by layer are those of the reader's that lie in the area itself, not those beside
    it in the same tiles. `beyond` tells that a part of it lies outside the reader's divisions."""

    estimate: Estimate
    area_m2: float
    features: dict[str, int]
    beyond: bool

    @property
    def total(self) -> int:
        return sum(self.features.values())

    def as_json(self) -> dict[str, Any]:
        return {
            **self.estimate.as_json(),
            "area_m2": round(self.area_m2),
            "features": self.features,
            "beyond": self.beyond,
        }


def preview(*, actor: User, wish: Wish) -> Preview:
    """Raises what tiles.packs.building.estimate does."""
    plan = estimate(actor=actor, wish=wish)
    seen, area = policy.scope(actor), wish.area
    inside = policy.narrowed(seen, area.divisions)
    rows = _drawn_rows(area, seen) if area.kind == AreaKind.DRAWN else _own_rows(inside)
    counted = {name: rows(LAYERS[name]).count() for name in wish.layers if name in LAYERS}
    return Preview(plan, area_m2(area.shape), counted, beyond=inside != area.divisions)


def _own_rows(scope: Scope) -> Rows:
    """A division's features are those it owns, which an index counts."""
    return lambda layer: layer.rows.filter(scope.q())


def _drawn_rows(area: Area, scope: Scope) -> Rows:
    """Django transforms the shape, not the rows, so that the index on them serves."""
    return lambda layer: layer.rows.filter(scope.q(), geom_3857__intersects=area.shape)
