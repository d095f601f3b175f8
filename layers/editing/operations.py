"""What each operation on one feature does: computed in memory, taken over by the workspace last."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from layers.editing.authority import Authority, out_of_sight
from layers.editing.branches import Branch
from layers.editing.lists import Lists
from layers.editing.merge import Clash, merge
from layers.editing.request import EditRequest, Outcome, OutcomeKind, Problem
from layers.editing.rows import State, state_of
from layers.editing.validation import Reading, taken_code
from layers.editing.workspace import Subject, Workspace, journal_entry
from layers.errors import BadRequest, NotFound
from layers.models.journal import Edit, Operation
from layers.registry.specification import Layer


@dataclass(frozen=True)
class Work:
    """Who does what, on which layer, from which base, among which other edits."""

    authority: Authority
    layer: Layer
    request: EditRequest
    workspace: Workspace
    lists: Lists
    captured_at: datetime
    branch: Branch | None = None
    reading: Reading | None = None
    """The edit's values, where they were read beforehand."""

    @property
    def feature_id(self) -> int:
        """Raises BadRequest where the edit names no feature."""
        found = self.request.feature_id
        if found is None and self.branch is not None:
            found = self.branch.feature_id
        if found is None:
            raise BadRequest(_("This edit names no feature."), remedy=_("Send feature_id."))
        return found

    def subject(self, feature_id: int | None = None) -> Subject:
        """The feature, if the author may see and edit it; it may be deleted by now.

        Raises NotFound, Forbidden or LateEdit.
        """
        found = self.workspace.subject(self.layer, feature_id or self.feature_id)
        if found is None:
            raise out_of_sight()
        self.authority.require(found.division, self.captured_at)
        return found

    def outcome(self, kind: OutcomeKind, subject: Subject | None = None) -> Outcome:
        if subject is None:
            return Outcome(kind, self.request.uid, self.request.feature_id)
        return Outcome(kind, self.request.uid, subject.feature_id, subject.version)

    def rejected(self, problems: list[Problem]) -> Outcome:
        return replace(self.outcome(OutcomeKind.REJECTED), problems=tuple(problems))

    def base_version(self, subject: Subject) -> int:
        """The version the author started from. Raises BadRequest unless there was such a one."""
        if self.branch is not None:
            return self.branch.trunk_version
        return checked_base(self.request.base_version, subject)

    def base(self, subject: Subject) -> State:
        """The values that the author saw."""
        state = subject.state_at(self.base_version(subject))
        return {**state, **self.branch.seen} if self.branch is not None else state

    def seen_last(self, subject: Subject) -> bool:
        """Whether nobody else changed the feature since the author saw it."""
        own = self.branch.uids if self.branch is not None else frozenset()
        return all(entry.uid in own for entry in subject.since(self.base_version(subject)))

    def record(
        self,
        subject: Subject,
        state: State | None,
        *,
        operation: Operation,
        old: State,
        new: State,
        kind: OutcomeKind = OutcomeKind.APPLIED,
        sent: State | None = None,
        part_of: Edit | None = None,
        uid: UUID | None = None,
    ) -> Edit:
        """The journal entry, with who and why, and the new state into the workspace."""
        request = self.request
        entry = journal_entry(subject, operation, uid=uid or request.uid, old=old, new=new)
        entry.outcome = kind
        entry.base_version = request.base_version
        entry.base_edit = request.base_edit
        entry.sent = sent or {}
        entry.author = self.authority.author
        entry.reviewer = self.authority.reviewer
        entry.device = request.device
        entry.captured_at = self.captured_at
        entry.received_at = self.workspace.now
        entry.undoes = request.undoes if part_of is None else None
        entry.part_of = part_of or self._part_of()
        self.workspace.write(subject, state, entry)
        return entry

    def _part_of(self) -> Edit | None:
        whole = self.workspace.find(self.request.part_of) if self.request.part_of else None
        return whole if isinstance(whole, Edit) else None


class Disagreement(Exception):
    """The edit and what happened meanwhile cannot both stand: it becomes a conflict record."""

    def __init__(
        self,
        subject: Subject,
        *,
        base: State,
        mine: State,
        theirs: State,
        clashes: tuple[Clash, ...] = (),
    ) -> None:
        super().__init__(subject.feature_id)
        self.subject, self.clashes = subject, clashes
        self.base, self.mine, self.theirs = base, mine, theirs


def create(work: Work) -> Outcome:
    reading = work.reading or Reading(work.layer, work.request, None, work.lists).read()
    changes, problems = reading.changes, list(reading.problems)
    if changes.get("code") and work.workspace.holder_of_code(work.layer, str(changes["code"])):
        problems.append(taken_code())
    if problems:
        return work.rejected(problems)
    work.authority.require_place(str(changes["division"]), work.captured_at)
    state = {**state_of(work.layer, work.layer.model()), **changes}
    subject = work.workspace.new_feature(work.layer)
    work.record(subject, state, operation=Operation.CREATE, old={}, new=state)
    return work.outcome(OutcomeKind.APPLIED, subject)


def update(work: Work) -> Outcome:
    subject = work.subject()
    base = work.base(subject)
    mine, problems = _wanted(work, subject)
    if problems:
        return work.rejected(problems)
    if subject.state is None:
        was = {name: base.get(name) for name in mine}
        raise Disagreement(subject, base=was, mine=mine, theirs={})
    taken = merged_over(work, subject, base, mine)
    problems = _code_problems(work, subject, taken)
    if problems:
        return work.rejected(problems)
    if "division" in taken:
        work.authority.require_place(str(taken["division"]), work.captured_at)
    kind = OutcomeKind.APPLIED if work.seen_last(subject) else OutcomeKind.MERGED
    now = subject.state
    sent = {name: value for name, value in mine.items() if taken.get(name) != value}
    work.record(
        subject,
        {**now, **taken},
        operation=Operation.UPDATE,
        old={name: now[name] for name in taken},
        new=taken,
        kind=kind,
        sent=sent,
    )
    return work.outcome(kind, subject)


def delete(work: Work) -> Outcome:
    subject = work.subject()
    # Asked for first: an edit that names no base is wrong whatever happened since.
    since = subject.since(work.base_version(subject))
    if subject.state is None:
        return work.rejected([Problem("", _("This feature is deleted already."))])
    fields = {name for entry in since for name in entry.new}
    # An entry that found nothing left to change leaves nothing to disagree about.
    if fields and not work.seen_last(subject):
        base = work.base(subject)
        raise Disagreement(
            subject,
            base={name: base.get(name) for name in fields},
            mine={},
            theirs={name: subject.state[name] for name in fields},
        )
    work.record(subject, None, operation=Operation.DELETE, old=subject.state, new={})
    return work.outcome(OutcomeKind.APPLIED, subject)


def restore(work: Work) -> Outcome:
    """Bring back a deleted feature, or the values of an older version of a living one."""
    subject = work.subject()
    wanted = _version_wanted(work, subject)
    state = subject.state_at(wanted)
    if subject.state is not None:
        return _go_back(work, subject, state)
    if work.workspace.holder_of_code(work.layer, str(state["code"])):
        return work.rejected([taken_code()])
    work.authority.require_place(str(state["division"]), work.captured_at)
    work.record(subject, state, operation=Operation.RESTORE, old={}, new=state)
    return work.outcome(OutcomeKind.APPLIED, subject)


def _go_back(work: Work, subject: Subject, state: State) -> Outcome:
    now = subject.state or {}
    if work.request.to_version is None:
        raise NotFound(_("There is no deleted feature to restore here."))
    if not work.seen_last(subject):
        raise Disagreement(subject, base=work.base(subject), mine=state, theirs=now)
    taken = {name: value for name, value in state.items() if now[name] != value}
    problems = _code_problems(work, subject, taken)
    if problems:
        return work.rejected(problems)
    work.authority.require_place(str(state["division"]), work.captured_at)
    old = {name: now[name] for name in taken}
    work.record(subject, {**now, **taken}, operation=Operation.RESTORE, old=old, new=taken)
    return work.outcome(OutcomeKind.APPLIED, subject)


def _version_wanted(work: Work, subject: Subject) -> int:
    if work.request.to_version is not None:
        return checked_base(work.request.to_version, subject)
    return subject.version - 1


def _wanted(work: Work, subject: Subject) -> tuple[State, list[Problem]]:
    if work.request.changes is not None:
        return work.request.changes, []
    reading = Reading(work.layer, work.request, subject.state, work.lists).read()
    return reading.changes, reading.problems


def merged_over(work: Work, subject: Subject, base: State, mine: State) -> State:
    """What of `mine` is to be written over the feature as it is. Raises Disagreement."""
    now = subject.state or {}
    taken, clashes = merge(work.layer, base=base, mine=mine, theirs=now)
    if clashes:
        raise Disagreement(
            subject,
            base={name: base.get(name) for name in mine},
            mine=mine,
            theirs={name: now[name] for name in mine},
            clashes=tuple(clashes),
        )
    return taken


def _code_problems(work: Work, subject: Subject, taken: State) -> list[Problem]:
    if "code" not in taken:
        return []
    holder = work.workspace.holder_of_code(work.layer, str(taken["code"]))
    return [taken_code()] if holder not in {None, subject.feature_id} else []


def checked_base(version: int | None, subject: Subject) -> int:
    """Raises BadRequest unless there is, or was, such a version of the feature."""
    if version is None or not 1 <= version <= subject.version:
        raise BadRequest(
            _("An edit names the version it started from."),
            remedy=_("Send base_version, as read with the feature."),
        )
    return version
