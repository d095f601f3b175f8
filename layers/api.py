"""The layers' JSON API: what they are, their features, edits, counts, search.

Writes go to the editing service, reads through the policy; nothing here decides either.
"""

import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.responses import Response
from pydantic import ConfigDict, Field

from layers import descriptions
from layers.access import personal, policy
from layers.counts import state_counts
from layers.divisions import Bounds
from layers.editing import service
from layers.editing.request import EditRequest, Outcome, OutcomeKind
from layers.errors import BadRequest, LoginRequired, NotFound
from layers.models.access import User
from layers.models.feature import Feature
from layers.models.journal import Operation
from layers.registry import LAYERS, layer_named
from layers.registry.specification import Layer
from layers.search import search

router = Router(tags=["layers"])

STATUS = {
    OutcomeKind.APPLIED: 200,
    OutcomeKind.MERGED: 200,
    OutcomeKind.CONFLICT: 409,
    OutcomeKind.REJECTED: 422,
}


class EditBody(Schema):
    """One edit. `geometry` is GeoJSON in CGCS2000 degrees; `properties` the changed fields only."""

    model_config = ConfigDict(extra="forbid")

    uid: uuid.UUID
    layer: str
    operation: Operation
    feature_id: int | None = Field(None, ge=1, le=2**63 - 1)
    base_version: int | None = Field(None, ge=1, le=2**31 - 1)
    geometry: dict[str, Any] | None = None
    properties: dict[str, Any] = {}
    captured_at: datetime | None = None
    reason: str = Field("", max_length=300)
    method: str = ""
    accuracy_m: float | None = Field(None, ge=0, le=100_000)


class ReasonBody(Schema):
    reason: str = Field(max_length=200)


def signed_in(request: HttpRequest) -> User:
    if not request.user.is_authenticated:
        raise LoginRequired(_("This needs an account."), remedy=_("Log in and try again."))
    return request.user


@router.get("/layers")
def list_layers(request: HttpRequest) -> list[dict[str, Any]]:
    """The layers with their fields, code lists, style, and what the caller may do."""
    rights = policy.rights(request.user)
    return [descriptions.describe_layer(layer, rights) for layer in LAYERS.values()]


@router.get("/layers/{name}/counts")
def count_features(request: HttpRequest, name: str, bbox: str = "") -> dict[str, Any]:
    """Features in the caller's divisions by upkeep state; `bbox` is west,south,east,north."""
    counted = state_counts(layer_named(name), policy.scope(request.user), read_bounds(bbox))
    return {"total": sum(counted.values()), "states": counted}


@router.get("/layers/{name}/features/{int:feature_id}")
def read_feature(request: HttpRequest, name: str, feature_id: int) -> dict[str, Any]:
    layer = layer_named(name)
    return descriptions.describe_feature(
        layer, visible_feature(request, layer, feature_id), request.user
    )


@router.post("/layers/{name}/features/{int:feature_id}/unmask")
def unmask_feature(
    request: HttpRequest, name: str, feature_id: int, body: ReasonBody
) -> dict[str, str]:
    """Personal data of one record; the look is journalled with its reason."""
    layer = layer_named(name)
    feature = visible_feature(request, layer, feature_id)
    return personal.unmask(
        actor=signed_in(request), layer=layer, feature=feature, reason=body.reason
    )


@router.post("/edits")
def submit_edit(request: HttpRequest, body: EditBody) -> Response:
    """Apply one edit. The same uid again returns the first outcome."""
    return answer(
        service.submit(actor=signed_in(request), request=EditRequest(**body.model_dump()))
    )


@router.post("/edits/{uuid:uid}/undo")
def undo_edit(request: HttpRequest, uid: uuid.UUID) -> Response:
    """Take one edit back by its inverse, which can itself be undone."""
    return answer(service.undo(actor=signed_in(request), uid=uid))


@router.get("/search")
def search_everything(request: HttpRequest, q: str = "") -> dict[str, Any]:
    """Features in the caller's divisions, divisions and coordinates."""
    results = search(q[:100], policy.scope(request.user))
    return {"results": [asdict(hit) for hit in results.hits], "unfinished": results.unfinished}


def visible_feature(request: HttpRequest, layer: Layer, feature_id: int) -> Feature:
    """The feature, if the caller may see it. One outside looks exactly like one that is not."""
    feature = layer.rows.filter(policy.scope(request.user).q(), pk=feature_id).first()
    if feature is None:
        raise NotFound(
            _("There is no such feature, or it is outside your divisions."),
            remedy="" if request.user.is_authenticated else _("Log in and try again."),
        )
    return feature


def read_bounds(text: str) -> Bounds | None:
    """Raises BadRequest unless the text is four numbers in order, west,south,east,north."""
    if not text:
        return None
    try:
        bounds = Bounds(*(float(part) for part in text.split(",")))
    except (ValueError, TypeError) as error:
        raise _bad_bounds() from error
    inside_world = Bounds(-180, -89.9, 180, 89.9).contains(*bounds)
    if not inside_world or bounds.west > bounds.east or bounds.south > bounds.north:
        raise _bad_bounds()
    return bounds


def _bad_bounds() -> BadRequest:
    return BadRequest(
        _("The bbox cannot be read."),
        remedy=_("Send west,south,east,north in degrees, such as 109,27,110,28."),
    )


def answer(outcome: Outcome) -> Response:
    body: dict[str, Any] = {
        "outcome": outcome.kind,
        "uid": str(outcome.uid),
        "feature_id": outcome.feature_id,
        "version": outcome.version,
        "problems": [asdict(problem) for problem in outcome.problems],
        "warnings": [asdict(problem) for problem in outcome.warnings],
        "conflicts": [asdict(clash) for clash in outcome.clashes],
    }
    return Response(body, status=STATUS[outcome.kind])
