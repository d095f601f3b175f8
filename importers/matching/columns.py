"""Which column fills which field: by heading, by content, by what was said or settled before.

Every pair of a column and a field gets a confidence; the surest pairs are taken first, each column
and each field once. What is not sure is proposed and asked about, never taken silently.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as of
from typing import Any

from importers.interpretation import ColumnChoice, Interpretation
from importers.matching import units
from importers.matching.choices import choice_of, stated_choice
from importers.matching.column_questions import ColumnQuestions
from importers.matching.contents import Contents
from importers.matching.division_cells import DivisionReader
from importers.matching.division_columns import from_the_top, levels_of
from importers.matching.divisions import division_index
from importers.matching.headers import Header, read_header
from importers.matching.likeness import NAMED, Cut, Names
from importers.matching.names import plain
from importers.matching.pairs import LEAST, LEAST_PERSONAL, SURE, Pair
from importers.matching.samples import sampled
from importers.matching.stated import is_constant, resolved
from importers.matching.vocabulary import Vocabulary
from importers.proposal import Finding
from importers.readers.specification import Column
from layers.registry import Field, Kind, Layer

PROFILE, LEVEL_WORD = 0.99, 0.9
BY_CONTENT, CODES_BY_CONTENT = 0.6, 0.7
FITS, FITS_NOT = 0.8, 0.2
CONFIRMED_BY_CONTENT, DOUBTED_BY_CONTENT = 0.15, 0.6
_TELLING = frozenset({Kind.CODE, Kind.DIVISION})


@dataclass(slots=True)
class ColumnProposal:
    choices: dict[str, ColumnChoice] = of(default_factory=dict)
    findings: list[Finding] = of(default_factory=list)
    unmatched: tuple[str, ...] = ()
    division_columns: tuple[str, ...] = ()


def propose_columns(
    layer: Layer,
    columns: Sequence[Column],
    batches: Sequence[Any],
    *,
    names_cut: int | None,
    encoding: str,
    stated: Mapping[str, str],
    remembered: Interpretation | None,
) -> tuple[dict[str, ColumnChoice], list[Finding], tuple[str, ...]]:
    """Field name to choice, what is to be said or asked of it, and the columns that go nowhere.

    Raises Rejected if `stated` names a field or a column that is not there.
    """
    contents = Contents(
        layer,
        sampled(batches),
        Vocabulary({each.codes for each in layer.fields if each.codes}),
        DivisionReader(division_index()),
    )
    cut = Cut(names_cut, encoding) if names_cut else None
    found = Matcher(layer, columns, contents, cut).propose(stated, remembered)
    return found.choices, found.findings, found.unmatched


class Matcher:
    """Matches the columns of one file."""

    def __init__(
        self, layer: Layer, columns: Sequence[Column], contents: Contents, cut: Cut | None
    ) -> None:
        self.layer = layer
        self.headers = {each.name: read_header(each.name) for each in columns}
        self.contents = contents
        self._names = Names(layer, cut)

    def propose(
        self, stated: Mapping[str, str], remembered: Interpretation | None
    ) -> ColumnProposal:
        found = ColumnProposal()
        settled = resolved(self.layer, list(self.headers), stated)
        self._take_stated(found, settled)
        if remembered is not None:
            self._take_remembered(found, remembered, settled)
        pairs = list(self._pairs(found, settled))
        self._take_levels(found, pairs, settled)
        self._take_surest(found, pairs)
        taken = self._used(found)
        found.unmatched = tuple(column for column in self.headers if column not in taken)
        questions = ColumnQuestions(self.layer, self.headers, self.contents, found.unmatched)
        found.findings += questions.about(found.choices, pairs, settled)
        return found

    def _used(self, found: ColumnProposal) -> set[str]:
        return {choice.column for choice in found.choices.values()} | set(found.division_columns)

    def _take_stated(self, found: ColumnProposal, settled: Mapping[str, str]) -> None:
        for name, column in settled.items():
            if is_constant(column, list(self.headers)):
                found.choices[name] = ColumnChoice("")
            elif column:
                found.choices[name] = stated_choice(self.layer.by_name[name], self.headers[column])

    def _take_remembered(
        self, found: ColumnProposal, remembered: Interpretation, settled: Mapping[str, str]
    ) -> None:
        here = {plain(column): column for column in self.headers}
        for name, choice in remembered.columns.items():
            column = here.get(plain(choice.column), "")
            known = name in self.layer.by_name and name not in settled
            if known and (column or not choice.column) and column not in self._used(found) - {""}:
                found.choices[name] = replace(
                    choice, column=column, confidence=PROFILE, how="profile"
                )
        levels = [here.get(plain(column), "") for column in remembered.division_columns]
        if "division" in found.choices and "division" not in settled and all(levels):
            found.division_columns = tuple(levels)

    def _pairs(self, found: ColumnProposal, settled: Mapping[str, str]) -> Iterator[Pair]:
        """All that are likely enough, of fields and columns that are still free."""
        used = self._used(found)
        fields = [
            each
            for each in self.layer.fields
            if each.name not in {*settled, *found.choices} and not each.readonly
        ]
        for column, header in self.headers.items():
            if column in used or header.no_field:
                continue
            pairs = [self._pair(field, header) for field in fields]
            yield from (each for each in pairs if each.confidence >= LEAST)
            if all(each.confidence < LEAST for each in pairs):
                yield from self._by_content(fields, column)

    def _pair(self, field: Field, header: Header) -> Pair:
        likeness = self._names.likeness(header, field)
        confidence = likeness.confidence
        kind = self.layer.kind(field)
        fit = self.contents.fit(header.column, field) if confidence >= LEAST / 2 else None
        if fit is not None and fit <= FITS_NOT:
            confidence *= DOUBTED_BY_CONTENT
        elif fit is not None and fit >= FITS and kind in _TELLING and confidence < LEVEL_WORD:
            confidence = min(confidence + CONFIRMED_BY_CONTENT, LEVEL_WORD)
        named = likeness.how == "name" and likeness.confidence == NAMED
        if header.unit and not named and not units.fits(header.unit, field):
            confidence = 0.0 if field.unit else confidence * DOUBTED_BY_CONTENT
        if kind is Kind.PERSONAL and confidence < LEAST_PERSONAL:
            confidence = 0.0
        return Pair(field, header.column, round(confidence, 3), likeness.how)

    def _by_content(self, fields: Sequence[Field], column: str) -> Iterator[Pair]:
        """The one field whose words, or whose codes, a column holds."""
        fitting = [
            field
            for field in fields
            if self.layer.kind(field) in _TELLING
            and (self.contents.fit(column, field) or 0.0) >= FITS
            and self.contents.is_telling(column)
        ]
        if len(fitting) == 1:
            codes = self.contents.holds_codes_of_divisions(column)
            yield Pair(fitting[0], column, CODES_BY_CONTENT if codes else BY_CONTENT, "content")

    def _take_levels(
        self, found: ColumnProposal, pairs: Sequence[Pair], settled: Mapping[str, str]
    ) -> None:
        """县, 乡镇, 村 in columns of their own, unless a column has the code, or the whole path."""
        if "division" in {*settled, *found.choices}:
            return
        used = self._used(found)
        free = [each for column, each in self.headers.items() if column not in used]
        columns = from_the_top(levels_of(free))
        better = any(
            pair.field.name == "division" and pair.confidence >= SURE and pair.column not in columns
            for pair in pairs
        )
        if not columns or better:
            return
        found.choices["division"] = ColumnChoice(columns[-1], LEVEL_WORD, "alias")
        if len(columns) > 1:
            found.division_columns = columns

    def _take_surest(self, found: ColumnProposal, pairs: Sequence[Pair]) -> None:
        """Ties go to the earlier field and the earlier column: the same file, the same answer."""
        used = self._used(found)
        for pair in sorted(pairs, key=lambda each: -each.confidence):
            if pair.field.name in found.choices or pair.column in used:
                continue
            found.choices[pair.field.name] = choice_of(
                pair.field, self.headers[pair.column], pair.confidence, pair.how
            )
            used.add(pair.column)
