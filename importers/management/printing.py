"""What the import commands print: the proposal, the progress, the report."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from importers.phrases import gettext_noop
from importers.proposal import Proposal
from importers.report import ChangedRow, Phase, Report, RowNote
from layers.registry import Layer

MOST_PRINTED = 20
SECONDS_BETWEEN_LINES = 2.0

PHASES = {
    Phase.WAITING: gettext_noop("waiting for another import of the layer"),
    Phase.READING: gettext_noop("reading"),
    Phase.COMPARING: gettext_noop("comparing"),
    Phase.LOADING: gettext_noop("changing features"),
    Phase.INDEXING: gettext_noop("building the indexes"),
    Phase.PROVING: gettext_noop("proving the load"),
    Phase.DONE: gettext_noop("done"),
}


def rows_told(report: Report) -> tuple[str, str]:
    """Phase; rows, rate and remaining time in words."""
    text = _("%(phase)s: %(read)d rows, %(rate)d rows/s") % {
        "phase": _(PHASES[report.phase]),
        "read": report.read,
        "rate": report.rate,
    }
    if report.to_do:
        text = _("%(text)s, %(done)d of %(to_do)d changes") % {
            "text": text,
            "done": report.done,
            "to_do": report.to_do,
        }
    elif report.remaining:
        text = _("%(text)s, %(left)d s left") % {"text": text, "left": report.remaining}
    return report.phase, text


class ProgressLine:
    """How far it is on standard error; on a terminal one line, rewritten.

    `words` makes phase and text of whatever is told; a new phase is told at once, all else every
    few seconds.
    """

    def __init__(self, stream: Any, words: Callable[..., tuple[str, str]] = rows_told) -> None:
        self._stream, self._words = stream, words
        self._last, self._phase = time.monotonic(), ""

    def __call__(self, *told: Any) -> None:
        phase, text = self._words(*told)
        now = time.monotonic()
        if phase == self._phase and now - self._last < SECONDS_BETWEEN_LINES:
            return
        self._last, self._phase = now, phase
        self._stream.write(text, ending="\r" if self._stream.isatty() else "\n")


class Printer:
    """Writes to a command's standard output."""

    def __init__(self, stream: Any, layer: Layer) -> None:
        self._say = stream.write
        self._layer = layer

    def proposal(self, proposal: Proposal) -> None:
        found, made = proposal.description, proposal.interpretation
        self._say(
            _("Format: %(name)s, %(type)s")
            % {"name": found.format, "type": found.geometry_type or "-"}
        )
        why = _(found.encoding_why) if found.encoding_why else "-"
        self._say(_("Encoding: %(name)s (%(why)s)") % {"name": found.encoding, "why": why})
        self._say(_("Datum: %(name)s") % {"name": made.place.datum or "-"})
        if made.key:
            labels = [
                str(self._layer.by_name[name].label)
                for name in made.key
                if name in self._layer.by_name
            ]
            self._say(_("Key: %(fields)s") % {"fields": " + ".join(labels)})
        pairs = [
            f"{choice.column} → {self._layer.by_name[name].label}"
            for name, choice in made.columns.items()
        ]
        self._say(_("Columns: %(pairs)s") % {"pairs": ", ".join(pairs)})
        if proposal.unmatched:
            self._say(
                _("Columns not imported: %(names)s") % {"names": ", ".join(proposal.unmatched)}
            )
        for finding in proposal.findings:
            heading = _("To decide") if finding.must else _("Note")
            self._say(_("%(heading)s: %(text)s") % {"heading": heading, "text": finding.text})
            for value, text in finding.options:
                self._say(f"    {value}: {text}")

    def report(self, report: Report) -> None:
        self._rows(_("Rejected"), report.rejected_rows, report.rejected)
        self._rows(_("Warning"), report.warned_rows, report.warnings)
        self._changes(_("Changed"), report.changed_rows, report.changed)
        self._changes(_("Conflict"), report.conflicting_rows, report.conflicting)
        self._missing(report)
        counts = {
            "read": report.read,
            "loaded": report.loaded,
            "rejected": report.rejected,
            "warnings": report.warnings,
        }
        self._say(
            _("Read %(read)d, loaded %(loaded)d, rejected %(rejected)d, warnings %(warnings)d")
            % counts
        )
        if report.keyed:
            self._say(
                _(
                    "New %(new)d, changed %(changed)d, unchanged %(unchanged)d, in conflict"
                    " %(conflicting)d, missing %(missing)d (of which removed %(removed)d)"
                )
                % {
                    name: getattr(report, name)
                    for name in ("new", "changed", "unchanged", "conflicting", "missing", "removed")
                }
            )

    def _rows(self, heading: str, notes: Sequence[RowNote], count: int) -> None:
        for note in notes[:MOST_PRINTED]:
            self._say(
                _("%(heading)s: row %(number)d: %(text)s")
                % {"heading": heading, "number": note.number, "text": note.text}
            )
        self._more(count)

    def _changes(self, heading: str, rows: Sequence[ChangedRow], count: int) -> None:
        for row in rows[:MOST_PRINTED]:
            told = "; ".join(
                f"{each.label}: {each.old or '-'} → {each.new or '-'}" for each in row.changes
            )
            self._say(
                _("%(heading)s: row %(number)d (%(code)s): %(text)s")
                % {"heading": heading, "number": row.number, "code": row.code, "text": told}
            )
        self._more(count)

    def _missing(self, report: Report) -> None:
        for each in report.missing_rows[:MOST_PRINTED]:
            heading = _("Removed") if each.removed else _("Missing in the file")
            self._say(f"{heading}: {each.code} {each.name}".rstrip())
        self._more(report.missing)

    def _more(self, count: int) -> None:
        if count > MOST_PRINTED:
            self._say(_("… and %(more)d more") % {"more": count - MOST_PRINTED})

    def end(self, report: Report, username: str) -> None:
        if report.dry_run:
            self._say(_("Dry run: nothing was written."))
        elif report.changeset:
            self._say(
                _("Changeset %(id)d. To undo: manage.py undo_import %(id)d --user %(user)s")
                % {"id": report.changeset.pk, "user": username}
            )
