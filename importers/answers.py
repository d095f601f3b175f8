"""Answers to what a proposal leaves open: the value that a person chose of a finding's options."""

from importers.interpretation import Interpretation
from importers.matching import answers as of_matching
from importers.places import answers as of_places
from importers.proposal import Finding, Topic
from layers.registry import Layer


def answered(
    layer: Layer, interpretation: Interpretation, finding: Finding, value: str
) -> Interpretation:
    """The interpretation with this answer.

    Raises ValueError where a value alone does not say what to change.
    """
    if finding.topic is Topic.PLACE:
        return interpretation.with_(place=of_places.answered(interpretation.place, value))
    return of_matching.answered(layer, interpretation, finding, value)


def answered_with_the_first(
    layer: Layer, interpretation: Interpretation, findings: tuple[Finding, ...]
) -> tuple[Interpretation, tuple[Finding, ...]]:
    """Every open finding answered by its first option, the likeliest; and those that stay open."""
    still: list[Finding] = []
    for finding in findings:
        if finding.options:
            value = finding.options[0][0]
            interpretation = answered(layer, interpretation, finding, value)
        else:
            still.append(finding)
    return interpretation, tuple(still)
