"""The rules over a layer as it stands."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from layers.access.policy import Scope
from layers.checks.rules import rule_named, rules_for
from layers.checks.specification import Issue, Rule
from layers.checks.window import Window, partition
from layers.registry.specification import Layer


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run has come: before a piece of the layer is looked at by a rule."""

    rule: Rule
    done: int
    pieces: int


def check_layer(
    layer: Layer,
    scope: Scope,
    rules: Iterable[str] | None = None,
    *,
    progress: Callable[[Step], None] | None = None,
) -> Iterator[Issue]:
    """Every issue of a layer inside a scope, rule by rule, county by county.

    Nothing outside the scope is read, not even to compare with. Raises NotFound for a rule that
    there is not.
    """
    return check(layer, Window(scope), rules, progress=progress)


def check(
    layer: Layer,
    window: Window,
    rules: Iterable[str] | None = None,
    *,
    progress: Callable[[Step], None] | None = None,
    deadline: float | None = None,
) -> Iterator[Issue]:
    """As check_layer, for a window of it. At a deadline (of time.monotonic) raises TimeoutError."""
    chosen = [rule_named(name) for name in rules] if rules is not None else rules_for(layer)
    if window.scope.empty:
        return
    pieces = partition(layer, window)
    for rule in (each for each in chosen if each.applies(layer)):
        parts = pieces if rule.partitioned else [window]
        found: set[str] = set()
        for done, part in enumerate(parts):
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError
            if progress is not None:
                progress(Step(rule, done, len(parts)))
            for issue in rule.find(layer, part):
                if issue.id not in found:
                    found.add(issue.id)
                    yield issue
