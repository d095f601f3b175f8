"""The rows that were not accepted, as a file that a person corrects and sends again.

The source's own columns come first, under their own names, so that the sheet is a delivery like the
first one; what the importer says of each row stands in OWN_COLUMNS behind them.
"""

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from importers.columns import CellReason
from importers.phrases import Phrase
from importers.spreadsheets import CsvWriter, SheetWriter, TableWriter, width_of

ROW_COLUMN = "行号 row"
REASON_ZH, REASON_EN = "原因", "reason"
HINT_ZH, HINT_EN = "提示", "hint"
OWN_COLUMNS = (ROW_COLUMN, REASON_ZH, REASON_EN, HINT_ZH, HINT_EN)
SHEET_TITLE = "被拒绝的行 rejected"
REASON_WIDTH = 44.0


def own_columns(names: Collection[str]) -> frozenset[str]:
    """Those of a file's columns that a list of rejected rows added: all of OWN_COLUMNS or none.

    A column of the source may be called “原因” by itself; then it is the source's.
    """
    return frozenset(OWN_COLUMNS) if set(OWN_COLUMNS) <= set(names) else frozenset()


class Rejects:
    """The list of rejected rows; the file appears with the first of them.

    `path` ends in .xlsx or .csv; with None nothing is written. `columns` are the names of the
    cells that `add` is given.
    """

    def __init__(self, path: Path | None, columns: Sequence[str]) -> None:
        own = own_columns(columns)
        self._path = path
        self._kept = [at for at, name in enumerate(columns) if name not in own]
        self._names = [columns[at] for at in self._kept]
        self._sheet: TableWriter | None = None
        self._closing = ExitStack()

    def add(
        self,
        number: int,
        cells: Sequence[Any],
        reasons: Sequence[CellReason],
        marked: Collection[str] = (),
    ) -> None:
        """A row by its number in the file, why it is not accepted, and the columns at fault."""
        if self._path is None:
            return
        if self._sheet is None:
            self._sheet = self._begun(self._path)
        hints = [reason.hint for reason in reasons if reason.hint]
        why, hint = _joined([reason.phrase() for reason in reasons]), _joined(hints)
        at_fault = {at for at, name in enumerate(self._names) if name in marked}
        own = [number, why.zh, why.en, hint.zh, hint.en]
        self._sheet.write([*(cells[at] for at in self._kept), *own], at_fault)

    def _begun(self, path: Path) -> TableWriter:
        header = [*self._names, *OWN_COLUMNS]
        sheet: TableWriter
        if path.suffix.lower() == ".xlsx":
            widths = [width_of(name) for name in (*self._names, ROW_COLUMN)]
            widths += [REASON_WIDTH] * (len(OWN_COLUMNS) - 1)
            sheet = SheetWriter(path, title=SHEET_TITLE, header=header, widths=widths)
        else:
            sheet = CsvWriter(path, header=header)
        self._closing.callback(sheet.close)
        return sheet

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.close()


def _joined(phrases: Sequence[Phrase]) -> Phrase:
    """Several reasons as one text, each said once."""
    told = list(dict.fromkeys(phrases))
    return Phrase("；".join(each.zh for each in told), "; ".join(each.en for each in told))
