"""One transaction's worth of edits: each is looked up, judged, computed; then all are written."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from layers import signals
from layers.checks.writing import run_on_write
from layers.editing import operations, reshaping, submissions
from layers.editing.authority import Authority, LateEdit
from layers.editing.branches import Branch, branch_of
from layers.editing.guard import declare_writer
from layers.editing.lists import Lists
from layers.editing.operations import Disagreement, Work
from layers.editing.packing import unpack
from layers.editing.request import EditRequest, Outcome, OutcomeKind, Problem
from layers.editing.validation import Reading
from layers.editing.workspace import Workspace
from layers.errors import BadRequest, Forbidden, ServiceError
from layers.models.journal import Changeset, Edit, Operation
from layers.models.submission import Submission
from layers.registry import LAYERS, layer_named
from layers.registry.specification import Layer
from layers.turns import announce, wait_for_announced

OPERATIONS: dict[Operation, Callable[[Work], Outcome]] = {
    Operation.CREATE: operations.create,
    Operation.UPDATE: operations.update,
    Operation.DELETE: operations.delete,
    Operation.RESTORE: operations.restore,
    Operation.SPLIT: reshaping.split,
    Operation.MERGE: reshaping.merge_features,
}
DECIDED = frozenset({OutcomeKind.APPLIED, OutcomeKind.MERGED, OutcomeKind.REJECTED})


MOST_COMPARED = 200
"""Larger batches are not held against their neighbours on the way in: check_layer does that.
Before anybody has analysed the new rows, the planner guesses wrong about the join."""

Warnings = dict[uuid.UUID, tuple[Problem, ...]]


class Waits(Exception):
    """The edit builds on one that has not arrived, or is not decided yet."""


class Hopeless(Exception):
    """The edit builds on one that will never be applied."""


@dataclass
class Batch:
    """`keep`: edits that cannot be applied become records; without it they are only answered.
    `strict`: a refusal (ServiceError) is raised instead of becoming an outcome."""

    changeset: Changeset
    keep: bool = True
    strict: bool = False
    now: datetime = field(default_factory=timezone.now)
    lists: Lists = field(default_factory=Lists)
    readings: dict[uuid.UUID, Reading] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.workspace = Workspace(self.now, self.changeset)

    def run(self, authority: Authority, requests: Sequence[EditRequest]) -> list[Outcome]:
        """Edits in their order, written."""
        declare_writer()
        outcomes = self.compute(authority, requests)
        self._write()
        warnings = self._warnings(authority)
        return [warned(each, warnings) for each in outcomes]

    def compute(self, authority: Authority, requests: Sequence[EditRequest]) -> list[Outcome]:
        """What becomes of edits, in their order, without writing rows or journal. An edit that
        comes twice is one edit."""
        announce(request.uid for request in requests)
        self._prefetch(requests)
        outcomes: dict[uuid.UUID, Outcome] = {}
        for request in requests:
            if request.uid not in outcomes:
                outcomes[request.uid] = self._first_or_again(authority, request)
        return [outcomes[request.uid] for request in requests]

    def again(self, kept: Sequence[tuple[Authority, Submission]]) -> dict[uuid.UUID, Outcome]:
        """Edits that were kept go through once more; those applied now are settled by that."""
        declare_writer()
        outcomes = {}
        for authority, submission in kept:
            request = unpack(layer_named(submission.layer), submission)
            outcome = self._attempt(authority, request)
            if outcome.refusal:
                self._kept(authority, request, outcome, division=submission.division)
            outcomes[submission.uid] = outcome
        self._write()
        for authority, submission in kept:
            entry = self.workspace.by_uid.get(submission.uid)
            if outcomes[submission.uid].in_the_journal and isinstance(entry, Edit):
                by = authority.reviewer or authority.author
                submissions.settle(submission, Submission.Settlement.APPLIED, by=by, edit=entry)
        return outcomes

    def _write(self) -> None:
        self.workspace.flush()
        for name in {entry.layer for entry in self.workspace.edits}:
            mine = [entry for entry in self.workspace.edits if entry.layer == name]
            edits = [(entry, self.workspace.row_of(entry)) for entry in mine]
            layer = layer_named(name)
            signals.features_edited.send(sender=layer.model, layer=layer, edits=edits)

    def _warnings(self, authority: Authority) -> Warnings:
        """What the written features may be asked about, by the edit that wrote them: issues of
        what it changed, and with neighbours that its author may see."""
        written: dict[tuple[str, int], tuple[uuid.UUID, set[str]]] = {}
        for entry in self.workspace.edits:
            key = (entry.layer, entry.feature_id)
            changed = written[key][1] if key in written else set()
            written[key] = (entry.uid, changed | set(entry.new))
        found: Warnings = {}
        for name in {layer for layer, _feature_id in written}:
            states = list(self.workspace.states(name).items())
            scope = authority.visible if len(states) <= MOST_COMPARED else None
            issues = run_on_write(layer_named(name), states, scope=scope)
            for (feature_id, _state), mine in zip(states, issues, strict=True):
                uid, changed = written[name, feature_id]
                kept = (
                    Problem(each.field, each.message) for each in mine if changed & each.arises_from
                )
                found[uid] = tuple(dict.fromkeys(kept))
        return found

    def _prefetch(self, requests: Sequence[EditRequest]) -> None:
        """What many edits would look up one by one is asked for at once."""
        self.workspace.remember(
            each for request in requests for each in (request.uid, request.base_edit) if each
        )
        fresh = [
            each
            for each in requests
            if self.workspace.by_uid[each.uid] is None and each.layer in LAYERS
        ]
        for layer in {each.layer: layer_named(each.layer) for each in fresh}.values():
            self._prefetch_layer(layer, [each for each in fresh if each.layer == layer.name])
        divisions = {str(each.properties.get("division") or "") for each in fresh} - {""}
        self.lists.look_up_divisions(code for code in divisions if "\x00" not in code)

    def _prefetch_layer(self, layer: Layer, requests: Sequence[EditRequest]) -> None:
        ids = {each.feature_id for each in requests if each.feature_id is not None}
        earlier = (self.workspace.by_uid[each.base_edit] for each in requests if each.base_edit)
        ids |= {each.feature_id for each in earlier if each is not None and each.feature_id}
        ids |= {other.feature_id for each in requests for other in each.others}
        self.workspace.load(layer, ids)
        creates = [each for each in requests if each.operation is Operation.CREATE]
        if creates:
            self.workspace.reserve_ids(layer, len(creates))
        # A new feature's values depend on nothing else in the batch: read now, their codes are
        # looked up together.
        for each in creates:
            self.readings[each.uid] = Reading(layer, each, None, self.lists).read()
        found = (self.readings[each.uid].changes.get("code") for each in creates)
        sent = (each.properties.get("code") for each in requests)
        codes = {code for code in (*found, *sent) if isinstance(code, str) and "\x00" not in code}
        self.workspace.look_up_codes(layer, codes)

    def _first_or_again(self, authority: Authority, request: EditRequest) -> Outcome:
        earlier = self.workspace.find(request.uid)
        if earlier is None:
            return self._attempt(authority, request)
        if earlier.author_id != authority.author.pk:
            raise Forbidden(
                _("This edit's uid belongs to somebody else."), remedy=_("Use a new uid.")
            )
        return recorded(authority, earlier)

    def _attempt(self, authority: Authority, request: EditRequest) -> Outcome:
        """What becomes of one edit. Raises ServiceError only where `strict`."""
        try:
            return self._judge(authority, request)
        except ServiceError as refusal:
            if self.strict:
                raise
            return Outcome(
                OutcomeKind.REJECTED,
                request.uid,
                request.feature_id,
                problems=(Problem("", str(refusal.message)),),
                refusal=refusal.code,
            )

    def _judge(self, authority: Authority, request: EditRequest) -> Outcome:
        blank = Outcome(OutcomeKind.REJECTED, request.uid, request.feature_id)
        try:
            outcome = OPERATIONS[request.operation](self._work(authority, request))
        except Waits:
            return self._kept(authority, request, replace(blank, kind=OutcomeKind.WAITING))
        except Hopeless:
            problem = Problem("base_edit", _("The edit this one builds on was not accepted."))
            return self._kept(authority, request, replace(blank, problems=(problem,)))
        except LateEdit as late:
            outcome = replace(blank, kind=OutcomeKind.HELD)
            return self._kept(authority, request, outcome, division=late.division)
        except Disagreement as clash:
            return self._conflict(authority, request, clash)
        if outcome.kind is OutcomeKind.REJECTED:
            return self._kept(authority, request, outcome)
        return outcome

    def _work(self, authority: Authority, request: EditRequest) -> Work:
        return Work(
            authority,
            layer_named(request.layer),
            request,
            self.workspace,
            self.lists,
            # A clock that runs ahead does not make an edit of tomorrow.
            captured_at=min(request.captured_at or self.now, self.now),
            branch=self._branch(authority, request),
            reading=self.readings.get(request.uid),
        )

    def _conflict(self, authority: Authority, request: EditRequest, clash: Disagreement) -> Outcome:
        subject = clash.subject
        outcome = Outcome(
            OutcomeKind.CONFLICT,
            request.uid,
            subject.feature_id,
            subject.version,
            clashes=clash.clashes,
            deleted=subject.state is None,
        )
        sides = submissions.Sides(clash.base, clash.mine, clash.theirs)
        return self._kept(authority, request, outcome, division=subject.division, sides=sides)

    def _kept(
        self,
        authority: Authority,
        request: EditRequest,
        outcome: Outcome,
        *,
        division: str = "",
        sides: submissions.Sides | None = None,
    ) -> Outcome:
        if self.keep:
            self.workspace.by_uid[request.uid] = submissions.keep(
                author=authority.author,
                request=request,
                outcome=outcome,
                division=division,
                sides=sides or submissions.Sides(),
            )
        return outcome

    def _branch(self, authority: Authority, request: EditRequest) -> Branch | None:
        """Where a chain of a device's own edits stands.

        Raises Waits, Hopeless, Forbidden, BadRequest.
        """
        if request.base_edit is None:
            return None
        last = self._predecessor(authority, request, request.base_edit)
        branch = branch_of(last, self.workspace.find)
        if branch is None or request.feature_id not in {None, branch.feature_id}:
            raise BadRequest(
                _("The edit this one builds on is of another feature."),
                remedy=_("Leave feature_id out, or send the right one."),
            )
        return branch

    def _predecessor(
        self, authority: Authority, request: EditRequest, uid: uuid.UUID
    ) -> Edit | Submission:
        last = self.workspace.find(uid)
        if last is None:
            # It may be arriving at this very moment: let that end, and look again.
            wait_for_announced(uid)
            self.workspace.remember([uid])
            last = self.workspace.find(uid)
        if last is None:
            raise Waits
        if last.author_id != authority.author.pk or last.layer != request.layer:
            raise Forbidden(
                _("The edit this one builds on belongs to somebody else, or to another layer."),
                remedy=_("Name the version instead: send base_version."),
            )
        if isinstance(last, Submission):
            if last.settlement == Submission.Settlement.OPEN:
                raise Waits
            if last.settlement == Submission.Settlement.DISMISSED:
                raise Hopeless
        return last


def warned(outcome: Outcome, warnings: Warnings) -> Outcome:
    return replace(outcome, warnings=warnings.get(outcome.uid, ()))


def recorded(authority: Authority, earlier: Edit | Submission) -> Outcome:
    """The first outcome, told again; what others did only to who still sees the place."""
    if isinstance(earlier, Submission):
        outcome = submissions.outcome_of(earlier)
        visible = authority.visible.covers(earlier.division)
        return outcome if visible else replace(outcome, clashes=())
    kind = OutcomeKind(earlier.outcome)
    return Outcome(kind, earlier.uid, earlier.feature_id, earlier.version)
