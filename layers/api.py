"""The layers' JSON API: what they are, their features, counts, search.

What a reader sees is the policy's to say; edits have an API of their own (layers.editing.api).
"""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from layers import descriptions
from layers.access import personal, policy
from layers.access.policy import signed_in
from layers.counts import state_counts
from layers.divisions import Bounds
from layers.errors import BadRequest, NotFound
from layers.models.feature import Feature
from layers.registry import LAYERS, layer_named
from layers.registry.specification import Layer
from layers.search import search

router = Router(tags=["layers"])


class ReasonBody(Schema):
    reason: str = Field(max_length=200)


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
        actor=signed_in(request.user), layer=layer, feature=feature, reason=body.reason
    )


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
