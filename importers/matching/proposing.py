"""What a file's columns, words, divisions and keys seem to be: one proposal, with what is open."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from importers.interpretation import ColumnChoice, Interpretation
from importers.matching import samples as sampling
from importers.matching.columns import ColumnProposal, Matcher
from importers.matching.contents import Contents
from importers.matching.division_cells import DivisionReader
from importers.matching.division_columns import levels_of
from importers.matching.divisions import division_index
from importers.matching.headers import read_header
from importers.matching.keys import propose_key
from importers.matching.likeness import Cut
from importers.matching.privacy import personal_columns, personal_findings
from importers.matching.scales import doubtful_scales
from importers.matching.stated import CONSTANT, is_constant, resolved
from importers.matching.vocabulary import Vocabulary
from importers.matching.words import unknown_divisions, unknown_words
from importers.phrases import gettext_noop, said
from importers.proposal import Finding
from importers.readers.specification import SourceDescription
from layers.errors import Rejected
from layers.registry import Layer

MOST_DIVISION_NAMES = 3_000


class Matching(NamedTuple):
    """`interpretation` has columns, values, divisions, within, key; the rest others say."""

    interpretation: Interpretation
    findings: list[Finding]
    unmatched: tuple[str, ...]
    samples: dict[str, tuple[str, ...]]


def propose_matching(
    layer: Layer,
    description: SourceDescription,
    batches: Sequence[Any],
    *,
    stated: Mapping[str, str],
    within: str = "",
    remembered: Interpretation | None = None,
) -> Matching:
    """From the first batches of a file; `stated` is field (or label) to column.

    Raises Rejected where something stated is not there.
    """
    found_samples = sampling.sampled(batches)
    vocabulary = Vocabulary({each.codes for each in layer.fields if each.codes})
    within = within or (remembered.within if remembered else "")
    known = dict(remembered.divisions) if remembered else {}
    reader = DivisionReader(division_index(), within=within, answers=known)
    contents = Contents(layer, found_samples, vocabulary, reader)
    cut = Cut(description.names_cut, description.encoding) if description.names_cut else None
    matched = Matcher(layer, description.columns, contents, cut).propose(stated, remembered)
    key, about_key = propose_key(layer, matched.choices, matched.division_columns, batches)
    interpretation = Interpretation(
        columns=matched.choices,
        values=_values(layer, description, stated, remembered, vocabulary),
        divisions=known,
        within=within,
        key=key,
        division_columns=matched.division_columns,
    )
    personal = personal_columns(layer, matched.choices, matched.division_columns, found_samples)
    told = {column: s for column, s in found_samples.items() if column not in personal}
    findings = [
        *matched.findings,
        *doubtful_scales(layer, matched.choices, told),
        *unknown_words(layer, interpretation, told, vocabulary),
        *_about_divisions(matched, batches, reader),
        *personal_findings(matched.unmatched, found_samples),
        *about_key,
    ]
    shown = {
        column: sampling.shown(column, sample, personal=column in personal)
        for column, sample in found_samples.items()
    }
    return Matching(interpretation, findings, matched.unmatched, shown)


def _values(
    layer: Layer,
    description: SourceDescription,
    stated: Mapping[str, str],
    remembered: Interpretation | None,
    vocabulary: Vocabulary,
) -> dict[str, Mapping[str, str]]:
    """What was settled before, and the constants that are stated now ("=户厕")."""
    values = dict(remembered.values) if remembered else {}
    columns = [column.name for column in description.columns]
    for name, column in resolved(layer, columns, stated).items():
        if is_constant(column, columns):
            word = column.removeprefix(CONSTANT)
            found = vocabulary.found(layer.by_name[name], word)
            if len(found) != 1:
                raise Rejected(
                    str(said(gettext_noop("“%(value)s” is not in the code list."), value=word)),
                    remedy=str(vocabulary.hint(layer.by_name[name], word)),
                )
            values[name] = {**values.get(name, {}), "": next(iter(found))}
    return values


def _about_divisions(
    matched: ColumnProposal, batches: Sequence[pa.RecordBatch], reader: DivisionReader
) -> Iterator[Finding]:
    choice = matched.choices.get("division", ColumnChoice(""))
    columns = matched.division_columns or ((choice.column,) if choice.column else ())
    if not columns or not batches:
        return
    table = pa.Table.from_batches([batch.select(list(columns)) for batch in batches])
    distinct = table.group_by(list(columns), use_threads=False).aggregate([])
    rows = distinct.slice(0, MOST_DIVISION_NAMES).select(list(columns)).to_pylist()
    levels = division_levels(matched.division_columns)
    yield from unknown_divisions([tuple(row.values()) for row in rows], levels, reader)


def division_levels(columns: Sequence[str]) -> list[str]:
    """The level of each column by its heading; "" where it says none."""
    known = levels_of([read_header(column) for column in columns])
    return [known.get(column, "") for column in columns]
