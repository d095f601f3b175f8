"""Plans over JSON."""

import json
import uuid
from typing import Any

import shapely
from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Response
from pydantic import ConfigDict, Field

from layers.access import policy
from layers.access.policy import signed_in
from layers.access.roles import Action
from layers.editing.api import EditBody, answer_all, describe_outcome
from layers.editing.rows import GEOMETRY, PERSONAL, State
from layers.models.plan import Plan
from layers.plans import service
from layers.plans.rehearsal import Effect, Rehearsal, rehearse
from layers.registry import layer_named

router = Router(tags=["plans"])


class PlanBody(Schema):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=120)
    purpose: str = Field("", max_length=2000)
    division: str = Field(min_length=12, max_length=12)


class PlannedEditsBody(Schema):
    model_config = ConfigDict(extra="forbid")

    edits: list[EditBody] = Field(min_length=1, max_length=service.MOST_EDITS)


class TextBody(Schema):
    model_config = ConfigDict(extra="forbid")

    text: str = Field("", max_length=2000)


@router.get("")
def list_plans(request: HttpRequest, state: str = "", limit: int = 100) -> dict[str, Any]:
    """Plans in the caller's divisions, the latest changed first."""
    found = service.visible_plans(signed_in(request.user))
    if state:
        found = found.filter(state=state)
    plans = found[: max(1, min(limit, 1000))]
    return {"plans": [describe_plan(request, each) for each in plans]}


@router.post("")
def draft_plan(request: HttpRequest, body: PlanBody) -> Response:
    plan = service.draft(actor=signed_in(request.user), **body.model_dump())
    return Response(describe_plan(request, plan), status=201)


@router.get("/{int:number}")
def read_plan(request: HttpRequest, number: int) -> dict[str, Any]:
    """The plan, what was said about it, and what each of its edits would do now."""
    plan = service.visible_plan(signed_in(request.user), number)
    return {**describe_plan(request, plan), **describe_rehearsal(plan, rehearse(plan))}


@router.get("/{int:number}/features")
def planned_features(request: HttpRequest, number: int) -> dict[str, Any]:
    """What the plan would change, as GeoJSON: one feature for each, before or after (`side`)."""
    plan = service.visible_plan(signed_in(request.user), number)
    scope = policy.scope(request.user)
    effects = [each for found in rehearse(plan).effects.values() for each in found]
    features = [side for effect in effects for side in _sides(effect, scope)]
    return {"type": "FeatureCollection", "features": features}


@router.post("/{int:number}/edits")
def add_edits(request: HttpRequest, number: int, body: PlannedEditsBody) -> Response:
    """Put edits into a plan. 422 or 409 where one could not be applied; then none is added."""
    requests = [each.as_request() for each in body.edits]
    actor = signed_in(request.user)
    rehearsal = service.add_edits(actor=actor, number=number, requests=requests)
    wanted = {each.uid for each in requests}
    outcomes = [describe_outcome(each) for each in rehearsal.outcomes if each.uid in wanted]
    return Response({"outcomes": outcomes}, status=201)


@router.delete("/{int:number}/edits/{uuid:uid}")
def remove_edit(request: HttpRequest, number: int, uid: uuid.UUID) -> Response:
    service.remove_edit(actor=signed_in(request.user), number=number, uid=uid)
    return Response(None, status=204)


@router.post("/{int:number}/comments")
def comment(request: HttpRequest, number: int, body: TextBody) -> Response:
    event = service.comment(actor=signed_in(request.user), number=number, text=body.text)
    return Response(describe_event(event), status=201)


@router.post("/{int:number}/submit")
def submit_plan(request: HttpRequest, number: int) -> dict[str, Any]:
    """Hand the plan to a reviewer."""
    plan = service.submit_for_review(actor=signed_in(request.user), number=number)
    return describe_plan(request, plan)


@router.post("/{int:number}/approve")
def approve_plan(request: HttpRequest, number: int, body: TextBody) -> dict[str, Any]:
    plan = service.approve(actor=signed_in(request.user), number=number, text=body.text)
    return describe_plan(request, plan)


@router.post("/{int:number}/return")
def return_plan(request: HttpRequest, number: int, body: TextBody) -> dict[str, Any]:
    """Send the plan back to its author, with the reason."""
    plan = service.send_back(actor=signed_in(request.user), number=number, text=body.text)
    return describe_plan(request, plan)


@router.post("/{int:number}/withdraw")
def withdraw_plan(request: HttpRequest, number: int) -> dict[str, Any]:
    return describe_plan(request, service.withdraw(actor=signed_in(request.user), number=number))


@router.post("/{int:number}/apply")
def apply_plan(request: HttpRequest, number: int) -> Response:
    """Make an approved plan real: all of it, or nothing (409)."""
    outcomes = service.apply(actor=signed_in(request.user), number=number)
    return answer_all(outcomes, whole=True)


def describe_plan(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    rights = policy.rights(request.user)
    mine = plan.author_id == request.user.pk
    reviews = rights.scope(Action.REVIEW).covers(plan.division_id)
    return {
        "id": plan.pk,
        "title": plan.title,
        "purpose": plan.purpose,
        "state": plan.state,
        "division": {"code": plan.division_id, "name": plan.division.name},
        "author": plan.author.username,
        "reviewer": plan.reviewer.username if plan.reviewer else None,
        "changeset": plan.changeset_id,
        "created_at": plan.created_at.isoformat(),
        "changed_at": plan.changed_at.isoformat(),
        "can": {
            "change": mine and plan.state in service.CHANGEABLE,
            "submit": mine and plan.state in {Plan.State.DRAFT, Plan.State.RETURNED},
            "review": reviews and not mine and plan.state == Plan.State.SUBMITTED,
            "apply": (mine or reviews) and plan.state == Plan.State.APPROVED,
        },
    }


def describe_rehearsal(plan: Plan, rehearsal: Rehearsal) -> dict[str, Any]:
    layers = dict(plan.edits.values_list("uid", "layer"))
    operations = dict(plan.edits.values_list("uid", "operation"))
    edits = [
        {
            **describe_outcome(outcome),
            # Their values may lie outside the reader's scope by now; the map shows what does not.
            "conflicts": [clash.field for clash in outcome.clashes],
            "layer": layers[outcome.uid],
            "operation": operations[outcome.uid],
        }
        for outcome in rehearsal.outcomes
    ]
    events = plan.events.select_related("author")
    return {"edits": edits, "events": [describe_event(each) for each in events]}


def describe_event(event: Any) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "text": event.text,
        "author": event.author.username,
        "at": event.at.isoformat(),
    }


def _sides(effect: Effect, scope: policy.Scope) -> list[dict[str, Any]]:
    """Those inside the reader's scope: a feature may have left it since it was planned."""
    sides = (("before", effect.before), ("after", effect.after))
    return [
        _feature(effect, side, state)
        for side, state in sides
        if state is not None and scope.covers(str(state["division"]))
    ]


def _feature(effect: Effect, side: str, state: State) -> dict[str, Any]:
    """Of a state in the journal's form; personal data stay behind."""
    kept = state[GEOMETRY]
    layer = layer_named(effect.layer)
    geometry = json.loads(shapely.to_geojson(shapely.from_wkb(str(kept)))) if kept else None
    values = {each.name: state[each.name] for each in layer.columns() if each.name != PERSONAL}
    return {
        "type": "Feature",
        "id": f"{effect.uid}:{side}",
        "geometry": geometry,
        "properties": {
            **values,
            "side": side,
            "edit": str(effect.uid),
            "layer": effect.layer,
            "operation": effect.operation,
            "feature_id": effect.feature_id,
        },
    }
