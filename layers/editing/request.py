"""An edit as a client sends it, and what became of it."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from layers.editing.merge import Clash
from layers.editing.rows import State
from layers.models.journal import Edit, Operation


class OutcomeKind(StrEnum):
    APPLIED = "applied"
    MERGED = "merged"
    CONFLICT = "conflict"
    REJECTED = "rejected"
    WAITING = "waiting"
    HELD = "held"


IN_THE_JOURNAL = frozenset({OutcomeKind.APPLIED, OutcomeKind.MERGED})


@dataclass(frozen=True, slots=True)
class Other:
    """A feature that a merge takes up, and the version of it that the author saw."""

    feature_id: int
    base_version: int


@dataclass(frozen=True, slots=True)
class EditRequest:
    """`geometry` is GeoJSON; absent it stays as it is. `properties` holds changed fields only.

    A device names what it started from by `base_version`, or, where that was its own earlier edit
    whose outcome it may not know yet, by that edit's uid in `base_edit` (then `feature_id` may be
    left out). `blade` (GeoJSON line, or a point on a line) is where a split cuts; `others` are the
    features a merge takes up; `to_version` is what a restore goes back to, `resolves` the conflict
    that this edit settles.

    The last three are set by the service itself, never from what a client sent: `changes` are
    values in the journal's form, `undoes` the entry taken back, `part_of` the uid of the entry
    that this one belongs to.
    """

    uid: uuid.UUID
    layer: str
    operation: Operation
    feature_id: int | None = None
    base_version: int | None = None
    geometry: dict[str, Any] | None = None
    properties: dict[str, Any] = field(default_factory=dict)
    captured_at: datetime | None = None
    reason: str = ""
    method: str = ""
    accuracy_m: float | None = None
    device: str = ""
    base_edit: uuid.UUID | None = None
    blade: dict[str, Any] | None = None
    others: tuple[Other, ...] = ()
    to_version: int | None = None
    resolves: uuid.UUID | None = None
    changes: State | None = None
    undoes: Edit | None = None
    part_of: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """`deleted`: the conflict is with a deletion. `refusal` is the code of the ServiceError that
    one edit of many met; such an edit is not recorded."""

    kind: OutcomeKind
    uid: uuid.UUID
    feature_id: int | None = None
    version: int | None = None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    clashes: tuple[Clash, ...] = ()
    deleted: bool = False
    refusal: str = ""

    @property
    def in_the_journal(self) -> bool:
        return self.kind in IN_THE_JOURNAL
