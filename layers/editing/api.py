"""Edits, changesets and conflicts over JSON. Every write goes to the editing service."""

import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.responses import Response
from pydantic import AwareDatetime, ConfigDict, Field, field_validator

from layers.access import policy
from layers.access.policy import signed_in
from layers.editing import conflicts, service
from layers.editing.request import EditRequest, Other, Outcome, OutcomeKind
from layers.editing.submissions import clashes_of
from layers.errors import NotFound
from layers.models.journal import Changeset, Edit, Operation
from layers.models.submission import Submission

router = Router(tags=["edits"])

STATUS = {
    OutcomeKind.APPLIED: 200,
    OutcomeKind.MERGED: 200,
    OutcomeKind.CONFLICT: 409,
    OutcomeKind.REJECTED: 422,
    OutcomeKind.WAITING: 202,
    OutcomeKind.HELD: 202,
}

BIGINT = 2**63 - 1
INTEGER = 2**31 - 1


DEEPEST = 16
"""A multipolygon's coordinates are nested four deep."""


def shallow(value: Any) -> bool:
    """Whether JSON is nested no deeper than anything meant in earnest."""
    level = [value]
    for _depth in range(DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return True
    return False


class OtherBody(Schema):
    model_config = ConfigDict(extra="forbid")

    feature_id: int = Field(ge=1, le=BIGINT)
    base_version: int = Field(ge=1, le=INTEGER)


class EditBody(Schema):
    """One edit. `geometry` is GeoJSON in CGCS2000 degrees; `properties` the changed fields only.

    `base_version` is the version it started from, or `base_edit` the uid of this author's own
    earlier edit. A split names its `blade` (a GeoJSON line, or a point on a line), a merge the
    `others` it takes up, a restore of a living feature `to_version`; `resolves` is the uid of the
    conflict that this edit settles.
    """

    model_config = ConfigDict(extra="forbid")

    uid: uuid.UUID
    layer: str
    operation: Operation
    feature_id: int | None = Field(None, ge=1, le=BIGINT)
    base_version: int | None = Field(None, ge=1, le=INTEGER)
    base_edit: uuid.UUID | None = None
    geometry: dict[str, Any] | None = None
    properties: dict[str, Any] = {}
    blade: dict[str, Any] | None = None
    others: list[OtherBody] = Field([], max_length=100)
    to_version: int | None = Field(None, ge=1, le=INTEGER)
    resolves: uuid.UUID | None = None
    captured_at: AwareDatetime | None = None
    device: str = Field("", max_length=64)
    reason: str = Field("", max_length=300)
    method: str = ""
    accuracy_m: float | None = Field(None, ge=0, le=100_000)

    @field_validator("geometry", "blade", "properties")
    @classmethod
    def not_without_end(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        if not shallow(value):
            raise ValueError("nested too deeply")
        return value

    def as_request(self) -> EditRequest:
        others = tuple(Other(each.feature_id, each.base_version) for each in self.others)
        return EditRequest(**{**self.model_dump(), "others": others})


class ChangesetBody(Schema):
    """Many edits with one reason; `atomic`: all of them, or none."""

    model_config = ConfigDict(extra="forbid")

    edits: list[EditBody] = Field(min_length=1, max_length=service.MOST_EDITS)
    reason: str = Field("", max_length=300)
    atomic: bool = False


class DecisionBody(Schema):
    """`mine` names the fields where mine is to stand; `whole` decides against or for a deletion."""

    model_config = ConfigDict(extra="forbid")

    mine: list[str] = Field([], max_length=100)
    whole: bool = False


@router.post("/edits")
def submit_edit(request: HttpRequest, body: EditBody) -> Response:
    """Apply one edit. The same uid again returns the first outcome."""
    return answer(service.submit(actor=signed_in(request.user), request=body.as_request()))


@router.post("/edits/{uuid:uid}/undo")
def undo_edit(request: HttpRequest, uid: uuid.UUID) -> Response:
    """Take one edit back by its inverse, which can itself be undone."""
    return answer(service.undo(actor=signed_in(request.user), uid=uid))


@router.post("/changesets")
def submit_changeset(request: HttpRequest, body: ChangesetBody) -> Response:
    """Apply many edits in their order; one outcome each. 409 where `atomic` and one did not fit."""
    outcomes = service.submit_all(
        actor=signed_in(request.user),
        requests=[each.as_request() for each in body.edits],
        reason=body.reason,
        atomic=body.atomic,
    )
    return answer_all(outcomes, whole=body.atomic)


@router.get("/changesets/{int:number}")
def read_changeset(request: HttpRequest, number: int) -> dict[str, Any]:
    """Who, when, why, and its edits in the caller's divisions are in the history of each."""
    changeset = visible_changeset(request, number)
    return {
        "id": changeset.pk,
        "kind": changeset.kind,
        "reason": changeset.reason,
        "author": changeset.author.username if changeset.author else None,
        "created_at": changeset.created_at.isoformat(),
        "undoes": changeset.undoes_id,
    }


@router.post("/changesets/{int:number}/undo")
def undo_changeset(request: HttpRequest, number: int) -> Response:
    """Take back all edits of a changeset, or none where somebody has changed a part since."""
    actor = signed_in(request.user)
    changeset = visible_changeset(request, number)
    return answer_all(service.undo_changeset(actor=actor, changeset=changeset), whole=True)


@router.get("/conflicts")
def list_conflicts(request: HttpRequest, limit: int = 100) -> dict[str, Any]:
    """Open conflicts and held edits that the caller may decide, or sent; newest first."""
    found = conflicts.to_decide(signed_in(request.user))[: max(1, min(limit, 1000))]
    scope = policy.scope(request.user)
    return {"conflicts": [describe_submission(each, scope) for each in found]}


@router.get("/conflicts/{uuid:uid}")
def read_conflict(request: HttpRequest, uid: uuid.UUID) -> dict[str, Any]:
    conflict = conflicts.visible_submission(signed_in(request.user), uid)
    return describe_submission(conflict, policy.scope(request.user))


@router.post("/conflicts/{uuid:uid}/resolve")
def resolve_conflict(request: HttpRequest, uid: uuid.UUID, body: DecisionBody) -> Response:
    """Decide a conflict field by field. The decision is an edit."""
    return answer(
        conflicts.resolve(actor=signed_in(request.user), uid=uid, mine=body.mine, whole=body.whole)
    )


@router.post("/conflicts/{uuid:uid}/dismiss")
def dismiss_conflict(request: HttpRequest, uid: uuid.UUID) -> dict[str, str]:
    """Leave things as they are; the record is kept."""
    service.dismiss(actor=signed_in(request.user), uid=uid)
    return {"uid": str(uid), "settlement": Submission.Settlement.DISMISSED}


@router.post("/conflicts/{uuid:uid}/admit")
def admit_held_edit(request: HttpRequest, uid: uuid.UUID) -> Response:
    """Let in an edit that was held because its author's grant had ended."""
    return answer(service.admit(actor=signed_in(request.user), uid=uid))


def visible_changeset(request: HttpRequest, number: int) -> Changeset:
    """One whose author the caller is, or with an edit in the caller's divisions."""
    changeset = Changeset.objects.filter(pk=number).select_related("author").first()
    edit = Edit.objects.filter(changeset=number).first()
    scope = policy.scope(request.user)
    if changeset is None or edit is None or not scope.covers(service.division_of(edit)):
        raise NotFound(_("There is no such changeset in your divisions."))
    return changeset


def answer(outcome: Outcome) -> Response:
    return Response(describe_outcome(outcome), status=STATUS[outcome.kind])


def answer_all(outcomes: list[Outcome], *, whole: bool) -> Response:
    fits = all(each.in_the_journal for each in outcomes)
    body = {"outcomes": [describe_outcome(each) for each in outcomes]}
    return Response(body, status=409 if whole and not fits else 200)


def describe_outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "outcome": outcome.kind,
        "uid": str(outcome.uid),
        "feature_id": outcome.feature_id,
        "version": outcome.version,
        "problems": [asdict(problem) for problem in outcome.problems],
        "warnings": [asdict(problem) for problem in outcome.warnings],
        "conflicts": [asdict(clash) for clash in outcome.clashes],
        "deleted": outcome.deleted,
        **({"refusal": outcome.refusal} if outcome.refusal else {}),
    }


def describe_submission(submission: Submission, scope: policy.Scope) -> dict[str, Any]:
    """Values only inside the reader's scope: an author may have lost sight of the place since."""
    visible = scope.covers(submission.division)
    return {
        "uid": str(submission.uid),
        "kind": submission.kind,
        "layer": submission.layer,
        "operation": submission.operation,
        "feature_id": submission.feature_id,
        "division": submission.division,
        "author": submission.author.username,
        "captured_at": _iso(submission.captured_at),
        "received_at": _iso(submission.received_at),
        "version": submission.theirs_version,
        "conflicts": [asdict(clash) for clash in clashes_of(submission) if visible],
        "deleted": submission.kind == Submission.Kind.CONFLICT and not submission.theirs,
        "settlement": submission.settlement,
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat()
