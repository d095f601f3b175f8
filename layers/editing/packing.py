"""An edit's request as it is kept while it is not in the journal: sealed as a whole.

It may hold personal data, in fields that are known as such and in others that nobody expected,
and text that no JSON column takes; sealed, neither matters.
"""

import json
import uuid
from dataclasses import asdict
from typing import Any

from django.utils.dateparse import parse_datetime

from layers.access.personal import seal, unseal
from layers.editing.merge import closed, opened
from layers.editing.request import EditRequest, Other
from layers.models.journal import Operation
from layers.models.plan import PlannedEdit
from layers.models.submission import Submission
from layers.registry.specification import Layer

MOST_KEPT_OF_REJECTED = 256 * 1024
"""Characters of a rejected edit that are kept; what is longer nobody could use anyway."""

_PLAIN = (
    *("feature_id", "base_version", "geometry", "properties", "reason", "method", "accuracy_m"),
    *("device", "blade", "to_version", "changes"),
)
_UIDS = ("base_edit", "resolves", "part_of")


def pack(layer: Layer, request: EditRequest) -> dict[str, Any]:
    """Everything but what only the service sets on its own behalf (`undoes`)."""
    packed: dict[str, Any] = {name: getattr(request, name) for name in _PLAIN}
    packed |= {name: str(uid) for name in _UIDS if (uid := getattr(request, name))}
    packed["others"] = [asdict(each) for each in request.others]
    if request.captured_at:
        packed["captured_at"] = request.captured_at.isoformat()
    box = seal(layer, {"request": json.dumps(packed, default=str)})
    return {"base_version": request.base_version, "sealed": closed(box or b"")}


def unpack(layer: Layer, kept: Submission | PlannedEdit) -> EditRequest:
    packed = json.loads(unseal(layer, opened(kept.request["sealed"]))["request"])
    captured_at = packed.get("captured_at")
    uids: dict[str, Any] = {name: uuid.UUID(packed[name]) for name in _UIDS if name in packed}
    return EditRequest(
        uid=kept.uid,
        layer=layer.name,
        operation=Operation(kept.operation),
        others=tuple(Other(**each) for each in packed["others"]),
        captured_at=parse_datetime(captured_at) if captured_at else None,
        **{name: packed[name] for name in _PLAIN},
        **uids,
    )


def shortened(packed: dict[str, Any]) -> dict[str, Any]:
    """For the record of a rejection: what nobody could use does not fill the database."""
    if len(packed["sealed"]) <= MOST_KEPT_OF_REJECTED:
        return packed
    return {"base_version": packed["base_version"]}
