"""Edits that fix an issue, in the form the editing service takes them."""

from typing import Any

from shapely.geometry.base import BaseGeometry

from layers.checks.identity import fix_uid
from layers.checks.rows import geojson, shape_of
from layers.checks.specification import Fix, Subject
from layers.editing.request import EditRequest, Other
from layers.models.journal import Operation
from layers.registry.specification import Layer

MEASURED_AS = ("method", "accuracy_m")
"""Read where a shape is mended: how the place became known does not change by that."""


def update(
    layer: Layer,
    subject: Subject,
    issue: str,
    title: str,
    *,
    shape: BaseGeometry | None = None,
    **properties: Any,
) -> Fix | None:
    """One edit of one feature; None for a feature that is only being written."""
    if subject.feature_id is None or subject.version is None:
        return None
    request = EditRequest(
        uid=fix_uid(issue, subject.version),
        layer=layer.name,
        operation=Operation.UPDATE,
        feature_id=subject.feature_id,
        base_version=subject.version,
        properties=properties,
        reason=title,
        **_place(subject, shape),
    )
    return Fix(title, (request,))


def merge(
    layer: Layer, kept: Subject, taken: Subject, issue: str, title: str, **properties: Any
) -> Fix | None:
    """Take one feature up into another, whose own place and values in `properties` stay."""
    if kept.feature_id is None or taken.feature_id is None or not (kept.version and taken.version):
        return None
    shape = None if layer.geometry == "point" else shape_of(kept)
    request = EditRequest(
        uid=fix_uid(issue, kept.version + taken.version),
        layer=layer.name,
        operation=Operation.MERGE,
        feature_id=kept.feature_id,
        base_version=kept.version,
        properties=properties,
        reason=title,
        others=(Other(taken.feature_id, taken.version),),
        **_place(kept, shape),
    )
    return Fix(title, (request,))


def _place(subject: Subject, shape: BaseGeometry | None) -> dict[str, Any]:
    if shape is None:
        return {}
    method, accuracy = (subject.state.get(name) for name in MEASURED_AS)
    return {"geometry": geojson(shape), "method": str(method or ""), "accuracy_m": accuracy}
