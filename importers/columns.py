"""A whole column at a time through the rules of the editing service, each distinct value once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from importers.phrases import Phrase, gettext_noop, in_both, said
from importers.vocabulary import CellProblem, Vocabulary, plain_value
from layers.editing.lists import Lists
from layers.editing.values import ValueProblem, read_value
from layers.models.division import Division
from layers.registry import Field, Kind, Layer

MOST_REMEMBERED = 50_000
"""Distinct values kept a column; a column of ids would otherwise fill the memory."""
COUNTY_AT_LEAST = slice(4, 6)


@dataclass(frozen=True, slots=True)
class CellReason:
    """Why a cell is not accepted; `field` is None for the row as a whole.

    `hint` says what to write instead.
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


class ColumnReader:
    """Reads cells for one layer; ask it for a column's converter."""

    def __init__(self, layer: Layer) -> None:
        names = {field.codes for field in layer.fields if field.codes}
        self.layer = layer
        self.lists = Lists()
        self.vocabulary = Vocabulary(names)
        self.divisions = frozenset(Division.objects.values_list("code", flat=True))

    def converter(self, field: Field) -> Callable[[Iterable[Any]], list[Taken | CellReason]]:
        return partial(self._convert, field, self.layer.kind(field), {})

    def _convert(
        self,
        field: Field,
        kind: Kind,
        known: dict[Any, Taken | CellReason],
        cells: Iterable[Any],
    ) -> list[Taken | CellReason]:
        longest = self._longest_plain_text(field, kind)
        taken: list[Taken | CellReason] = []
        for raw in cells:
            if longest and type(raw) is str and 0 < len(raw) <= longest and raw.isprintable():
                text = raw.strip()
                if text:
                    taken.append(text)
                    continue
            key = (type(raw), raw)
            found = known.get(key, known)
            if found is known:
                found = self._read(field, kind, raw)
                if len(known) < MOST_REMEMBERED:
                    known[key] = found
            taken.append(found)  # type: ignore[arg-type]
        return taken

    def _longest_plain_text(self, field: Field, kind: Kind) -> int:
        """Printable text up to this length needs no further rule: tests compare with read_value."""
        if kind is not Kind.TEXT:
            return 0
        column: Any = self.layer.model._meta.get_field(field.name)
        return column.max_length or 0

    def _read(self, field: Field, kind: Kind, raw: Any) -> Taken | CellReason:
        try:
            value = plain_value(kind, raw)
            if kind is Kind.DIVISION and value is not None:
                self._check_division(value)
                return str(value)
            if kind is Kind.CODE and value is not None:
                value = self.vocabulary.code(field, value)
            return _as_copied(read_value(self.layer, field, value, self.lists))
        except CellProblem as problem:
            return CellReason(field, problem.phrase)
        except ValueProblem:
            return CellReason(field, in_both(lambda: self._complaint(field, value)))

    def _complaint(self, field: Field, value: Any) -> str:
        """What read_value says in the active language."""
        try:
            read_value(self.layer, field, value, self.lists)
        except ValueProblem as problem:
            return str(problem)
        return ""

    def _check_division(self, code: str) -> None:
        """As read_value, against a set in memory; and a feature is owned by a county at least."""
        if code not in self.divisions:
            raise CellProblem(said(gettext_noop("There is no division %(value)s."), value=code))
        if code[COUNTY_AT_LEAST] == "00":
            raise CellProblem(
                said(gettext_noop("%(value)s is no county, township or village."), value=code)
            )


def _as_copied(value: Any) -> Taken:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
