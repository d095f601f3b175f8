"""A whole column at a time through the rules of the editing service, each distinct value once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as of
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from importers.interpretation import ColumnChoice, Interpretation
from importers.matching.division_cells import DivisionReader
from importers.matching.divisions import division_index
from importers.matching.problems import CellProblem
from importers.matching.proposing import division_levels
from importers.matching.quick import Quick, quick_reading
from importers.matching.readings import plain_value
from importers.matching.vocabulary import Vocabulary
from importers.phrases import Phrase, in_both
from layers.editing.lists import Lists
from layers.editing.values import ValueProblem, read_value
from layers.registry import Field, Kind, Layer

MOST_REMEMBERED = 50_000
"""Distinct values kept a column; a column of ids would otherwise fill the memory."""


@dataclass(frozen=True, slots=True)
class CellReason:
    """Why a cell is not accepted; `field` is None for the row as a whole.

    `hint` says what to write instead, where there is something to say.
    """

    field: Field | None
    text: Phrase
    hint: Phrase | None = None

    def phrase(self) -> Phrase:
        if self.field is None:
            return self.text
        label = self.field.label
        return Phrase(f"{label.zh}：{self.text.zh}", f"{label.en}: {self.text.en}")


Taken = str | None
"""A value as COPY CSV takes it, None for NULL."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A column, read: `taken` is text as COPY CSV takes it, null for NULL; empty text is "".

    `reasons` are the rows (from 0) that are not accepted; what is taken there is null.
    """

    taken: pa.StringArray | pa.ChunkedArray
    reasons: dict[int, CellReason] = of(default_factory=dict)


class ColumnReader:
    """Reads the columns of one file for one layer, as an interpretation says."""

    def __init__(self, layer: Layer, interpretation: Interpretation | None = None) -> None:
        self.layer = layer
        self.interpretation = interpretation or Interpretation()
        self.lists = Lists()
        self.vocabulary = Vocabulary({field.codes for field in layer.fields if field.codes})
        self._divisions = DivisionReader(
            division_index(),
            within=self.interpretation.within,
            answers=self.interpretation.divisions,
        )
        self._levels = division_levels(self.interpretation.division_columns)
        self._known: dict[str, dict[Any, Taken | CellReason]] = {}
        self._quick: dict[str, Quick | None] = {}

    def read_column(self, field: Field, batch: pa.RecordBatch) -> Converted:
        """The field's column of a batch, wherever the interpretation has it from."""
        if field.name == "division" and self.interpretation.division_columns:
            return self.read_divisions(batch)
        column = self._choice(field).column
        return self.read(field, batch.column(column) if column else pa.nulls(len(batch)))

    def read(self, field: Field, cells: pa.Array) -> Converted:
        """Plain text and numbers a column at a time; what is left, each distinct value once."""
        if isinstance(cells, pa.ChunkedArray):
            cells = cells.combine_chunks()
        if isinstance(cells, pa.DictionaryArray):
            cells = cells.dictionary_decode()
        quick = self._quick_reading(field)
        if quick is None or not quick.accepts(cells.type):
            return self._read_distinct(field, cells)
        taken, read = quick.read(cells)
        if pc.all(read, min_count=0).as_py():
            return Converted(taken)
        left = pc.indices_nonzero(pc.invert(read))
        rest = self._read_distinct(field, cells.take(left))
        rows = left.to_pylist() if rest.reasons else []
        return Converted(
            pc.replace_with_mask(taken, pc.invert(read), rest.taken),
            {rows[row]: reason for row, reason in rest.reasons.items()},
        )

    def read_divisions(self, batch: pa.RecordBatch) -> Converted:
        """From the columns of county, township and village, each distinct combination once."""
        names = list(self.interpretation.division_columns)
        table = pa.Table.from_batches([batch.select(names)])
        numbered = table.append_column(_ROW, pa.array(range(len(table)), pa.int64()))
        groups = numbered.group_by(names, use_threads=False).aggregate([(_ROW, "list")])
        rows = groups.select(names).to_pylist()
        read = [self._read_cells(tuple(row.values())) for row in rows]
        lists = groups.column(f"{_ROW}_list").combine_chunks()
        order = pc.sort_indices(lists.flatten())
        positions = pc.list_parent_indices(lists).take(order)
        return _spread(read, positions)

    def _choice(self, field: Field) -> ColumnChoice:
        return self.interpretation.columns.get(field.name, ColumnChoice(""))

    def _quick_reading(self, field: Field) -> Quick | None:
        if field.name not in self._quick:
            self._quick[field.name] = quick_reading(self.layer, field, self._choice(field).factor)
        return self._quick[field.name]

    def _read_distinct(self, field: Field, cells: pa.Array) -> Converted:
        encoded = cells.dictionary_encode(null_encoding="encode")
        read = [self._read_known(field, raw) for raw in encoded.dictionary.to_pylist()]
        return _spread(read, encoded.indices)

    def _read_known(self, field: Field, raw: Any) -> Taken | CellReason:
        known = self._known.setdefault(field.name, {})
        key = (type(raw), raw)
        found = known.get(key, known)
        if found is not known:
            return found  # type: ignore[return-value]
        read = self._read(field, raw)
        if len(known) < MOST_REMEMBERED:
            known[key] = read
        return read

    def _read_cells(self, cells: Sequence[Any]) -> Taken | CellReason:
        field = self.layer.by_name["division"]
        try:
            return self._divisions.read_several(cells, self._levels) or ""
        except CellProblem as problem:
            return CellReason(field, problem.phrase, problem.hint)

    def _read(self, field: Field, raw: Any) -> Taken | CellReason:
        kind = self.layer.kind(field)
        value = raw
        try:
            if kind is Kind.DIVISION:
                code = self._divisions.read(raw)
                value = code
                if code is not None:
                    return code
            elif kind is Kind.CODE:
                value = self.vocabulary.code(field, raw, self._answers(field))
            else:
                value = plain_value(field, kind, raw, self._choice(field).factor)
            return _as_copied(read_value(self.layer, field, value, self.lists))
        except CellProblem as problem:
            return CellReason(field, problem.phrase, problem.hint)
        except ValueProblem:
            return CellReason(field, in_both(lambda: self._complaint(field, value)))

    def _answers(self, field: Field) -> Mapping[str, str] | None:
        return self.interpretation.values.get(field.name)

    def _complaint(self, field: Field, value: Any) -> str:
        """What read_value says in the active language."""
        try:
            read_value(self.layer, field, value, self.lists)
        except ValueProblem as problem:
            return str(problem)
        return ""


_ROW = "__position__"


def _spread(read: Sequence[Taken | CellReason], positions: pa.Array) -> Converted:
    """What was read of distinct values, on all the rows that have them."""
    texts = pa.array([None if isinstance(each, CellReason) else each for each in read], pa.string())
    reasons: dict[int, CellReason] = {}
    refused = [place for place, each in enumerate(read) if isinstance(each, CellReason)]
    if refused:
        rows = pc.indices_nonzero(pc.is_in(positions, pa.array(refused, positions.type)))
        for row, place in zip(rows.to_pylist(), positions.take(rows).to_pylist(), strict=True):
            reason = read[place]
            if isinstance(reason, CellReason):
                reasons[row] = reason
    return Converted(texts.take(positions), reasons)


def _as_copied(value: Any) -> Taken:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return str(value + 0)  # -0.0 is 0.0
    return value.isoformat() if isinstance(value, date) else str(value)
