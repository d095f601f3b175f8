"""Numbers whose unit nobody wrote and whose size makes one doubt it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from importers.interpretation import ColumnChoice
from importers.matching.headers import read_header
from importers.matching.numbers import read_number
from importers.matching.problems import CellProblem
from importers.matching.samples import Sample
from importers.matching.units import unit_of
from importers.phrases import gettext_noop, said
from importers.proposal import Finding, Topic
from layers.registry import Field, Kind, Layer

LEAST_VALUES = 3
SHORT_ROADS_M = 100
"""A column of road lengths that are all shorter is one of kilometres."""
SMALL_SUMS_YUAN = 10_000
"""A column of sums that are all smaller is one of 万元."""
SHARES = 1
"""A column of per cents that are all smaller is one of fractions."""
UNIT_ANSWER = "unit="
_DOUBTS: dict[str, tuple[str, int, Decimal, str, str]] = {
    "length": ("length_m", SHORT_ROADS_M, Decimal(1000), "公里", "km"),
    "money": ("_yuan", SMALL_SUMS_YUAN, Decimal(10_000), "万元", "10,000 yuan"),
    "share": ("_pct", SHARES, Decimal(100), "1 = 100%", "1 = 100%"),
}


def doubtful_scales(
    layer: Layer, choices: Mapping[str, ColumnChoice], samples: Mapping[str, Sample]
) -> Iterator[Finding]:
    """A question for each column without a unit whose numbers are all too small for the field's."""
    for name, choice in choices.items():
        field = layer.by_name[name]
        unit = unit_of(field)
        doubt = _DOUBTS.get(unit.dimension) if unit else None
        if doubt is None or not name.endswith(doubt[0]) or _is_settled(choice):
            continue
        largest = _largest(field, layer.kind(field), samples.get(choice.column, Sample()))
        if largest is not None and largest <= doubt[1]:
            yield _question(field, choice, doubt)


def _is_settled(choice: ColumnChoice) -> bool:
    """Someone gave the unit: in the heading, or in answer to this question before."""
    return (
        not choice.column
        or choice.factor is not None
        or choice.how in ("profile", "stated")
        or read_header(choice.column).unit is not None
    )


def _largest(field: Field, kind: Kind, sample: Sample) -> Decimal | None:
    values = [value for value in sample.values if _has_no_unit(value)]
    if len(values) < LEAST_VALUES:
        return None
    try:
        numbers = [read_number(field, kind, value) for value in values]
    except CellProblem:
        return None
    return max((Decimal(str(each)) for each in numbers if each is not None), default=None)


def _has_no_unit(value: object) -> bool:
    return not isinstance(value, str) or value.strip()[-1:].isdigit()


def _question(
    field: Field, choice: ColumnChoice, doubt: tuple[str, int, Decimal, str, str]
) -> Finding:
    _ending, limit, factor, zh, en = doubt
    text = gettext_noop(
        "“%(column)s” has no unit, and none of its numbers is above %(limit)d. Are they in"
        " %(unit)s?"
    )
    return Finding(
        Topic.COLUMNS,
        said(text, column=choice.column, limit=limit, unit=replace(field.label, zh=zh, en=en)),
        must=True,
        about=field.name,
        options=(
            (f"{UNIT_ANSWER}{factor}", said(gettext_noop("Yes"))),
            (f"{UNIT_ANSWER}1", said(gettext_noop("No, in %(unit)s"), unit=field.unit)),
        ),
    )
