"""Which fields of which rows differ from the features they are of: whole columns at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from importers.comparison.changes import Wanted
from importers.comparison.existing import column_of
from importers.comparison.values import ewkb, journal_of, opened_box, same_shapes
from importers.rows import Judged
from layers.editing.rows import GEOMETRY, PERSONAL, State
from layers.registry import Layer

Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Pairs:
    """Rows of a batch (`rows`) and the features they are of (`at`, positions in `features`)."""

    layer: Layer
    judged: Judged
    features: pa.Table
    rows: Positions
    at: Positions
    provenance: Callable[[int], State]
    """Of a row of the batch: where its place comes from."""

    @cached_property
    def differing(self) -> dict[str, NDArray[np.bool_]]:
        """By field, aligned with the pairs. An empty cell differs from nothing: it says nothing."""
        found = {
            name: self._texts(name, cells)
            for name, cells in self.judged.cells.items()
            if name in self.features.column_names
        }
        if GEOMETRY in self.features.column_names:
            found[GEOMETRY] = self._shapes()
        if PERSONAL in self.features.column_names:
            found[PERSONAL] = np.array([bool(self._secrets(each)) for each in range(len(self))])
        return found

    def __len__(self) -> int:
        return len(self.rows)

    def changed(self) -> Positions:
        """Positions among the pairs of those that differ in any field."""
        masks = list(self.differing.values())
        return np.flatnonzero(np.logical_or.reduce(masks)) if masks else np.array([], dtype=np.intp)

    def _texts(self, name: str, cells: pa.Array) -> NDArray[np.bool_]:
        mine = cells.take(pa.array(self.rows))
        theirs = column_of(self.features, name).take(pa.array(self.at))
        other = pc.fill_null(pc.not_equal(mine, pc.fill_null(theirs, "")), False)
        found: NDArray[np.bool_] = other.to_numpy(zero_copy_only=False)
        # The same number can be written in two ways: those few are compared as what they are.
        for each in np.flatnonzero(found):
            one, two = (journal_of(self.layer, name, side[each].as_py()) for side in (mine, theirs))
            found[each] = one != two
        return found

    def _shapes(self) -> NDArray[np.bool_]:
        mine = self.judged.shapes[self.rows]
        theirs = self._stored_shapes[self.at]
        different: NDArray[np.bool_] = ~shapely.is_missing(mine) & ~same_shapes(mine, theirs)
        return different

    @cached_property
    def _stored_shapes(self) -> NDArray[np.object_]:
        texts = column_of(self.features, GEOMETRY).to_pylist()
        shapes: NDArray[np.object_] = shapely.from_wkb(np.array([*texts, None], dtype=object))[:-1]
        return shapes

    @cached_property
    def _secret_cells(self) -> dict[str, list[str | None]]:
        return {
            name: cells.take(pa.array(self.rows)).to_pylist()
            for name, cells in self.judged.secrets.items()
        }

    @cached_property
    def _boxes(self) -> list[str | None]:
        boxes: list[str | None] = (
            column_of(self.features, PERSONAL).take(pa.array(self.at)).to_pylist()
        )
        return boxes

    def _secrets(self, each: int) -> dict[str, str]:
        """The personal values of a row that the feature's box has not."""
        known = opened_box(self.layer, self._boxes[each])
        said = {name: values[each] for name, values in self._secret_cells.items()}
        return {name: value for name, value in said.items() if value and known.get(name) != value}

    def wanted(self, each: int) -> tuple[Wanted, State]:
        """What a pair's row says that its feature does not, and what the feature says there."""
        names = [name for name, mask in self.differing.items() if mask[each]]
        row, at = int(self.rows[each]), int(self.at[each])
        values: State = {}
        current: State = {}
        for name in names:
            if name == PERSONAL:
                box = self._boxes[each]
                current[name] = None if box is None else f"\\x{box}"
                continue
            text = column_of(self.features, name)[at].as_py()
            current[name] = journal_of(self.layer, name, text)
            values[name] = (
                ewkb(self.judged.shapes[row])
                if name == GEOMETRY
                else journal_of(self.layer, name, self.judged.cells[name][row].as_py())
            )
        secrets = self._secrets(each) if PERSONAL in names else {}
        provenance = self.provenance(row) if GEOMETRY in names else {}
        return Wanted(values, secrets, provenance), current
