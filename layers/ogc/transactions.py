"""Create, replace, update, delete (Part 4): every write is an edit of the editing service.

PUT, PATCH and DELETE need If-Match with the entity tag that was read. The version it names is the
edit's base, so an edit that slips in between is merged or becomes a conflict, never overwritten.
"""

import json
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from layers.access import policy
from layers.access.policy import Scope
from layers.access.roles import Action
from layers.editing import service
from layers.editing.request import EditRequest, Outcome, OutcomeKind
from layers.errors import BadRequest, LoginRequired, Rejected
from layers.models.access import User
from layers.models.journal import Operation
from layers.ogc import bodies, items
from layers.ogc.collections import GEOMETRY, Collection, collection_named
from layers.ogc.entity_tags import names_version
from layers.ogc.failures import (
    EditConflict,
    MethodNotAllowed,
    PreconditionFailed,
    PreconditionRequired,
)
from layers.ogc.links import Addresses
from layers.ogc.parameters import known_only
from layers.ogc.query import Query
from layers.ogc.reference_systems import ReferenceSystem
from layers.ogc.views import item_answer
from layers.registry.specification import Layer

FILLED_IN = {"code", "division"}
"""What a new feature gets where it brings none; replacing it without them keeps them."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes where, in which reference system the body is."""

    user: User
    collection: Collection
    layer: Layer
    scope: Scope
    crs: ReferenceSystem


@dataclass(frozen=True, slots=True)
class Target:
    """The feature that a change is about, in the version that If-Match names."""

    key: str
    version: int


def create(request: HttpRequest, name: str) -> HttpResponse:
    """201 with the address of the new feature."""
    writing = _writing(request, name)
    body = bodies.read_feature(request)
    sent = {key: value for key, value in body["properties"].items() if value is not None}
    edit = EditRequest(
        uid=uuid.uuid4(),
        layer=writing.layer.name,
        operation=Operation.CREATE,
        geometry=bodies.stored_geometry(body.get(GEOMETRY), writing.crs),
        properties=_settable(writing.collection, sent),
    )
    outcome = _submit(writing.user, edit)
    return _representation(request, writing, str(outcome.feature_id), status=201)


def replace(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """The whole feature anew: a property that is not sent has no value then, but a code and a
    division always stay."""
    writing = _writing(request, name)
    target = _target(request, writing, key)
    body = bodies.read_feature(request)
    sent = _settable(writing.collection, body["properties"])
    settable = [each.name for each in writing.collection.properties if not each.readonly]
    whole = {name: sent.get(name) for name in settable if name in sent or name not in FILLED_IN}
    return _change(request, writing, target, {GEOMETRY: None, **body, "properties": whole})


def update(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """Only what the merge patch names."""
    writing = _writing(request, name)
    target = _target(request, writing, key)
    body = bodies.read_patch(request)
    sent = _settable(writing.collection, body.get("properties", {}))
    return _change(request, writing, target, {**body, "properties": sent})


def delete(request: HttpRequest, name: str, key: str) -> HttpResponse:
    writing = _writing(request, name)
    target = _target(request, writing, key)
    edit = EditRequest(
        uid=uuid.uuid4(),
        layer=writing.layer.name,
        operation=Operation.DELETE,
        feature_id=int(target.key),
        base_version=target.version,
    )
    _submit(writing.user, edit)
    return HttpResponse(status=204)


def allowed(request: HttpRequest, name: str, **_arguments: Any) -> bool:
    """Whether the caller may write in a collection somewhere."""
    collection = collection_named(name, policy.scope(request.user))
    return collection.layer is not None and not policy.scope(request.user, Action.EDIT).empty


def _writing(request: HttpRequest, name: str) -> Writing:
    """Raises LoginRequired before anything is told, MethodNotAllowed for what is only read."""
    if not request.user.is_authenticated:
        raise LoginRequired(_("This needs an account."), remedy=_("Log in and try again."))
    scope = policy.scope(request.user)
    collection = collection_named(name, scope)
    known_only(request, ())
    if collection.layer is None:
        raise MethodNotAllowed(_("This collection is only read."))
    crs = bodies.content_crs(request)
    return Writing(request.user, collection, collection.layer, scope, crs)


def _target(request: HttpRequest, writing: Writing, key: str) -> Target:
    """Raises NotFound, PreconditionRequired, PreconditionFailed."""
    found = items.read_item(writing.collection, Query(properties=()), writing.scope, key)
    version = found.version or 0
    if "If-Match" not in request.headers:
        raise PreconditionRequired(
            _("A change names the state it starts from."),
            remedy=_("Read the feature and send its ETag as If-Match."),
        )
    if not names_version(request.headers["If-Match"], version):
        raise PreconditionFailed(
            _("The feature was changed since you read it."),
            remedy=_("Read it again, and send your change with the new ETag."),
        )
    return Target(key, version)


def _settable(collection: Collection, sent: dict[str, Any]) -> dict[str, Any]:
    """Without what the service itself keeps, which clients send back as they read it. Personal
    fields are no properties of a collection. Raises Rejected for what is none."""
    unknown = [name for name in sent if name not in collection.by_name]
    if unknown:
        text = _("This layer has no such field to fill in.")
        raise bodies.rejected({name[:60]: text for name in unknown})
    return {name: value for name, value in sent.items() if not collection.by_name[name].readonly}


def _change(
    request: HttpRequest, writing: Writing, target: Target, body: dict[str, Any]
) -> HttpResponse:
    """Send what differs from the feature as this client was shown it: ordinates that were only
    rounded on their way are no change."""
    if str(body.get("id", target.key)) != target.key:
        raise BadRequest(_("The body is about another feature than the address."))
    shown = items.read_item(writing.collection, Query(crs=writing.crs), writing.scope, target.key)
    now = json.loads(shown.text)
    # Also where nothing will be found to have changed.
    policy.require(writing.user, Action.EDIT, now["properties"]["division"])
    sent, shown_values = body["properties"], now["properties"]
    changed = {name: sent[name] for name in sent if not _same(sent[name], shown_values[name])}
    geometry = body.get(GEOMETRY, now[GEOMETRY])
    moved = geometry != now[GEOMETRY]
    if moved and geometry is None:
        raise bodies.rejected({GEOMETRY: _("A place that is known cannot be taken away.")})
    if changed or moved:
        edit = EditRequest(
            uid=uuid.uuid4(),
            layer=writing.layer.name,
            operation=Operation.UPDATE,
            feature_id=int(target.key),
            base_version=target.version,
            geometry=bodies.stored_geometry(geometry, writing.crs) if moved else None,
            properties=changed,
        )
        _submit(writing.user, edit)
    return _representation(request, writing, target.key, status=200)


def _same(sent: Any, now: Any) -> bool:
    """True is no 1 here, though Python says so; no text is no value."""
    if isinstance(sent, bool) != isinstance(now, bool):
        return False
    return bool(sent == now) or (sent in (None, "") and now is None)


def _submit(user: User, edit: EditRequest) -> Outcome:
    """Raises EditConflict or Rejected where the edit was not applied."""
    outcome = service.submit(actor=user, request=edit)
    if outcome.in_the_journal:
        return outcome
    if outcome.kind is OutcomeKind.REJECTED:
        raise Rejected(
            _("The feature was not accepted."),
            remedy=_("Correct the fields named and send it again."),
            detail={"problems": [asdict(each) for each in outcome.problems]},
        )
    raise EditConflict(
        _("Somebody else has changed the same, differently."),
        remedy=_("Your edit is kept among the conflicts, to be decided there."),
        detail={
            "outcome": str(outcome.kind),
            "uid": str(outcome.uid),
            "conflicts": [each.field for each in outcome.clashes],
        },
    )


def _representation(
    request: HttpRequest, writing: Writing, key: str, *, status: int
) -> HttpResponse:
    """The feature as it is now, in the reference system it was sent in."""
    path = f"collections/{writing.collection.name}/items/{key}"
    query = Query(crs=writing.crs)
    response = item_answer(request, writing.collection, query, writing.scope, key)
    response.status_code = status
    response["Content-Location" if status == 200 else "Location"] = Addresses.of(request).to(path)
    return response
