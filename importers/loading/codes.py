"""Codes of a file's rows: unique in the file and in the layer, made up where there is none."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from importers.columns import CellReason
from importers.comparison.existing import Existing
from importers.comparison.lookup import AGAIN, TAKEN
from importers.comparison.seen import Seen
from importers.loading.copying import new_codes
from importers.phrases import said
from importers.rows import Judged
from layers.registry import Layer


class Codes:
    """`distinct`: the lookup by key has refused the rows whose code repeats or is another's."""

    def __init__(self, layer: Layer, existing: Existing, *, distinct: bool) -> None:
        self.layer = layer
        self.existing = existing
        self.distinct = distinct
        self._field = layer.by_name["code"]
        self._seen = Seen()

    def of(self, judged: Judged, ids: NDArray[np.int64]) -> pa.Array:
        """One a row. `ids` are those of the features that rows are of, 0 for a row of none."""
        given = judged.cells.get("code", pa.nulls(len(judged), pa.string()))
        if not self.distinct:
            self._refuse_again(judged, given)
            self._refuse_taken(judged, given, ids)
        lacking = given.is_null().to_numpy(zero_copy_only=False) & (ids == 0)
        if not lacking.any():
            return given
        rows = np.flatnonzero(lacking)
        made = self._made(judged.divisions[rows], judged.numbers[rows])
        return pc.replace_with_mask(given, pa.array(lacking), made)

    def _refuse_again(self, judged: Judged, given: pa.Array) -> None:
        for row, number in self._seen.again(given, judged.numbers).items():
            text = said(AGAIN, code=given[row].as_py(), row=number)
            judged.refuse([row], CellReason(self._field, text))

    def _refuse_taken(self, judged: Judged, given: pa.Array, ids: NDArray[np.int64]) -> None:
        holders = self.existing.holders(pc.drop_null(given).to_pylist())
        if not holders:
            return
        known = pc.is_in(given, pa.array(list(holders), pa.string()))
        for row in np.flatnonzero(known.to_numpy(zero_copy_only=False)).tolist():
            code = given[row].as_py()
            if holders[code] != ids[row] and row not in judged.reasons:
                judged.refuse([row], CellReason(self._field, said(TAKEN, code=code)))

    def _made(self, divisions: NDArray[np.object_], numbers: NDArray[np.int64]) -> pa.Array:
        """Drawn again where one is taken: 40 random bits a county do not always differ."""
        made = new_codes(self.layer, divisions)
        wanting = np.arange(len(made))
        while len(wanting):
            codes = made.take(pa.array(wanting))
            taken = set(self._seen.again(codes, numbers[wanting]))
            holders = self.existing.holders(codes.to_pylist())
            if holders:
                known = pc.is_in(codes, pa.array(list(holders), pa.string()))
                taken |= set(np.flatnonzero(known.to_numpy(zero_copy_only=False)).tolist())
            if not taken:
                break
            wanting = wanting[sorted(taken)]
            mask = np.zeros(len(made), dtype=bool)
            mask[wanting] = True
            again = new_codes(self.layer, divisions[wanting])
            made = pc.replace_with_mask(made, pa.array(mask), again)
        return made
