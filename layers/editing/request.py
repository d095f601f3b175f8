"""An edit as a client sends it, and what became of it."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from layers.editing.merge import Clash
from layers.models.journal import Edit, Operation


class OutcomeKind(StrEnum):
    APPLIED = "applied"
    MERGED = "merged"
    CONFLICT = "conflict"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class EditRequest:
    """`geometry` is GeoJSON; absent it stays as it is. `properties` holds changed fields only.

    `undoes` is set by the service itself, never from what a client sent: the request then carries
    that edit's inverse.
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
    undoes: Edit | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    kind: OutcomeKind
    uid: uuid.UUID
    feature_id: int | None = None
    version: int | None = None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    clashes: tuple[Clash, ...] = ()
