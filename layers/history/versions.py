"""The versions of a feature: who made each, when and why, and what the feature was then."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from layers.access import policy
from layers.access.policy import Actor
from layers.editing.rows import State, state_of
from layers.errors import NotFound
from layers.models.access import User
from layers.models.chain import Load
from layers.models.journal import Edit
from layers.registry.specification import Layer

LOADED = "load"
"""The operation of a version that a bulk load made: it has no entry of its own."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a feature. `fields` are the names of those that it changed.

    `uid`, `undoes` and `part_of` name edits; a version made by a load has none of them.
    `removed` is a version that left nothing: the feature was deleted, or went into another.
    """

    version: int
    operation: str
    author: str
    reviewer: str
    received_at: datetime
    captured_at: datetime
    reason: str
    changeset: int
    kind: str
    fields: tuple[str, ...]
    removed: bool = False
    outcome: str = "applied"
    device: str = ""
    uid: uuid.UUID | None = None
    undoes: uuid.UUID | None = None
    undone_by: uuid.UUID | None = None
    part_of: uuid.UUID | None = None


def versions_of(layer: Layer, feature_id: int) -> list[Version]:
    """Every version, oldest first. Raises NotFound where there never was such a feature."""
    edits = list(
        entries_of(layer, feature_id).select_related(
            "author", "reviewer", "changeset", "undoes", "undone_by", "part_of"
        )
    )
    found = [_of_edit(edit) for edit in edits]
    if not found or found[0].version > 1:
        found[:0] = _of_load(layer, feature_id)
    if not found:
        raise no_such_feature()
    return found


def state_at_version(layer: Layer, feature_id: int, version: int) -> State:
    """The feature's journal values at a version; empty where that version removed it.

    Raises NotFound for a version that there never was.
    """
    row = layer.rows.filter(pk=feature_id).first()
    edits = list(entries_of(layer, feature_id))
    latest = max(row.version if row else 0, edits[-1].version if edits else 0)
    if not 1 <= version <= latest:
        raise NotFound(_("There is no version %(version)d of this feature.") % {"version": version})
    if any(edit.version == version and removes(edit) for edit in edits):
        return {}
    state = state_of(layer, row) if row else {}
    for edit in reversed([each for each in edits if each.version > version]):
        state |= edit.old
    return state


def require_history(user: Actor, layer: Layer, feature_id: int) -> None:
    """Raises NotFound unless the user may see the feature, or could when it was deleted."""
    scope = policy.scope(user)
    rows = layer.rows.filter(pk=feature_id)
    if rows.filter(scope.q()).exists():
        return
    last = entries_of(layer, feature_id).last()
    gone = last is not None and removes(last) and not rows.exists()
    if not gone or last is None or not scope.covers(str(last.old.get("division", ""))):
        raise no_such_feature(signed_in=user.is_authenticated)


def removes(edit: Edit) -> bool:
    """Whether the entry left nothing of the feature (an update that changed nothing has no old)."""
    return bool(edit.old) and not edit.new


def entries_of(layer: Layer, feature_id: int) -> QuerySet[Edit]:
    return Edit.objects.filter(layer=layer.name, feature_id=feature_id).order_by("version")


def no_such_feature(*, signed_in: bool = True) -> NotFound:
    return NotFound(
        _("There is no such feature, or it is outside your divisions."),
        remedy="" if signed_in else _("Log in and try again."),
    )


def _of_edit(edit: Edit) -> Version:
    undone_by: Edit | None = getattr(edit, "undone_by", None)
    return Version(
        version=edit.version,
        operation=edit.operation,
        author=_named(edit.author),
        reviewer=_named(edit.reviewer),
        received_at=edit.received_at,
        captured_at=edit.captured_at,
        reason=edit.changeset.reason,
        changeset=edit.changeset_id,
        kind=edit.changeset.kind,
        fields=tuple(sorted(set(edit.old) | set(edit.new))),
        removed=removes(edit),
        outcome=edit.outcome,
        device=edit.device,
        uid=edit.uid,
        undoes=edit.undoes.uid if edit.undoes else None,
        undone_by=undone_by.uid if undone_by else None,
        part_of=edit.part_of.uid if edit.part_of else None,
    )


def _of_load(layer: Layer, feature_id: int) -> list[Version]:
    load = (
        Load.objects.filter(
            layer=layer.name, first_feature__lte=feature_id, last_feature__gte=feature_id
        )
        .select_related("changeset__author")
        .first()
    )
    known = entries_of(layer, feature_id).exists() or layer.rows.filter(pk=feature_id).exists()
    if load is None or not known:
        return []
    return [
        Version(
            version=1,
            operation=LOADED,
            author=_named(load.changeset.author),
            reviewer="",
            received_at=load.loaded_at,
            captured_at=load.loaded_at,
            reason=load.changeset.reason,
            changeset=load.changeset_id,
            kind=load.changeset.kind,
            fields=tuple(load.columns),
        )
    ]


def _named(user: User | None) -> str:
    return (user.get_full_name() or user.username) if user else ""
