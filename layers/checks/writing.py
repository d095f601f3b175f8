"""The fast rules, over features that are being written."""

from collections.abc import Sequence

from layers.access.policy import Scope
from layers.checks.rules import RULES
from layers.checks.specification import Issue, Subject
from layers.editing.rows import State
from layers.registry.specification import Layer


def run_on_write(
    layer: Layer, states: Sequence[tuple[int | None, State]], *, scope: Scope | None = None
) -> list[list[Issue]]:
    """What is wrong with each of up to some 10,000 features (id, or None for a new one; its state).

    A handful of queries for all of them. Issues with severity error are to block a write that
    changes one of the fields they arise from. Rules that hold a feature against its neighbours run
    where a scope is given, which is what the writer may see; without it nothing is said of others.
    """
    subjects = [Subject(feature_id, None, state) for feature_id, state in states]
    found: list[list[Issue]] = [[] for _subject in subjects]
    for rule in RULES.values():
        if not subjects or not rule.applies(layer):
            continue
        if rule.judge is not None:
            for index, issue in rule.judge(layer, subjects):
                found[index].append(issue)
        if rule.compare is not None and scope is not None:
            for index, issue in rule.compare(layer, subjects, scope):
                found[index].append(issue)
    return found
