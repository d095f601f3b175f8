"""A batch of a file, judged: every row's values as COPY takes them, or why it is refused.

Nothing here asks the database, so that the next batches are judged while the current one is sent.
Whether a row is new or is of a feature that exists is found out later (importers.comparison); what
would only be wrong with a new row waits in `if_new`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from importers.columns import CellReason, ColumnReader
from importers.interpretation import Interpretation
from importers.phrases import Phrase, gettext_noop, in_both, said
from importers.places.datums import Shapes
from importers.places.placement import Placement, Places
from importers.places.shapes import promoted
from importers.readers.specification import ROW_COLUMN, UNREADABLE_COLUMN
from layers.access.policy import Scope
from layers.editing.lists import Lists
from layers.editing.values import ValueProblem, read_value
from layers.registry import Field, Layer

MADE_WHERE_EMPTY = ("code", "division")
Reasons = dict[int, list[CellReason]]


@dataclass
class Judged:
    """Aligned with the rows of `batch`.

    `cells` are the stated values by field, as COPY takes them, null where the cell is empty or
    refused; personal fields are in `secrets`. `divisions` are those stated, else the county of the
    place, else "". `numbers` are the rows' numbers as a person sees them in the file. `warnings`
    hold for rows that are accepted.
    """

    batch: pa.RecordBatch
    numbers: NDArray[np.int64]
    cells: dict[str, pa.Array]
    secrets: dict[str, pa.Array]
    places: Places
    divisions: NDArray[np.object_]
    reasons: Reasons = field(default_factory=dict)
    if_new: Reasons = field(default_factory=dict)
    warnings: dict[int, Phrase] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.batch.num_rows)

    @cached_property
    def shapes(self) -> Shapes:
        """As the layer stores them; made when they are compared, since COPY needs no objects."""
        return promoted(self.places.shapes)

    def refuse(self, rows: Iterable[int], reason: CellReason) -> None:
        for row in rows:
            self.reasons.setdefault(int(row), []).append(reason)


class Judge:
    """Judges the batches of one file, in their order; `rows` counts them."""

    def __init__(self, layer: Layer, scope: Scope, interpretation: Interpretation) -> None:
        self.layer = layer
        self.scope = scope
        self.cells = ColumnReader(layer, interpretation)
        # Asked for now: judging happens in a thread of its own, which has no database.
        self.cells.lists.codes_of(layer)
        # A row without a place may be of a feature that has one: only a new one needs it.
        self.placement = Placement(replace(layer, geometry_may_be_empty=True), interpretation.place)
        self.columns: Mapping[str, tuple[str, ...]] = {
            each.name: _columns_of(each, interpretation)
            for each in layer.fields
            if each.name in interpretation.columns
        }
        """By field what it is read from; nothing where all rows have the same."""
        self.rows = 0
        self.accuracy_m = interpretation.place.accuracy_m
        self._covered: dict[str, bool] = {}
        self._required = {
            each.name: CellReason(each, in_both(partial(_required_text, layer, each)))
            for each in layer.fields
            if each.required and each.name not in MADE_WHERE_EMPTY
        }

    def judge(self, batch: pa.RecordBatch) -> Judged:
        places = self.placement.place(batch)
        count = batch.num_rows
        judged = Judged(batch, self._numbers(batch), {}, {}, places, np.empty(count, dtype=object))
        self.rows += count
        judged.reasons = {row: [reason] for row, reason in places.reasons.items()}
        _note_unreadable(batch, judged)
        self._read_cells(judged)
        self._require_place(judged)
        self._find_divisions(judged)
        self._warn(judged)
        return judged

    def _numbers(self, batch: pa.RecordBatch) -> NDArray[np.int64]:
        if ROW_COLUMN in batch.schema.names:
            stated: NDArray[np.int64] = batch.column(ROW_COLUMN).to_numpy(zero_copy_only=False)
            return stated
        return np.arange(self.rows + 1, self.rows + 1 + batch.num_rows)

    def _read_cells(self, judged: Judged) -> None:
        for name, reason in self._required.items():
            if name not in self.columns:
                self._need(judged, range(len(judged)), reason)
        for name in self.columns:
            each = self.layer.by_name[name]
            blank = self._blank(judged.batch, name)
            converted = self.cells.read_column(each, judged.batch)
            for row, reason in converted.reasons.items():
                if not blank[row]:
                    judged.reasons.setdefault(row, []).append(reason)
            taken = pa.array(converted.taken, pa.string())
            if blank.any():
                taken = pc.if_else(pa.array(blank), pa.scalar(None, pa.string()), taken)
                if name in self._required:
                    self._need(judged, np.flatnonzero(blank).tolist(), self._required[name])
            (judged.secrets if each.personal else judged.cells)[name] = taken

    def _blank(self, batch: pa.RecordBatch, name: str) -> NDArray[np.bool_]:
        """Where a field has nothing to be read from."""
        blank = np.full(batch.num_rows, bool(self.columns[name]))
        for column in self.columns[name]:
            blank &= blank_cells(batch.column(column))
        return blank

    def _need(self, judged: Judged, rows: Iterable[int], reason: CellReason) -> None:
        for row in rows:
            judged.if_new.setdefault(row, []).append(reason)

    def _require_place(self, judged: Judged) -> None:
        if self.layer.geometry_may_be_empty:
            return
        absent = np.flatnonzero(~judged.places.rows.present).tolist()
        rows = [row for row in absent if row not in judged.places.reasons]
        self._need(judged, rows, CellReason(None, said(NO_GEOMETRY)))

    def _find_divisions(self, judged: Judged) -> None:
        counties = judged.places.counties.astype(object)
        stated = judged.cells.get("division")
        if stated is None:
            judged.divisions = counties
            refused = np.zeros(len(judged), dtype=bool)
            given = refused
        else:
            texts = stated.to_numpy(zero_copy_only=False)
            given = stated.is_valid().to_numpy(zero_copy_only=False)
            judged.divisions = np.where(given, texts, counties)
            refused = ~given & ~self._blank(judged.batch, "division")
        self._check_divisions(judged, given, refused)

    def _check_divisions(
        self, judged: Judged, given: NDArray[np.bool_], refused: NDArray[np.bool_]
    ) -> None:
        each = self.layer.by_name["division"]
        nowhere = (judged.divisions == "") & ~refused
        self._need(
            judged,
            [row for row in np.flatnonzero(nowhere).tolist() if row not in judged.places.reasons],
            CellReason(each, said(NOWHERE)),
        )
        for division in set(judged.divisions.tolist()) - {""}:
            if division not in self._covered:
                self._covered[division] = self.scope.covers(division)
            if not self._covered[division]:
                outside = (judged.divisions == division) & ~refused
                reason = CellReason(each, said(NOT_YOURS))
                judged.refuse(np.flatnonzero(outside & given), reason)
                self._need(judged, np.flatnonzero(outside & ~given).tolist(), reason)

    def _warn(self, judged: Judged) -> None:
        """Places over 600 m outside the county that their row states."""
        if "division" not in judged.cells:
            return
        there = judged.places.counties.astype("<U6")
        stated = judged.divisions.astype("<U6")
        rows = np.flatnonzero((there != "") & (stated != "") & (there != stated)).tolist()
        shapes = judged.shapes if rows else ()
        for row in rows:
            shape, division = shapes[row], str(judged.divisions[row])
            text = self.placement.disagreement(shape, division) if shape is not None else None
            if text is not None:
                judged.warnings[row] = text


def _columns_of(each: Field, interpretation: Interpretation) -> tuple[str, ...]:
    if each.name == "division" and interpretation.division_columns:
        return interpretation.division_columns
    column = interpretation.columns[each.name].column
    return (column,) if column else ()


def _required_text(layer: Layer, each: Field) -> str:
    """What the editing service says of an empty required field, in the active language."""
    try:
        read_value(layer, each, None, Lists())
    except ValueProblem as problem:
        return str(problem)
    return ""


NO_GEOMETRY = gettext_noop("The row has no geometry.")
NOWHERE = gettext_noop("The row states no division, and no place to find it by.")
NOT_YOURS = gettext_noop("Your account may not import into this division.")
UNREADABLE = gettext_noop("The text of %(names)s is in no known encoding.")


def blank_cells(cells: pa.Array) -> NDArray[np.bool_]:
    """Which cells say nothing: null, not a number, or text of blanks only."""
    if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
        blank = pc.equal(pc.utf8_trim_whitespace(cells), "")
    elif pa.types.is_floating(cells.type):
        blank = pc.is_nan(cells)
    else:
        blank = pc.is_null(cells)
    found: NDArray[np.bool_] = pc.fill_null(blank, True).to_numpy(zero_copy_only=False)
    return found


def _note_unreadable(batch: pa.RecordBatch, judged: Judged) -> None:
    if UNREADABLE_COLUMN not in batch.schema.names:
        return
    column = batch.column(UNREADABLE_COLUMN)
    if column.null_count == len(column):
        return
    for row, names in enumerate(column.to_pylist()):
        if names:
            judged.refuse([row], CellReason(None, said(UNREADABLE, names=names)))
