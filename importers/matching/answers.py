"""Taking a person's answer to a finding into the interpretation."""

from dataclasses import replace
from decimal import Decimal

from importers.interpretation import ColumnChoice, Interpretation
from importers.matching.choices import stated_choice
from importers.matching.headers import read_header
from importers.matching.keys import SEPARATOR
from importers.matching.scales import UNIT_ANSWER
from importers.matching.stated import CONSTANT
from importers.matching.words import ABOUT_SEPARATOR
from importers.proposal import Finding, Topic
from layers.registry import Layer


def answered(
    layer: Layer, interpretation: Interpretation, finding: Finding, answer: str
) -> Interpretation:
    """The interpretation with one of the finding's options chosen.

    Raises ValueError for a finding that is none of the matching's, or nothing to be answered.
    """
    if finding.topic is Topic.COLUMNS:
        return _with_column(layer, interpretation, finding.about, answer)
    if finding.topic is Topic.VALUES:
        name, separator, word = finding.about.partition(ABOUT_SEPARATOR)
        if separator:
            words = {**interpretation.values.get(name, {}), word: answer}
            return interpretation.with_(values={**interpretation.values, name: words})
    if finding.topic is Topic.DIVISIONS:
        return interpretation.with_(divisions={**interpretation.divisions, finding.about: answer})
    if finding.topic is Topic.KEY:
        return interpretation.with_(key=tuple(filter(None, answer.split(SEPARATOR))))
    raise ValueError(f"Nothing to answer in a finding about {finding.topic} {finding.about!r}")


def _with_factor(interpretation: Interpretation, name: str, factor: Decimal) -> Interpretation:
    choice = replace(interpretation.columns[name], how="stated", factor=factor)
    return interpretation.with_(columns={**interpretation.columns, name: choice})


def _with_column(
    layer: Layer, interpretation: Interpretation, name: str, answer: str
) -> Interpretation:
    """A column; "" leaves the field out; "=code" is for every row; "unit=1000" is a factor."""
    if answer.startswith(UNIT_ANSWER) and name in interpretation.columns:
        return _with_factor(interpretation, name, Decimal(answer.removeprefix(UNIT_ANSWER)))
    columns, values = dict(interpretation.columns), dict(interpretation.values)
    columns.pop(name, None)
    if answer.startswith(CONSTANT):
        columns[name] = ColumnChoice("")
        values[name] = {**values.get(name, {}), "": answer.removeprefix(CONSTANT)}
    elif answer:
        columns[name] = stated_choice(layer.by_name[name], read_header(answer))
    changes = {"columns": columns, "values": values}
    if name == "division":
        return interpretation.with_(**changes, division_columns=())
    return interpretation.with_(**changes)
