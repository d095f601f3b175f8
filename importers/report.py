"""What an import found and did."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from importers.columns import CellReason
from importers.phrases import Phrase
from importers.readers.specification import SourceDescription
from layers.models.journal import Changeset

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class RowNote:
    """A row (counted from 1, without the header) and what is the matter with it."""

    number: int
    text: Phrase


@dataclass(slots=True)
class Report:
    """`rejected` and `warnings` count all rows, their notes keep the first few."""

    description: SourceDescription
    datum: str
    datum_why: Phrase
    matched: Mapping[str, str]
    unmatched: tuple[str, ...]
    notes: list[Phrase] = field(default_factory=list)
    read: int = 0
    loaded: int = 0
    rejected: int = 0
    warnings: int = 0
    rejected_rows: list[RowNote] = field(default_factory=list)
    warned_rows: list[RowNote] = field(default_factory=list)
    changeset: Changeset | None = None
    dry_run: bool = False

    @property
    def committed(self) -> bool:
        return self.changeset is not None and not self.dry_run

    def reject(self, number: int, reasons: list[CellReason]) -> Phrase:
        phrases = [reason.phrase() for reason in reasons]
        text = Phrase("；".join(p.zh for p in phrases), "; ".join(p.en for p in phrases))
        self.rejected += 1
        if len(self.rejected_rows) < MOST_SHOWN:
            self.rejected_rows.append(RowNote(number, text))
        return text

    def warn(self, number: int, text: Phrase) -> None:
        self.warnings += 1
        if len(self.warned_rows) < MOST_SHOWN:
            self.warned_rows.append(RowNote(number, text))
