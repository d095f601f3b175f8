"""New rows as COPY takes them: CSV of every column, made by Arrow."""

import io
import os
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.utils import timezone
from numpy.typing import NDArray

from importers.rows import Judge, Judged
from layers.access.personal import seal
from layers.editing.upkeep import row_cycles
from layers.models.feature import Method, UpkeepState
from layers.models.journal import Changeset
from layers.registry import Kind, Layer

PROVENANCE = ("source_datum", "source_ordinates", "method", "accuracy_m")
TEXT_KINDS = {Kind.TEXT, Kind.CODE, Kind.DIVISION}
"""Their columns take no NULL: an empty cell is an empty text."""

CODE_DIGITS = 10
EPOCH = date(1970, 1, 1)


class NewRows:
    """Puts the rows of one file that become features into COPY's columns."""

    def __init__(self, layer: Layer, judge: Judge, changeset: Changeset) -> None:
        self.layer = layer
        self.changeset = changeset
        self.datum = judge.placement.datum
        public = [each.name for each in layer.columns() if each.name in judge.columns]
        made = [name for name in ("code", "division") if name not in public]
        self.columns: tuple[str, ...] = (
            *public,
            *made,
            "geom",
            *PROVENANCE,
            "personal",
            "changeset_id",
        )
        self.row_cycles = row_cycles(layer)
        if self.row_cycles is not None:
            self.columns = (*self.columns, "upkeep_due_on", "upkeep_state")
        self.accuracy_m = judge.accuracy_m

    def csv(self, judged: Judged, codes: pa.Array, rows: NDArray[np.intp]) -> io.BytesIO:
        """The rows with these positions; `codes` are aligned with all of the batch."""
        everything = len(rows) == len(judged)

        def some(cells: pa.Array) -> pa.Array:
            return cells if everything else cells.take(pa.array(rows))

        texts = {**judged.cells, "code": codes, "division": pa.array(judged.divisions, pa.string())}
        arrays: dict[str, Any] = {
            name: self._filled(name, some(cells)) for name, cells in texts.items()
        }
        count = len(rows)
        arrays |= self._first_upkeep(arrays, count)
        places = judged.places
        arrays["geom"] = some(places.ewkb_hex)
        arrays["source_ordinates"] = some(places.original_ordinates)
        arrays["personal"] = pa.array(
            sealed(self.layer, judged.secrets, rows.tolist()), pa.string()
        )
        arrays |= {name: pa.repeat(value, count) for name, value in self.constants().items()}
        return _as_csv(pa.table({name: arrays[name] for name in self.columns}))

    def _first_upkeep(self, cells: Mapping[str, pa.Array], count: int) -> dict[str, pa.Array]:
        """Due one cycle from today, in good order until then: a second write of every row saved."""
        if self.row_cycles is None:
            return {}
        days = self.row_cycles(cells, count)
        today = (timezone.localdate() - EPOCH).days
        due = pc.add(days, today).cast(pa.int32()).cast(pa.date32()).cast(pa.string())
        state = pc.if_else(pc.is_valid(days), str(UpkeepState.OK), str(UpkeepState.NONE))
        return {"upkeep_due_on": due, "upkeep_state": state}

    def constants(self) -> Mapping[str, pa.Scalar]:
        accuracy = None if self.accuracy_m is None else str(self.accuracy_m)
        return {
            "source_datum": pa.scalar(self.datum.name if self.datum is not None else ""),
            "method": pa.scalar(str(Method.IMPORTED)),
            "accuracy_m": pa.scalar(accuracy, pa.string()),
            "changeset_id": pa.scalar(str(self.changeset.pk)),
        }

    def _filled(self, name: str, cells: pa.Array) -> pa.Array:
        if self.layer.kind(self.layer.by_name[name]) in TEXT_KINDS and cells.null_count:
            return pc.fill_null(cells, "")
        return cells


def sealed(layer: Layer, secrets: Mapping[str, pa.Array], rows: Sequence[int]) -> list[str | None]:
    """bytea in hex, one box a row."""
    if not secrets:
        return [None] * len(rows)
    chosen = [cells.take(pa.array(rows, pa.int64())).to_pylist() for cells in secrets.values()]
    boxes: list[str | None] = []
    for values in zip(*chosen, strict=True):
        box = seal(layer, {name: value or "" for name, value in zip(secrets, values, strict=True)})
        boxes.append(f"\\x{box.hex()}" if box else None)
    return boxes


def new_codes(layer: Layer, divisions: Sequence[str] | NDArray[np.object_]) -> pa.Array:
    """As the editing service makes them: letter, county, ten random hex digits."""
    count = len(divisions)
    counties = pc.utf8_slice_codeunits(pa.array(divisions, pa.string()), 0, 6)
    digits = os.urandom(count * CODE_DIGITS // 2).hex().upper().encode()
    endings = _of_one_width(digits, CODE_DIGITS, count)
    heads = pc.binary_join_element_wise(pa.scalar(layer.letter), counties, "")
    return pc.binary_join_element_wise(heads, endings, "-")


def _of_one_width(text: bytes, width: int, count: int) -> pa.Array:
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32)[: count + 1]
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(text))


def _as_csv(table: pa.Table) -> io.BytesIO:
    """COPY reads an unquoted blank as NULL and a quoted one as empty text; Arrow writes just so."""
    sink = io.BytesIO()
    pyarrow.csv.write_csv(
        table, sink, pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")
    )
    sink.seek(0)
    return sink
