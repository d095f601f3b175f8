"""The past over JSON: versions, what lies between two of them, and the feed of changes."""

import json
from dataclasses import asdict
from typing import Annotated, Any

from django.contrib.gis.geos import GEOSGeometry
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from layers.access import policy
from layers.access.roles import Action
from layers.editing.rows import GEOMETRY, PERSONAL, State
from layers.errors import NotFound
from layers.history import changes as feed
from layers.history.difference import difference
from layers.history.versions import require_history, state_at_version, versions_of
from layers.registry import LAYERS, layer_named

router = Router(tags=["history"])

INTEGER = 2**31 - 1
BIGINT = 2**63 - 1
MOST_CHANGES = 5000


@router.get("/layers/{name}/features/{int:feature_id}/versions")
def list_versions(request: HttpRequest, name: str, feature_id: int) -> dict[str, Any]:
    """Every version, oldest first: who, when, why, and which fields. Also of a deleted feature."""
    layer = layer_named(name)
    require_history(request.user, layer, feature_id)
    return {"versions": [asdict(each) for each in versions_of(layer, feature_id)]}


@router.get("/layers/{name}/features/{int:feature_id}/versions/{int:version}")
def read_version(request: HttpRequest, name: str, feature_id: int, version: int) -> dict[str, Any]:
    """The feature as it was at a version, as GeoJSON; personal data is not in it."""
    layer = layer_named(name)
    require_history(request.user, layer, feature_id)
    state = state_at_version(layer, feature_id, version)
    if not state:
        raise NotFound(_("The feature was removed in version %(version)d.") % {"version": version})
    return as_feature(feature_id, version, state)


@router.get("/layers/{name}/features/{int:feature_id}/difference")
def read_difference(
    request: HttpRequest,
    name: str,
    feature_id: int,
    from_version: Annotated[int | None, Query(alias="from", ge=1, le=INTEGER)] = None,
    to_version: Annotated[int | None, Query(alias="to", ge=1, le=INTEGER)] = None,
) -> dict[str, Any]:
    """What changed between two versions (if not named, the latest and the one before): fields in
    words, and what became of the shape."""
    layer = layer_named(name)
    require_history(request.user, layer, feature_id)
    after = to_version or versions_of(layer, feature_id)[-1].version
    before = from_version or max(after - 1, 1)
    return asdict(difference(layer, feature_id, before, after))


@router.get("/changes")
def list_changes(
    request: HttpRequest,
    since: Annotated[int, Query(ge=0, le=BIGINT)] = 0,
    layer: str = "",
    limit: Annotated[int, Query(ge=1, le=MOST_CHANGES)] = 1000,
) -> dict[str, Any]:
    """Edits and loads in the caller's divisions, in the order they were committed, none left out.

    Ask again with `next` as `since`: at once while there is `more`, later otherwise.
    """
    scope = policy.require_somewhere(request.user, Action.VIEW)
    layers = [layer_named(layer)] if layer else list(LAYERS.values())
    found = feed.changes_since(since, scope=scope, layers=layers, limit=limit)
    return {
        "changes": [feed.as_json(each) for each in found.changes],
        "next": found.next,
        "more": found.more,
    }


def as_feature(feature_id: int, version: int, state: State) -> dict[str, Any]:
    kept = state.get(GEOMETRY)
    return {
        "type": "Feature",
        "id": feature_id,
        "version": version,
        "geometry": json.loads(GEOSGeometry(str(kept)).geojson) if kept else None,
        "properties": {
            name: value for name, value in state.items() if name not in {GEOMETRY, PERSONAL}
        },
    }
