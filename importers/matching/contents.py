"""How well what a column holds fits a field, from 0 to 1."""

from collections.abc import Mapping
from typing import Any

from importers.matching.division_cells import DivisionReader
from importers.matching.names import plain
from importers.matching.problems import CellProblem
from importers.matching.readings import NO, YES, plain_value, whole
from importers.matching.samples import Sample, holds_id_numbers, holds_phone_numbers
from importers.matching.stated import CONSTANT
from importers.matching.vocabulary import Vocabulary, is_bare_number
from importers.phrases import Phrase, gettext_noop, said
from layers.registry import Field, Kind, Layer

MOST_JUDGED = 60
FEW_WORDS = 2
_EMPTY = Sample()
_READ = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.YEAR, Kind.DATE, Kind.BOOLEAN})


class Contents:
    """Judges columns by their samples; without samples it says nothing of any."""

    def __init__(
        self,
        layer: Layer,
        samples: Mapping[str, Sample],
        vocabulary: Vocabulary | None,
        divisions: DivisionReader | None,
    ) -> None:
        self._layer = layer
        self._samples = samples
        self._vocabulary = vocabulary
        self._divisions = divisions
        self._known: dict[tuple[str, str], float | None] = {}

    def fit(self, column: str, field: Field) -> float | None:
        """None where the values say nothing for or against."""
        kind = self._layer.kind(field)
        about = field.codes or (field.name if kind in (Kind.PERSONAL, Kind.BOOLEAN) else kind)
        key = (column, f"{about}")
        if kind in _READ:
            key = (column, field.name)
        if key not in self._known:
            self._known[key] = self._fit(field, kind, self._samples.get(column, _EMPTY))
        return self._known[key]

    def _fit(self, field: Field, kind: Kind, sample: Sample) -> float | None:
        if not sample.values:
            return None
        if kind is Kind.PERSONAL:
            return _personal_fit(field, sample)
        values = sample.values[:MOST_JUDGED]
        if kind is Kind.CODE:
            return self._words_known(field, values)
        if kind is Kind.DIVISION:
            return self._divisions_known(values)
        if kind not in _READ:
            return None
        return sum(self._is_readable(field, kind, value) for value in values) / len(values)

    def _words_known(self, field: Field, values: tuple[Any, ...]) -> float | None:
        words = [str(value) for value in values if not is_bare_number(value)]
        if not words or self._vocabulary is None:
            return None
        known = sum(bool(self._vocabulary.found(field, word)) for word in words)
        # A word or two that nobody knows are asked about themselves: they tell nothing of it.
        return known / len(words) if known or len(words) > FEW_WORDS else None

    def _divisions_known(self, values: tuple[Any, ...]) -> float | None:
        if self._divisions is None:
            return None
        return sum(self._is_division(value) for value in values) / len(values)

    def _is_division(self, value: Any) -> bool:
        """An ambiguous name is one, too."""
        if self._divisions is None:
            return False
        try:
            return self._divisions.read(value) is not None
        except CellProblem:
            text = str(whole(value))
            return not is_bare_number(text) and bool(self._divisions.index.find_text(text))

    def _is_readable(self, field: Field, kind: Kind, value: Any) -> bool:
        try:
            read = plain_value(field, kind, value)
        except CellProblem:
            return False
        return (
            read is None
            or kind not in (Kind.INTEGER, Kind.DECIMAL, Kind.YEAR)
            or _in_range(field, read)
        )

    def constants(self, field: Field) -> tuple[tuple[str, Phrase], ...]:
        """Answers that give every row one code, for a field that has no column at all."""
        if self._vocabulary is None or not field.codes:
            return ()
        return tuple(
            (f"{CONSTANT}{code}", said(gettext_noop("Every row: %(label)s"), label=label))
            for code, label in self._vocabulary.options(field)
        )

    def is_telling(self, column: str) -> bool:
        """Whether there is more in a column than yes and no, which any list of words may hold."""
        words = {plain(str(whole(value))) for value in self._samples.get(column, _EMPTY).values}
        return bool(words - YES - NO)

    def holds_codes_of_divisions(self, column: str) -> bool:
        values = self._samples.get(column, _EMPTY).values[:MOST_JUDGED]
        return bool(values) and all(is_bare_number(value) for value in values)


def _personal_fit(field: Field, sample: Sample) -> float | None:
    if field.name == "id_number":
        return float(holds_id_numbers(sample))
    return float(holds_phone_numbers(sample)) or None if field.name == "phone" else None


def _in_range(field: Field, read: Any) -> bool:
    """Only years have a range that numbers of another kind would not be in."""
    if not field.year or isinstance(read, bool):
        return not isinstance(read, bool)
    number = float(read)
    return (field.minimum is None or number >= field.minimum) and (
        field.maximum is None or number <= field.maximum
    )
