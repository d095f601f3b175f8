"""Which feature each row of a batch is of, if any; rows that no feature may answer are refused."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from importers.columns import CellReason
from importers.comparison.existing import Existing, column_of
from importers.comparison.keys import Key
from importers.comparison.seen import Seen
from importers.phrases import gettext_noop, said
from importers.rows import Judged
from layers.access.policy import Scope

AGAIN = gettext_noop("“%(code)s” is in row %(row)d already.")
TAKEN = gettext_noop("Another feature of this layer has the code “%(code)s”.")
SEVERAL = gettext_noop("Several features have “%(key)s”: it does not tell which one is meant.")
NO_KEY = gettext_noop("The row lacks the key “%(fields)s”: it was taken as a new one.")


@dataclass(frozen=True, slots=True)
class Found:
    """`at` is the position in `features` of each row's feature, or -1; `keys` those of the rows."""

    keys: pa.Array
    features: pa.Table
    at: NDArray[np.intp]


class Lookup:
    """Finds the features of rows by their key, batch after batch of one file."""

    def __init__(self, key: Key, existing: Existing, scope: Scope) -> None:
        self.key = key
        self.existing = existing
        self.scope = scope
        self._seen = Seen()
        self._no_key = said(NO_KEY, fields=" + ".join(str(self._label(n)) for n in key.fields))

    def _label(self, name: str) -> object:
        return self.key.layer.by_name[name].label

    def find(self, judged: Judged) -> Found:
        keys = self.key.of(judged.cells)
        field = self.key.layer.by_name[self.key.fields[0]] if len(self.key.fields) == 1 else None
        for row, number in self._seen.again(keys, judged.numbers).items():
            shown = self.key.shown(keys[row].as_py())
            judged.refuse([row], CellReason(field, said(AGAIN, code=shown, row=number)))
        features = self.existing.of_keys(keys)
        known = column_of(features, "key")
        found = pc.fill_null(pc.index_in(keys, known, skip_nulls=True), -1)
        at: NDArray[np.intp] = found.to_numpy(zero_copy_only=False).astype(np.intp)
        self._refuse_several(judged, keys, known)
        at = self._in_scope(judged, keys, features, at)
        self._note(judged, keys, features, at)
        return Found(keys, features, at)

    def _refuse_several(self, judged: Judged, keys: pa.Array, known: pa.Array) -> None:
        if len(known) == len(known.unique()):
            return
        counts = known.value_counts()
        several = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
        for row in np.flatnonzero(pc.is_in(keys, several).to_numpy(zero_copy_only=False)).tolist():
            shown = self.key.shown(keys[row].as_py() or "")
            judged.refuse([row], CellReason(None, said(SEVERAL, key=shown)))

    def _in_scope(
        self, judged: Judged, keys: pa.Array, features: pa.Table, at: NDArray[np.intp]
    ) -> NDArray[np.intp]:
        """A feature outside the grants is not there; only that its code is taken can be told."""
        divisions = column_of(features, "division").to_pylist()
        covered = {each: self.scope.covers(each) for each in set(divisions)}
        beyond = np.array([not covered[each] for each in divisions], dtype=bool)
        rows = np.flatnonzero(at >= 0)
        outside = rows[beyond[at[rows]]]
        code = self.key.layer.by_name["code"]
        for row in outside.tolist():
            judged.refuse([row], CellReason(code, said(TAKEN, code=keys[row].as_py())))
        inside = at.copy()
        inside[outside] = -1
        return inside

    def _note(
        self, judged: Judged, keys: pa.Array, features: pa.Table, at: NDArray[np.intp]
    ) -> None:
        matched = at[at >= 0]
        if len(matched):
            ids = column_of(features, "id").take(pa.array(np.unique(matched))).to_pylist()
            self.existing.found([int(each) for each in ids])
        if keys.null_count:
            for row in np.flatnonzero(keys.is_null().to_numpy(zero_copy_only=False)).tolist():
                judged.warnings.setdefault(row, self._no_key)
