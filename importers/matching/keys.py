"""By which fields a row can be recognised as a feature that exists already."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from importers.interpretation import ColumnChoice
from importers.phrases import Phrase, gettext_noop, said
from importers.proposal import Finding, Topic
from layers.registry import Layer

BY_CODE = ("code",)
BY_NAME = ("division", "name")
SEPARATOR = ","
"""Between the fields of a key in a finding's option."""


def propose_key(
    layer: Layer,
    choices: Mapping[str, ColumnChoice],
    division_columns: Sequence[str],
    batches: Sequence[pa.RecordBatch],
) -> tuple[tuple[str, ...], list[Finding]]:
    """The code where there is one, else division and name; nothing that repeats in the sample."""
    columns = {name: [choice.column] for name, choice in choices.items() if choice.column}
    if division_columns and "division" in columns:
        columns["division"] = list(division_columns)
    possible = [key for key in (BY_CODE, BY_NAME) if all(name in columns for name in key)]
    repeating: list[tuple[str, ...]] = []
    for key in possible:
        if not _repeats([column for name in key for column in columns[name]], batches):
            return key, [_repeating(layer, each) for each in repeating]
        repeating.append(key)
    return (), [*(_repeating(layer, each) for each in repeating), _none(layer, possible)]


def _repeats(columns: Sequence[str], batches: Sequence[pa.RecordBatch]) -> bool:
    """Whether two rows have the same values, or too few rows have any."""
    if not batches:
        return False
    table = pa.Table.from_batches([batch.select(columns) for batch in batches])
    first = _texts(table.column(columns[-1]))
    filled = pc.greater(pc.utf8_length(first), 0)
    texts = [_texts(table.column(column)).filter(filled) for column in columns]
    rows = len(texts[0])
    if not rows:
        return True
    joined: Any = texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, "\x1f")
    return bool(len(pc.unique(joined)) < rows)


def _texts(column: Any) -> Any:
    return pc.fill_null(pc.utf8_trim_whitespace(column.cast(pa.string())), "")


def _repeating(layer: Layer, key: Sequence[str]) -> Finding:
    text = gettext_noop("Several rows have the same %(fields)s, so no feature is recognised by it.")
    return Finding(Topic.KEY, said(text, fields=_labels(layer, key)), about=SEPARATOR.join(key))


def _none(layer: Layer, possible: Sequence[tuple[str, ...]]) -> Finding:
    text = gettext_noop(
        "Nothing in the file tells which features exist already: every row will be a new one."
    )
    options = [(SEPARATOR.join(key), _labels(layer, key)) for key in possible]
    return Finding(
        Topic.KEY,
        said(text),
        about="key",
        options=(("", said(gettext_noop("Every row is new"))), *options),
    )


def _labels(layer: Layer, key: Sequence[str]) -> Phrase:
    labels = [layer.by_name[name].label for name in key]
    return Phrase("＋".join(each.zh for each in labels), " + ".join(each.en for each in labels))
