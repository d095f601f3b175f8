"""Answers to what a proposal leaves open: the value that a person chose of a finding's options."""

from dataclasses import replace

from importers.interpretation import ColumnChoice, Interpretation, PlaceSource
from importers.proposal import Finding, Topic

SWAP = "swap"


def answered(interpretation: Interpretation, finding: Finding, value: str) -> Interpretation | None:
    """The interpretation with this answer; None where a value alone does not say what to change."""
    if finding.topic is Topic.PLACE:
        return _placed(interpretation, value)
    if finding.topic is Topic.DIVISIONS and finding.about:
        divisions = {**interpretation.divisions, finding.about: value}
        return interpretation.with_(divisions=divisions)
    if finding.topic is Topic.COLUMNS and finding.about:
        columns = {**interpretation.columns, finding.about: ColumnChoice(value)}
        return interpretation.with_(columns=columns)
    if finding.topic is Topic.KEY:
        return interpretation.with_(key=tuple(filter(None, value.split(","))))
    return None


def _placed(interpretation: Interpretation, value: str) -> Interpretation:
    place = interpretation.place
    if value != SWAP:
        return interpretation.with_(place=replace(place, datum=value))
    if place.source is PlaceSource.COLUMNS:
        return interpretation.with_(place=replace(place, x=place.y, y=place.x))
    return interpretation.with_(place=replace(place, swapped=not place.swapped))


def answered_with_the_first(
    interpretation: Interpretation, findings: tuple[Finding, ...]
) -> tuple[Interpretation, tuple[Finding, ...]]:
    """Every open finding answered by its first option, the likeliest; and those that stay open."""
    still: list[Finding] = []
    for finding in findings:
        answer = (
            answered(interpretation, finding, finding.options[0][0]) if finding.options else None
        )
        if answer is None:
            still.append(finding)
        else:
            interpretation = answer
    return interpretation, tuple(still)
