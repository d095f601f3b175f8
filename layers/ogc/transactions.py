"""Create, replace, update, delete (Part 4): every write is an edit of the editing service.

PUT, PATCH and DELETE need If-Match with the entity tag that was read. The version it names is the
edit's base, so an edit that slips in between is merged or becomes a conflict, never overwritten.
"""

import json
import uuid
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from layers.access import policy
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


def create(request: HttpRequest, name: str) -> HttpResponse:
    """201 with the address of the new feature."""
    user, collection, layer = _writable(request, name)
    crs = bodies.content_crs(request)
    body = bodies.read_feature(request)
    sent = {key: value for key, value in body["properties"].items() if value is not None}
    outcome = _submit(
        user,
        EditRequest(
            uid=uuid.uuid4(),
            layer=layer.name,
            operation=Operation.CREATE,
            geometry=bodies.stored_geometry(body.get(GEOMETRY), crs),
            properties=_settable(collection, sent),
        ),
    )
    return _representation(request, collection, crs, outcome, status=201)


def replace(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """The whole feature anew: a property that is not sent has no value then."""
    crs = bodies.content_crs(request)
    user, collection, layer, version = _targeted(request, name, key)
    body = bodies.read_feature(request)
    sent = _settable(collection, body["properties"])
    whole = {each.name: sent.get(each.name) for each in collection.properties if not each.readonly}
    change = {GEOMETRY: body.get(GEOMETRY), "properties": whole}
    return _change(request, user, collection, layer, key, version, crs, {**body, **change})


def update(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """Only what the merge patch names."""
    crs = bodies.content_crs(request)
    user, collection, layer, version = _targeted(request, name, key)
    body = bodies.read_patch(request)
    sent = _settable(collection, body.get("properties", {}))
    return _change(
        request, user, collection, layer, key, version, crs, {**body, "properties": sent}
    )


def delete(request: HttpRequest, name: str, key: str) -> HttpResponse:
    user, _collection, layer, version = _targeted(request, name, key)
    _submit(
        user,
        EditRequest(
            uid=uuid.uuid4(),
            layer=layer.name,
            operation=Operation.DELETE,
            feature_id=int(key),
            base_version=version,
        ),
    )
    return HttpResponse(status=204)


def allowed(request: HttpRequest, name: str, **_arguments: Any) -> bool:
    """Whether the caller may write in a collection somewhere."""
    collection = collection_named(name, request.user)
    return collection.layer is not None and not policy.scope(request.user, Action.EDIT).empty


def _writable(request: HttpRequest, name: str) -> tuple[User, Collection, Layer]:
    """Raises LoginRequired before anything is told, MethodNotAllowed for what is only read."""
    if not request.user.is_authenticated:
        raise LoginRequired(_("This needs an account."), remedy=_("Log in and try again."))
    collection = collection_named(name, request.user)
    known_only(request, ())
    if collection.layer is None:
        raise MethodNotAllowed(_("This collection is only read."))
    return request.user, collection, collection.layer


def _targeted(request: HttpRequest, name: str, key: str) -> tuple[User, Collection, Layer, int]:
    """The feature's version, if it is the one that If-Match names.

    Raises NotFound, PreconditionRequired, PreconditionFailed.
    """
    user, collection, layer = _writable(request, name)
    found = items.read_item(collection, Query(properties=()), collection.scope(user), key)
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
    return user, collection, layer, version


def _settable(collection: Collection, sent: dict[str, Any]) -> dict[str, Any]:
    """Without what the service itself keeps, which clients send back as they read it. Personal
    fields are no properties of a collection. Raises Rejected for what is none."""
    unknown = [name for name in sent if name not in collection.by_name]
    if unknown:
        text = _("This layer has no such field to fill in.")
        raise bodies.rejected({name[:60]: text for name in unknown})
    return {name: value for name, value in sent.items() if not collection.by_name[name].readonly}


def _change(
    request: HttpRequest,
    user: User,
    collection: Collection,
    layer: Layer,
    key: str,
    version: int,
    crs: ReferenceSystem,
    body: dict[str, Any],
) -> HttpResponse:
    """Send what differs from the feature as this client was shown it: ordinates that were only
    rounded on their way are no change."""
    if str(body.get("id", key)) != key:
        raise BadRequest(_("The body is about another feature than the address."))
    shown = items.read_item(collection, Query(crs=crs), collection.scope(user), key)
    now = json.loads(shown.text)
    changed = {
        name: value
        for name, value in body["properties"].items()
        if not _same(value, now["properties"][name])
    }
    geometry = body.get(GEOMETRY, now[GEOMETRY])
    moved = geometry != now[GEOMETRY]
    if moved and geometry is None:
        raise bodies.rejected({GEOMETRY: _("A place that is known cannot be taken away.")})
    outcome = Outcome(OutcomeKind.APPLIED, uuid.uuid4(), int(key), version)
    if changed or moved:
        outcome = _submit(
            user,
            EditRequest(
                uid=uuid.uuid4(),
                layer=layer.name,
                operation=Operation.UPDATE,
                feature_id=int(key),
                base_version=version,
                geometry=bodies.stored_geometry(geometry, crs) if moved else None,
                properties=changed,
            ),
        )
    return _representation(request, collection, crs, outcome, status=200)


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
    request: HttpRequest,
    collection: Collection,
    crs: ReferenceSystem,
    outcome: Outcome,
    *,
    status: int,
) -> HttpResponse:
    """The feature as it is now, in the reference system it was sent in."""
    key = str(outcome.feature_id)
    address = Addresses.of(request).to(f"collections/{collection.name}/items/{key}")
    response = item_answer(request, collection, Query(crs=crs), key)
    response.status_code = status
    response["Content-Location" if status == 200 else "Location"] = address
    return response
