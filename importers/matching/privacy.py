"""Columns that hold what belongs to persons: masked everywhere, and never imported unasked."""

from collections.abc import Iterator, Mapping, Sequence

from importers.interpretation import ColumnChoice
from importers.matching.samples import (
    Sample,
    holds_id_numbers,
    holds_phone_numbers,
    is_personal,
)
from importers.phrases import gettext_noop, said
from importers.proposal import Finding, Topic
from layers.registry import Layer


def personal_columns(
    layer: Layer,
    choices: Mapping[str, ColumnChoice],
    division_columns: Sequence[str],
    samples: Mapping[str, Sample],
) -> frozenset[str]:
    """Those of personal fields, and any other that looks like it.

    Also one that fills a field which is not personal (the chief of a road, on its signboard): its
    values are not needed to recognise it. Names of divisions are often like persons'.
    """
    personal = {
        choices[field.name].column for field in layer.personal_fields() if field.name in choices
    }
    divisions = {*division_columns, choices.get("division", ColumnChoice("")).column}
    return frozenset(
        column
        for column, sample in samples.items()
        if column in personal or (column not in divisions and is_personal(column, sample))
    )


def personal_findings(unmatched: Sequence[str], samples: Mapping[str, Sample]) -> Iterator[Finding]:
    """One for each column that is left over and holds identity or phone numbers."""
    for column in unmatched:
        sample = samples.get(column, Sample())
        if holds_id_numbers(sample):
            text = gettext_noop("“%(column)s” holds identity numbers and is not imported.")
        elif holds_phone_numbers(sample):
            text = gettext_noop("“%(column)s” holds phone numbers and is not imported.")
        else:
            continue
        yield Finding(Topic.COLUMNS, said(text, column=column), about=column)
