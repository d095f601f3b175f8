"""Changes to existing features, through the editing service, into the import's changeset."""

import uuid
from collections.abc import Iterable, Sequence

from importers.columns import CellReason
from importers.comparison.asked import asked_before, device_of
from importers.comparison.changes import Change
from importers.comparison.history import History, histories
from importers.comparison.missing import Missing
from importers.comparison.wording import Wording
from importers.loading.watch import Watch
from importers.phrases import Phrase
from importers.rejects import Rejects
from importers.report import MOST_SHOWN, ChangedRow, MissingFeature, Report
from layers.editing import service
from layers.editing.authority import Authority
from layers.editing.request import EditRequest, Outcome, OutcomeKind
from layers.editing.rows import State
from layers.models.access import User
from layers.models.journal import Changeset, Operation
from layers.registry import Layer

A_CALL = 5_000
"""Changes a call of the editing service; each has an edit or two, and 10,000 are the most."""


class Applying:
    """Sends changes and removals, and counts what becomes of them."""

    def __init__(
        self,
        *,
        actor: User,
        layer: Layer,
        changeset: Changeset,
        report: Report,
        rejects: Rejects,
        watch: Watch,
    ) -> None:
        self.layer = layer
        self.changeset = changeset
        self.report = report
        self.rejects = rejects
        self.watch = watch
        self.edits = 0
        self._authority = Authority.of(actor)
        self._wording = Wording(layer)

    def change(self, pages: Iterable[Sequence[Change]]) -> None:
        for page in pages:
            self.watch.check()
            asked = asked_before(self.layer, page)
            requests = {
                (change.feature_id, version): self._update(change, version, values)
                for change in page
                for version, values in change.parts.items()
                if (change.feature_id, version) not in asked
            }
            outcomes = self._sent(list(requests.values()))
            for change in page:
                keys = [(change.feature_id, version) for version in change.parts]
                mine = [outcomes[requests[key].uid] for key in keys if key in requests]
                mine += [each for key in keys if (each := asked.get(key)) is not None]
                self._tally(change, mine)
            self.report.done += len(page)

    def remove(self, pages: Iterable[Sequence[Missing]]) -> None:
        """Features that the file lacks; where somebody has edited one since, that is a conflict."""
        for page in pages:
            for at in range(0, len(page), A_CALL):
                self.watch.check()
                some = page[at : at + A_CALL]
                past = histories(self.layer, [e.feature_id for e in some if e.version > 1])
                requests = [
                    self._delete(each, past.get(each.feature_id, History()).last_delivery)
                    for each in some
                ]
                outcomes = self._sent(requests)
                for each, request in zip(some, requests, strict=True):
                    gone = outcomes[request.uid].in_the_journal
                    self.report.miss(MissingFeature(each.feature_id, each.code, each.name, gone))

    def _sent(self, requests: Sequence[EditRequest]) -> dict[uuid.UUID, Outcome]:
        if not requests:
            return {}
        outcomes = service.submit_as(self._authority, requests, self.changeset)
        self.edits += sum(each.in_the_journal for each in outcomes)
        return {each.uid: each for each in outcomes}

    def _update(self, change: Change, version: int, values: State) -> EditRequest:
        return EditRequest(
            uid=uuid.uuid4(),
            layer=self.layer.name,
            operation=Operation.UPDATE,
            feature_id=change.feature_id,
            base_version=version,
            changes=dict(values),
            reason=self.changeset.reason,
            device=device_of(self.changeset),
        )

    def _delete(self, feature: Missing, version: int) -> EditRequest:
        return EditRequest(
            uid=uuid.uuid4(),
            layer=self.layer.name,
            operation=Operation.DELETE,
            feature_id=feature.feature_id,
            base_version=version,
            reason=self.changeset.reason,
            device=device_of(self.changeset),
        )

    def _tally(self, change: Change, outcomes: Sequence[Outcome]) -> None:
        """One row's edits; none where all of them were asked for before, and decided."""
        refused = [each for each in outcomes if each.kind is OutcomeKind.REJECTED]
        if refused:
            self._refuse(change, refused)
        elif not outcomes:
            self.report.unchanged += 1
        elif all(each.in_the_journal for each in outcomes):
            self.report.changed += 1
            self._show(self.report.changed_rows, change, outcomes)
        else:
            self.report.conflicting += 1
            self._show(self.report.conflicting_rows, change, outcomes)

    def _show(self, rows: list[ChangedRow], change: Change, outcomes: Sequence[Outcome]) -> None:
        if len(rows) >= MOST_SHOWN:
            return
        clashes = {clash.field: clash for outcome in outcomes for clash in outcome.clashes}
        new = {name: value for part in change.parts.values() for name, value in part.items()}
        words = self._wording.changes(change.old, new, clashes)
        rows.append(ChangedRow(change.number, change.feature_id, change.code, words))

    def _refuse(self, change: Change, outcomes: Sequence[Outcome]) -> None:
        reasons = [
            CellReason(self.layer.by_name.get(each.field), Phrase(each.message, each.message))
            for outcome in outcomes
            for each in outcome.problems
        ]
        self.report.reject(change.number, reasons)
        self.rejects.add(change.number, change.cells, reasons)
