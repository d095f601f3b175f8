"""Batches of a file to chunks of COPY CSV: every row is either whole and valid, or rejected."""

import io
import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from django.db import connection
from psycopg2 import sql

from importers.columns import CellReason, ColumnReader, Taken
from importers.matching import Matches
from importers.phrases import gettext_noop, said
from importers.places.placement import Placement, Places
from importers.readers.specification import GEOMETRY_COLUMN, ROW_COLUMN, UNREADABLE_COLUMN
from importers.rejects import Rejects
from importers.report import Report
from layers.access.personal import seal
from layers.access.policy import Scope
from layers.models.feature import Method
from layers.models.journal import Changeset
from layers.registry import Layer

OWN_COLUMNS = (
    "geom",
    "source_datum",
    "source_ordinates",
    "method",
    "accuracy_m",
    "personal",
    "changeset_id",
)
Cells = dict[str, list[Taken | CellReason]]


class RowPipeline:
    """Takes the batches of one file through placement, values, divisions and codes.

    `write` false: rows are still read and judged, but nothing is handed on. That saves the copying
    of a load which is refused already.
    """

    def __init__(
        self,
        *,
        layer: Layer,
        scope: Scope,
        matches: Matches,
        placement: Placement,
        changeset: Changeset,
        report: Report,
        rejects: Rejects,
        skip_rejected: bool,
    ) -> None:
        self.layer = layer
        self.scope = scope
        self.placement = placement
        self.changeset = changeset
        self.report = report
        self.rejects = rejects
        self.skip_rejected = skip_rejected
        reader = ColumnReader(layer)
        self._plan = [
            (field, matches.columns[field.name], reader.converter(field))
            for field in layer.fields
            if field.name in matches.columns
        ]
        self._seen: dict[str, int] = {}
        public = [field.name for field, _column, _read in self._plan if not field.personal]
        made_up = [name for name in ("code", "division") if name not in public]
        self.columns = (*public, *made_up, *OWN_COLUMNS)

    def chunks(self, batches: Iterator[Any]) -> Iterator[io.BytesIO]:
        for batch in batches:
            table = self._judged(batch)
            refused = self.report.rejected and not self.skip_rejected
            if table.num_rows and not refused:
                yield _as_csv(table)

    def _judged(self, batch: pa.RecordBatch) -> pa.Table:
        count = batch.num_rows
        first = self.report.read + 1
        places = self.placement.place(batch)
        reasons: dict[int, list[CellReason]] = {
            row: [reason] for row, reason in places.reasons.items()
        }
        _note_unreadable(batch, reasons)
        cells = self._cells(batch, reasons)
        divisions = self._divisions(cells.pop("division", [""] * count), places, reasons)
        codes = self._codes(cells.pop("code", [""] * count), divisions, reasons, first)
        self.report.read += count
        self._warn(places, divisions, reasons, first)
        self._report(batch, reasons, first)
        good = np.array([row not in reasons for row in range(count)], dtype=bool)
        columns = {**cells, "code": codes, "division": divisions}
        return self._table(columns, places, good)

    def _cells(self, batch: pa.RecordBatch, reasons: dict[int, list[CellReason]]) -> Cells:
        """Column by column; a personal field's values stay here until they are sealed."""
        cells: Cells = {}
        for field, column, read in self._plan:
            if field.name in ("code", "division"):
                # Required, but filled in where the cell is empty.
                values = _values_or_blank(batch.column(column).to_pylist(), read)
            else:
                values = read(batch.column(column).to_pylist())
            for row, value in enumerate(values):
                if isinstance(value, CellReason):
                    reasons.setdefault(row, []).append(value)
            cells[field.name] = values
        return cells

    def _divisions(
        self,
        stated: list[Taken | CellReason],
        places: Places,
        reasons: dict[int, list[CellReason]],
    ) -> list[Taken | CellReason]:
        nowhere = CellReason(
            self.layer.by_name["division"],
            said(gettext_noop("The row states no division, and no place to find it by.")),
        )
        outside = CellReason(
            self.layer.by_name["division"],
            said(gettext_noop("Your account may not import into this division.")),
        )
        counties = places.counties.tolist()
        found: list[Taken | CellReason] = []
        covered: dict[str, bool] = {}
        for row, given in enumerate(stated):
            if isinstance(given, CellReason):
                found.append(given)
                continue
            division = given or counties[row]
            if not division:
                reasons.setdefault(row, []).append(nowhere)
            else:
                if division not in covered:
                    covered[division] = self.scope.covers(division)
                if not covered[division]:
                    reasons.setdefault(row, []).append(outside)
            found.append(division)
        return found

    def _codes(
        self,
        stated: list[Taken | CellReason],
        divisions: list[Taken | CellReason],
        reasons: dict[int, list[CellReason]],
        first: int,
    ) -> list[Taken | CellReason]:
        """Unique in the file and in the table; made up where there is none."""
        field = self.layer.by_name["code"]
        given = [code for code in stated if isinstance(code, str) and code]
        existing = existing_codes(self.layer, given)
        codes: list[Taken | CellReason] = []
        for row, code in enumerate(stated):
            if isinstance(code, CellReason):
                codes.append(code)
                continue
            if not code:
                codes.append(self._new_code(str(divisions[row]), first + row))
                continue
            codes.append(code)
            if code in self._seen:
                text = said(
                    gettext_noop("“%(code)s” is in row %(row)d already."),
                    code=code,
                    row=self._seen[code],
                )
                reasons.setdefault(row, []).append(CellReason(field, text))
            elif code in existing:
                text = said(
                    gettext_noop("Another feature of this layer has the code “%(code)s”."),
                    code=code,
                )
                reasons.setdefault(row, []).append(CellReason(field, text))
            self._seen.setdefault(code, first + row)
        return codes

    def _new_code(self, division: str, number: int) -> str:
        """As the editing service makes them: letter, county, ten random hex digits."""
        while True:
            code = f"{self.layer.letter}{division[:6]}-{os.urandom(5).hex().upper()}"
            if code not in self._seen:
                self._seen[code] = number
                return code

    def _warn(
        self,
        places: Places,
        divisions: list[Taken | CellReason],
        reasons: dict[int, list[CellReason]],
        first: int,
    ) -> None:
        shapes = places.shapes
        for row, (county, division) in enumerate(
            zip(places.counties.tolist(), divisions, strict=True)
        ):
            if not county or row in reasons or str(division)[:6] == county[:6]:
                continue
            text = self.placement.disagreement(shapes[row], str(division))
            if text is not None:
                self.report.warn(first + row, text)

    def _report(
        self, batch: pa.RecordBatch, reasons: dict[int, list[CellReason]], first: int
    ) -> None:
        names = [name for name in batch.schema.names if name not in _NOT_SHOWN]
        for row in sorted(reasons):
            self.report.reject(first + row, reasons[row])
            cells = [batch.column(name)[row].as_py() for name in names]
            self.rejects.add(first + row, cells, reasons[row], self._at_fault(reasons[row]))

    def _at_fault(self, reasons: list[CellReason]) -> set[str]:
        """The columns that hold what the reasons are about."""
        fields = {reason.field.name for reason in reasons if reason.field is not None}
        return {column for field, column, _read in self._plan if field.name in fields}

    def _table(self, cells: Cells, places: Places, good: Any) -> pa.Table:
        kept = np.flatnonzero(good)
        secrets = [field.name for field in self.layer.personal_fields() if field.name in cells]
        datum = self.placement.datum
        accuracy = self.placement.accuracy_m
        count = len(kept)
        arrays: dict[str, Any] = {
            name: [values[row] for row in kept] for name, values in cells.items()
        }
        arrays["personal"] = self._sealed({name: arrays.pop(name) for name in secrets}, count)
        arrays["geom"] = places.ewkb_hex.take(kept)
        arrays["source_datum"] = [datum.name if datum is not None else ""] * count
        arrays["source_ordinates"] = places.original_ordinates.take(kept)
        arrays["accuracy_m"] = [None if accuracy is None else str(accuracy)] * count
        arrays["method"] = [str(Method.IMPORTED)] * count
        arrays["changeset_id"] = [str(self.changeset.pk)] * count
        return pa.table(
            {name: _as_text(arrays[name]) for name in self.columns},
        )

    def _sealed(self, secrets: dict[str, list[Any]], count: int) -> list[str | None]:
        """bytea in hex, one box a row."""
        if not secrets:
            return [None] * count
        boxes: list[str | None] = []
        for values in zip(*secrets.values(), strict=True):
            box = seal(self.layer, dict(zip(secrets, values, strict=True)))
            boxes.append(f"\\x{box.hex()}" if box else None)
        return boxes


_NOT_SHOWN = (GEOMETRY_COLUMN, UNREADABLE_COLUMN, ROW_COLUMN)


def existing_codes(layer: Layer, codes: list[str]) -> frozenset[str]:
    """Those of the codes that the table has; one index probe a code."""
    if not codes:
        return frozenset()
    statement = sql.SQL("SELECT code FROM {table} WHERE code = ANY(%s)").format(
        table=sql.Identifier(layer.table)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(cursor.cursor), [codes])
        return frozenset(code for (code,) in cursor.fetchall())


def _values_or_blank(cells: list[Any], read: Any) -> list[Taken | CellReason]:
    blank = [cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells]
    values = iter(read(cell for cell, empty in zip(cells, blank, strict=True) if not empty))
    return ["" if empty else next(values) for empty in blank]


def _note_unreadable(batch: pa.RecordBatch, reasons: dict[int, list[CellReason]]) -> None:
    if UNREADABLE_COLUMN not in batch.schema.names:
        return
    column = batch.column(UNREADABLE_COLUMN)
    if column.null_count == len(column):
        return
    for row, names in enumerate(column.to_pylist()):
        if names:
            text = said(gettext_noop("The text of %(names)s is in no known encoding."), names=names)
            reasons.setdefault(row, []).append(CellReason(None, text))


def _as_text(values: Any) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values, pa.string())


def _as_csv(table: pa.Table) -> io.BytesIO:
    """COPY reads an unquoted blank as NULL and a quoted one as empty text; Arrow writes just so."""
    sink = io.BytesIO()
    pyarrow.csv.write_csv(
        table, sink, pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")
    )
    sink.seek(0)
    return sink
