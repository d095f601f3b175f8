"""Columns of a file to fields of a layer, or a refusal: for a load that nobody can be asked about.

It takes what is sure by the headings alone, and no column whose unit would have to be converted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from importers.matching.columns import Matcher
from importers.matching.contents import Contents
from importers.matching.likeness import Cut
from importers.matching.pairs import MADE_UP_LATER, SURE
from importers.phrases import gettext_noop, said
from importers.readers.specification import Column
from layers.errors import Rejected
from layers.registry import Layer


@dataclass(frozen=True, slots=True)
class Matches:
    """`columns`: field name to column name; `unmatched`: columns that go nowhere."""

    columns: Mapping[str, str]
    unmatched: tuple[str, ...]


def match(
    layer: Layer,
    columns: Iterable[str],
    *,
    stated: Mapping[str, str] | None = None,
    names_cut: int | None = None,
    encoding: str = "utf-8",
) -> Matches:
    """Raises Rejected: --map names no field or no column; a required field has no column."""
    names = list(columns)
    cut = Cut(names_cut, encoding) if names_cut else None
    matcher = Matcher(
        layer, [Column(name, "") for name in names], Contents(layer, {}, None, None), cut
    )
    found = matcher.propose(stated or {}, None)
    taken = {
        name: choice.column
        for name, choice in found.choices.items()
        if choice.column
        and choice.factor is None
        and (choice.how == "stated" or choice.confidence >= SURE)
        and not (name == "division" and found.division_columns)
    }
    free = tuple(name for name in names if name not in taken.values())
    _require(layer, taken, free)
    return Matches(taken, free)


def _require(layer: Layer, taken: Mapping[str, str], free: tuple[str, ...]) -> None:
    lacking = [
        field
        for field in layer.fields
        if field.required and field.name not in taken and field.name not in MADE_UP_LATER
    ]
    if lacking:
        text = said(
            gettext_noop("No column was found for: %(name)s. Columns left over: %(names)s"),
            name=", ".join(f"{field.name} ({field.label})" for field in lacking),
            names=", ".join(free) or "-",
        )
        remedy = said(gettext_noop("Name the column with --map FIELD=COLUMN."))
        raise Rejected(str(text), remedy=str(remedy))
