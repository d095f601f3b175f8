"""Which texts of a file have come before, in bounded memory: 12 bytes a row, not the texts."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Digests = NDArray[np.uint64]


class Seen:
    """Remembers 64-bit digests of texts and the row each came in first.

    Two different texts of ten million share a digest with a chance of 3 in a million. Digests lie
    in sorted runs, each at least twice as long as the next: few runs, each searched in halves.
    """

    def __init__(self) -> None:
        self._runs: list[tuple[Digests, NDArray[np.uint32]]] = []

    def again(self, texts: pa.Array, numbers: NDArray[np.int64]) -> dict[int, int]:
        """Positions of texts that came before, here or in an earlier call, and the number of the
        row that they came in first. Nulls are none."""
        at = np.flatnonzero(texts.is_valid().to_numpy(zero_copy_only=False))
        if not len(at):
            return {}
        digests = digests_of(texts if len(at) == len(texts) else texts.take(pa.array(at)))
        order = np.argsort(digests, kind="stable")
        ordered = digests[order]
        fresh = np.ones(len(ordered), dtype=bool)
        fresh[1:] = ordered[1:] != ordered[:-1]
        first = order[np.maximum.accumulate(np.where(fresh, np.arange(len(ordered)), 0))]
        found = {
            int(at[order[each]]): int(numbers[at[first[each]]]) for each in np.flatnonzero(~fresh)
        }
        for run, rows in self._runs:
            place = np.minimum(np.searchsorted(run, ordered), len(run) - 1)
            known = run[place] == ordered
            fresh &= ~known
            found |= {
                int(at[order[each]]): int(rows[place[each]]) for each in np.flatnonzero(known)
            }
        self._add(ordered[fresh], numbers[at[order[fresh]]].astype(np.uint32))
        return found

    def _add(self, digests: Digests, rows: NDArray[np.uint32]) -> None:
        while self._runs and len(self._runs[-1][0]) < 2 * len(digests):
            older, older_rows = self._runs.pop()
            digests = np.concatenate([older, digests])
            order = np.argsort(digests, kind="stable")
            digests, rows = digests[order], np.concatenate([older_rows, rows])[order]
        if len(digests):
            self._runs.append((digests, rows))


def digests_of(texts: pa.Array) -> Digests:
    from pandas.util import hash_array  # see importers.readers.ogr

    values = texts.to_numpy(zero_copy_only=False)
    digests: Digests = hash_array(values, categorize=False)
    return digests
