"""Judged rows into new, changed, unchanged and refused ones."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from importers.comparison.changes import Change, Wanted, parts_of
from importers.comparison.deleted import Deleted, DeletedFeatures, wanted_of
from importers.comparison.differences import Pairs
from importers.comparison.existing import Existing, column_of
from importers.comparison.history import History, histories
from importers.comparison.lookup import Found, Lookup
from importers.loading.codes import Codes
from importers.loading.copying import NewRows
from importers.loading.spool import Spool
from importers.phrases import gettext_noop, said
from importers.readers.specification import GEOMETRY_COLUMN, ROW_COLUMN, UNREADABLE_COLUMN
from importers.rejects import Rejects
from importers.report import Report
from importers.rows import Judge, Judged
from layers.editing.rows import State
from layers.models.feature import Method

OURS = (GEOMETRY_COLUMN, UNREADABLE_COLUMN, ROW_COLUMN)
STAYS_DELETED = gettext_noop("The feature “%(code)s” was deleted on the map: it stays deleted.")


class Sorting:
    """Takes judged batches in their order.

    Where `asks_database`, it may only run between two COPYs; not so for the first load of a layer.
    """

    def __init__(
        self,
        *,
        judge: Judge,
        lookup: Lookup | None,
        existing: Existing,
        new_rows: NewRows,
        report: Report,
        rejects: Rejects,
        spool: Spool,
    ) -> None:
        self.judge = judge
        self.layer = judge.layer
        self.lookup = lookup
        self.new_rows = new_rows
        self.existing = existing
        self.report = report
        self.rejects = rejects
        self.spool = spool
        self.counties: set[str] = set()
        by_code = lookup is not None and lookup.key.is_code
        self._codes = Codes(self.layer, existing, distinct=by_code)
        self._deleted = (
            DeletedFeatures(self.layer, judge.scope, lookup.key) if lookup is not None else None
        )

    @property
    def asks_database(self) -> bool:
        return not self.existing.none or (self._deleted is not None and not self._deleted.none)

    def take(self, judged: Judged) -> io.BytesIO | None:
        """The rows that become features, as COPY takes them, if there are any."""
        found = self.lookup.find(judged) if self.lookup is not None else None
        codes = self._codes.of(judged, _ids(found, len(judged)))
        old = self._features_of_rows(judged, found)
        for row, reasons in judged.if_new.items():
            if row not in old:
                judged.reasons.setdefault(row, []).extend(reasons)
        good = np.ones(len(judged), dtype=bool)
        good[list(judged.reasons)] = False
        if found is not None:
            self._compare(judged, found, good)
            self._compare_deleted(judged, old, good)
        fresh = good.copy()
        fresh[list(old)] = False
        rows = np.flatnonzero(fresh)
        self.report.new += len(rows)
        self._tell(judged, good)
        self.report.read += len(judged)
        return self.new_rows.csv(judged, codes, rows) if len(rows) else None

    def _features_of_rows(self, judged: Judged, found: Found | None) -> dict[int, "Deleted | None"]:
        """The rows that are of a feature; with it, where it is deleted."""
        if found is None or self._deleted is None:
            return {}
        old: dict[int, Deleted | None] = dict.fromkeys(np.flatnonzero(found.at >= 0).tolist())
        if not self._deleted.none:
            for row in np.flatnonzero(found.at < 0).tolist():
                deleted = self._deleted.get(found.keys[row].as_py())
                if deleted is not None:
                    old[row] = deleted
        return old

    def _compare(self, judged: Judged, found: Found, good: NDArray[np.bool_]) -> None:
        rows = np.flatnonzero(good & (found.at >= 0))
        if not len(rows):
            return
        pairs = Pairs(
            self.layer, judged, found.features, rows, found.at[rows], self._provenance(judged)
        )
        changed = pairs.changed()
        self.report.unchanged += len(rows) - len(changed)
        ids = _column(found, "id", pairs.at[changed])
        versions = _column(found, "version", pairs.at[changed])
        edited = [each for each, version in zip(ids, versions, strict=True) if version > 1]
        past = histories(self.layer, edited)
        for each, feature_id, version in zip(changed.tolist(), ids, versions, strict=True):
            wanted, current = pairs.wanted(each)
            at = int(pairs.at[each])
            code = column_of(found.features, "code")[at].as_py()
            subject = (feature_id, version, code, past.get(feature_id, History()))
            self._keep(judged, int(rows[each]), subject, wanted, current)
        self.counties |= {
            each[:6] for each in column_of(found.features, "division").unique().to_pylist()
        }

    def _compare_deleted(
        self, judged: Judged, old: dict[int, "Deleted | None"], good: NDArray[np.bool_]
    ) -> None:
        gone = [(row, each) for row, each in old.items() if each is not None and good[row]]
        past = histories(self.layer, [each.feature_id for _row, each in gone])
        for row, each in gone:
            wanted = wanted_of(self.layer, judged, row, each.state)
            code = str(each.state["code"])
            subject = (each.feature_id, each.version, code, past[each.feature_id])
            if not self._keep(judged, row, subject, wanted, each.state):
                judged.warnings[row] = said(STAYS_DELETED, code=code)

    def _keep(
        self,
        judged: Judged,
        row: int,
        subject: tuple[int, int, str, History],
        wanted: Wanted,
        current: State,
    ) -> bool:
        """Whether the row changes its feature; if so, the change is kept for the end."""
        feature_id, version, code, history = subject
        parts = parts_of(self.layer, wanted, current, version, history)
        if not parts:
            self.report.unchanged += 1
            return False
        names = {name for part in parts.values() for name in part}
        old = {name: value for name, value in current.items() if name in names}
        number = int(judged.numbers[row])
        self.spool.add(Change(number, feature_id, code, parts, old, _cells(judged, [row])[0]))
        return True

    def _provenance(self, judged: Judged) -> Any:
        datum = self.new_rows.datum
        ordinates = judged.places.original_ordinates
        constant: State = {
            "source_datum": datum.name if datum is not None else "",
            "method": str(Method.IMPORTED),
            "accuracy_m": self.judge.accuracy_m,
        }
        return lambda row: {**constant, "source_ordinates": ordinates[row].as_py()}

    def _tell(self, judged: Judged, good: NDArray[np.bool_]) -> None:
        accepted = judged.divisions[good]
        self.counties |= {each[:6] for each in set(accepted.tolist()) if each}
        for row, text in sorted(judged.warnings.items()):
            if good[row]:
                self.report.warn(int(judged.numbers[row]), text)
        rows = sorted(judged.reasons)
        for row, cells in zip(rows, _cells(judged, rows), strict=True):
            number, reasons = int(judged.numbers[row]), judged.reasons[row]
            self.report.reject(number, reasons)
            self.rejects.add(number, cells, reasons, self._marked(reasons))

    def _marked(self, reasons: Sequence[Any]) -> set[str]:
        """The columns at fault; of a row as a whole, where its place is read from."""
        found: set[str] = set()
        for each in reasons:
            if each.field is None:
                found |= set(self.judge.placement.columns)
            else:
                found |= set(self.judge.columns.get(each.field.name, ()))
        return found


def _ids(found: Found | None, count: int) -> NDArray[np.int64]:
    ids = np.zeros(count, dtype=np.int64)
    if found is not None:
        rows = np.flatnonzero(found.at >= 0)
        ids[rows] = _column(found, "id", found.at[rows])
    return ids


def _column(found: Found, name: str, at: NDArray[np.intp]) -> list[int]:
    return [int(each) for each in column_of(found.features, name).take(pa.array(at)).to_pylist()]


def _cells(judged: Judged, rows: Sequence[int]) -> list[list[Any]]:
    """The cells of rows as they came, in the order of the file's columns."""
    if not rows:
        return []
    names = [name for name in judged.batch.schema.names if name not in OURS]
    chosen = pa.array(rows, pa.int64())
    columns = [judged.batch.column(name).take(chosen).to_pylist() for name in names]
    return [list(cells) for cells in zip(*columns, strict=True)] or [[] for _row in rows]
