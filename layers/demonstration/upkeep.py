"""Upkeep of invented features: when it is next due, and the state that follows from it."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.demonstration.streams import Stream
from layers.editing.upkeep import state_on, warning_days
from layers.models.feature import UpkeepState

NO_UPKEEP = 0
"""The cycle of features that need none."""

LATEST_DAYS = 300
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Diligence:
    """How well a county keeps up what it has: shares of late and of defective features."""

    late: float
    defective: float


def diligence(rng: Stream) -> Diligence:
    """Most counties are late with a tenth; a few with a third."""
    return Diligence(late=0.03 + 0.4 * rng.beta(1.5, 4), defective=0.01 + 0.06 * rng.beta(1.5, 4))


@dataclass(frozen=True)
class Upkeep:
    """Per feature: days from the day of seeding to the next upkeep, and the state's index.

    Without a cycle there is no day and the state is NONE.
    """

    days: NDArray[np.int64]
    needed: NDArray[np.bool_]
    state: NDArray[np.int8]

    def columns(self, day: date) -> dict[str, pa.Array]:
        due = (day - EPOCH).days + self.days
        return {
            "upkeep_state": pa.DictionaryArray.from_arrays(self.state, list(UpkeepState.values)),
            "upkeep_due_on": pa.array(due.astype(np.int32), pa.int32(), mask=~self.needed).cast(
                pa.date32()
            ),
        }


def drawn(rng: Stream, cycle_days: NDArray[np.int64], mix: Diligence, day: date) -> Upkeep:
    """Draw the next day of upkeep by cycle; states are what layers.editing.upkeep reckons."""
    needed = cycle_days > NO_UPKEEP
    ahead = np.floor(rng.random(len(needed)) * (cycle_days + 1)).astype(np.int64)
    overrun = np.minimum(1 + rng.exponential(np.maximum(cycle_days, 4) / 4), LATEST_DAYS)
    days = np.where(rng.random(len(needed)) < mix.late, -overrun.astype(np.int64), ahead)
    days[~needed] = 0
    state = np.full(len(needed), _index(UpkeepState.NONE), dtype=np.int8)
    for cycle in np.unique(cycle_days[needed]).tolist():
        rows = cycle_days == cycle
        state[rows] = _state_table(day, cycle)[days[rows] + LATEST_DAYS]
    defective = needed & (rng.random(len(needed)) < mix.defective)
    state[defective] = _index(UpkeepState.DEFECTIVE)
    return Upkeep(days, needed, state)


def _index(state: UpkeepState) -> int:
    return list(UpkeepState).index(state)


@cache
def _state_table(day: date, cycle: int) -> NDArray[np.int8]:
    """The state for each number of days from -LATEST_DAYS on: the one rule, asked once a day."""
    warning = warning_days(cycle)
    offsets = range(-LATEST_DAYS, cycle + 1)
    states = [_index(state_on(day, day + timedelta(days=offset), warning)) for offset in offsets]
    return np.array(states, dtype=np.int8)
