"""Hamlets (村民小组) round the villages: where households, and the roads to them, are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.demonstration.seats import Settlement
from layers.demonstration.streams import Stream
from layers.demonstration.territory import XY, degrees, pulled_inside

FEWEST, MOST = 5, 9
SPREAD_M = 450.0


@dataclass(frozen=True)
class Hamlets:
    """All hamlets of a county, village after village.

    `village` is the index of the village, `number` counts from 1 within it, `first` is the index
    of each village's first hamlet.
    """

    xy: XY
    village: NDArray[np.int64]
    number: NDArray[np.int64]
    first: NDArray[np.int64]
    count: NDArray[np.int64]


def hamlets(rng: Stream, settlement: Settlement) -> Hamlets:
    """Strung out along a valley through each village: some hundred metres, longer than wide."""
    seats = settlement.villages.xy
    count = rng.integers(FEWEST, MOST + 1, len(seats))
    first = np.cumsum(count) - count
    village = np.repeat(np.arange(len(seats)), count)
    number = np.arange(len(village)) - first[village] + 1
    valley = (rng.random(len(seats)) * np.pi)[village]
    along = rng.normal(0, SPREAD_M, len(village))
    across = rng.normal(0, SPREAD_M / 3, len(village))
    offset = np.column_stack(
        [
            along * np.cos(valley) - across * np.sin(valley),
            along * np.sin(valley) + across * np.cos(valley),
        ]
    )
    middle = seats[village]
    xy = pulled_inside(settlement.territory, middle + degrees(offset, middle[:, 1]), middle)
    return Hamlets(xy, village, number, first, count)
