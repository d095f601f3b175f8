"""One county's share of the demonstration data, and what its five generators have in common."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.demonstration.columns import Columns, constant, of_list, points
from layers.demonstration.ground import Hamlets
from layers.demonstration.seats import Settlement
from layers.demonstration.streams import Stream, stream
from layers.demonstration.territory import XY, degrees, pulled_inside
from layers.demonstration.upkeep import Diligence


@dataclass(frozen=True)
class CountyPlan:
    """What a generator may depend on, besides the number of features that it shall make."""

    settlement: Settlement
    hamlets: Hamlets
    diligence: Diligence
    seed: int
    day: date

    @property
    def county(self) -> str:
        return self.settlement.territory.county

    def stream(self, layer: str) -> Stream:
        return stream(self.seed, layer, self.county)


Generator = Callable[[CountyPlan, int], Iterator[Columns]]
"""Makes about so many rows, as batches of columns that COPY takes."""


def marked(count: int) -> dict[str, pa.Array]:
    """The mark that every demonstration row carries."""
    return {"demonstration": constant(True, count)}


def village_columns(plan: CountyPlan, village: NDArray[np.int64]) -> dict[str, pa.Array]:
    return {"division": of_list(plan.settlement.villages.codes.tolist(), village.astype(np.int32))}


def near(plan: CountyPlan, rng: Stream, anchors: XY, metres: float) -> XY:
    """Points some way from their anchors, inside the county."""
    offset = degrees(rng.normal(0, metres, anchors.shape), anchors[:, 1])
    return pulled_inside(plan.settlement.territory, anchors + offset, anchors)


def placed(xy: XY) -> dict[str, pa.Array]:
    return {"geom": points(xy)}


def chosen_villages(plan: CountyPlan, rng: Stream, count: int) -> NDArray[np.int64]:
    """Villages in order; each comes up once before any comes up again."""
    total = len(plan.settlement.villages)
    rounds = -(-count // total)
    order = np.concatenate([rng.permutation(total) for _round in range(rounds)])
    return np.sort(order[:count])


def days(values: NDArray[np.integer], mask: NDArray[np.bool_] | None = None) -> pa.Array:
    """Days since 1970 as dates."""
    return pa.array(values.astype(np.int32), pa.int32(), mask=mask).cast(pa.date32())
