"""What a rule is, and what an issue is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from layers.access.policy import Scope
from layers.checks.identity import issue_id
from layers.checks.window import Window
from layers.editing.request import EditRequest
from layers.editing.values import Json
from layers.registry.specification import Label, Layer

GeoJson = dict[str, Any]


class Severity(StrEnum):
    """An error blocks a write that brings it in; a warning informs."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Subject:
    """A feature as a rule sees it: the journal values of what the rule reads.

    One that is being written has no version to build a fix on, a new one no id either.
    """

    feature_id: int | None
    version: int | None
    state: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that take an issue away, for layers.editing.service; `title` says what they do."""

    title: str
    edits: tuple[EditRequest, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that a rule found. `id` is the same whenever the same thing is found again.

    `feature_ids` are in rising order; `field` is the attribute to look at (`geom`: the place), and
    `arises_from` those of which a change can have brought the issue in; `place` is GeoJSON in
    EPSG:4490, None where the feature has no place.
    """

    id: str
    rule: str
    severity: Severity
    layer: str
    feature_ids: tuple[int, ...]
    field: str
    arises_from: frozenset[str]
    place: GeoJson | None
    message: str
    fix: Fix | None = None

    def fixed_by(self, fix: Fix | None) -> "Issue":
        return replace(self, fix=fix)


Judged = Iterator[tuple[int, Issue]]
"""An issue with the index of the subject it was found at."""


def _everywhere(_layer: Layer) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """`find` runs over the rows of a window. `judge` looks at features by themselves, many at once,
    without a query a feature: rules that have it run on every write. `compare` holds features that
    are written against those inside a scope, with one query for all of them.

    Rules that compare features across the whole layer say `partitioned=False`: they are not run
    county by county. `fixable` says that some of its issues come with a fix.
    """

    name: str
    severity: Severity
    title: Label
    explanation: Label
    find: Callable[[Layer, Window], Iterator[Issue]]
    applies: Callable[[Layer], bool] = _everywhere
    judge: Callable[[Layer, Sequence[Subject]], Judged] | None = None
    compare: Callable[[Layer, Sequence[Subject], Scope], Judged] | None = None
    partitioned: bool = True
    fixable: bool = False


@dataclass(frozen=True, slots=True)
class Stamp:
    """What all issues of one rule have in common; `arises_from` adds to its own field."""

    rule: str
    severity: Severity
    field: str = "geom"
    arises_from: frozenset[str] = frozenset()

    def issue(
        self,
        layer: Layer,
        feature_ids: Sequence[int | None],
        message: str,
        *,
        place: GeoJson | None,
        about: str = "",
        on: str = "",
        fix: Fix | None = None,
    ) -> Issue:
        """`about` tells issues of one rule on the same features apart; `on` is another field."""
        known = tuple(sorted(each for each in feature_ids if each is not None))
        return Issue(
            id=issue_id(layer.name, self.rule, known, about),
            rule=self.rule,
            severity=self.severity,
            layer=layer.name,
            feature_ids=known,
            field=on or self.field,
            arises_from=self.arises_from | {on or self.field},
            place=place,
            message=message,
            fix=fix,
        )
