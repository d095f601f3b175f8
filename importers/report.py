"""What an import found and did."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from importers.columns import CellReason
from importers.phrases import Phrase
from importers.readers.specification import SourceDescription
from layers.models.journal import Changeset
from layers.registry import Label

MOST_SHOWN = 200
"""Rows of each kind that are kept with the counts; the reject workbook has all it is about."""


class Phase(StrEnum):
    WAITING = "waiting"
    READING = "reading"
    COMPARING = "comparing"
    LOADING = "loading"
    INDEXING = "indexing"
    PROVING = "proving"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class RowNote:
    """A row, numbered as a person sees it in the file, and what is the matter with it."""

    number: int
    text: Phrase

    def as_json(self) -> dict[str, Any]:
        return {"row": self.number, "text": in_json(self.text)}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after, in words. Of personal fields only that they changed: both empty.

    `theirs` is what somebody else made of it meanwhile, where that is in conflict.
    """

    field: str
    label: Label
    old: Phrase
    new: Phrase
    theirs: Phrase | None = None

    def as_json(self) -> dict[str, Any]:
        told = {
            "field": self.field,
            "label": in_json(self.label),
            "old": in_json(self.old),
            "new": in_json(self.new),
        }
        return told if self.theirs is None else {**told, "theirs": in_json(self.theirs)}


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row and what it changes, or would change were it not for a conflict."""

    number: int
    feature_id: int
    code: str
    changes: tuple[FieldChange, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.number,
            "id": self.feature_id,
            "code": self.code,
            "changes": [each.as_json() for each in self.changes],
        }


@dataclass(frozen=True, slots=True)
class MissingFeature:
    """A feature that the file should have and has not; `removed`: it was deleted for that."""

    feature_id: int
    code: str
    name: str
    removed: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.feature_id,
            "code": self.code,
            "name": self.name,
            "removed": self.removed,
        }


@dataclass(slots=True)
class Report:
    """Counts are of all rows; the lists keep the first MOST_SHOWN of each kind.

    Every row read is one of `new`, `changed`, `unchanged`, `conflicting` and `rejected`. `missing`
    counts features, `removed` those of them that were deleted. `total` is None where only reading
    to the end would tell. `keyed`: rows were looked up among the features there are. `done` and
    `to_do` count the changes of features while they are made.
    """

    description: SourceDescription
    datum: str
    matched: Mapping[str, str]
    unmatched: tuple[str, ...] = ()
    notes: list[Phrase] = field(default_factory=list)
    phase: Phase = Phase.WAITING
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    conflicting: int = 0
    missing: int = 0
    removed: int = 0
    rejected: int = 0
    warnings: int = 0
    rejected_rows: list[RowNote] = field(default_factory=list)
    warned_rows: list[RowNote] = field(default_factory=list)
    changed_rows: list[ChangedRow] = field(default_factory=list)
    conflicting_rows: list[ChangedRow] = field(default_factory=list)
    missing_rows: list[MissingFeature] = field(default_factory=list)
    changeset: Changeset | None = None
    dry_run: bool = False
    keyed: bool = False
    done: int = 0
    to_do: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def committed(self) -> bool:
        return self.changeset is not None and not self.dry_run

    @property
    def loaded(self) -> int:
        """Rows that the layer has from now on as the file has them, and had not before."""
        return self.new + self.changed

    @property
    def total(self) -> int | None:
        return self.description.rows

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    @property
    def rate(self) -> float:
        """Rows a second since the beginning."""
        return self.read / max(self.seconds, 1e-3)

    @property
    def remaining(self) -> float | None:
        """Seconds until all is read, if that goes on like this; None where nobody can say."""
        if self.total is None or not self.read:
            return None
        return max(self.total - self.read, 0) / self.rate

    def reject(self, number: int, reasons: Sequence[CellReason]) -> None:
        phrases = [reason.phrase() for reason in reasons]
        # Each ends as a sentence does; joined, only the last keeps its stop.
        text = Phrase(
            "；".join(p.zh.rstrip("。") for p in phrases) + "。",
            "; ".join(p.en.rstrip(".") for p in phrases) + ".",
        )
        self.rejected += 1
        if len(self.rejected_rows) < MOST_SHOWN:
            self.rejected_rows.append(RowNote(number, text))

    def warn(self, number: int, text: Phrase) -> None:
        self.warnings += 1
        if len(self.warned_rows) < MOST_SHOWN:
            self.warned_rows.append(RowNote(number, text))

    def miss(self, feature: MissingFeature) -> None:
        self.missing += 1
        self.removed += feature.removed
        if len(self.missing_rows) < MOST_SHOWN:
            self.missing_rows.append(feature)

    def progress(self) -> dict[str, Any]:
        """What changes while it runs, without the rows."""
        remaining = self.remaining
        return {
            "phase": self.phase.value,
            "read": self.read,
            "total": self.total,
            "rate": round(self.rate, 1),
            "remaining": None if remaining is None else round(remaining, 1),
            "done": self.done,
            "to_do": self.to_do,
            **{name: getattr(self, name) for name in COUNTS},
        }

    def as_json(self) -> dict[str, Any]:
        """For the page; every text in both languages, no personal value."""
        return {
            **self.progress(),
            "dry_run": self.dry_run,
            "changeset": self.changeset.pk if self.committed and self.changeset else None,
            "format": self.description.format,
            "datum": self.datum,
            "matched": dict(self.matched),
            "unmatched": list(self.unmatched),
            "notes": [in_json(each) for each in list(self.notes)],
            **{name: [each.as_json() for each in list(getattr(self, name))] for name in LISTS},
        }


COUNTS = (
    *("loaded", "new", "changed", "unchanged", "conflicting", "missing", "removed"),
    *("rejected", "warnings"),
)
LISTS = ("rejected_rows", "warned_rows", "changed_rows", "conflicting_rows", "missing_rows")


def in_json(text: Phrase | Label) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
