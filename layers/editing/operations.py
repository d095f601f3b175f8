"""What each operation does to a row. Called by the service, inside its transaction."""

from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from layers import signals
from layers.access import policy
from layers.access.roles import Action
from layers.editing import validation
from layers.editing.merge import merge
from layers.editing.request import EditRequest, Outcome, OutcomeKind, Problem
from layers.editing.rows import State, put, state_of
from layers.errors import BadRequest, NotFound
from layers.models.access import User
from layers.models.feature import Feature
from layers.models.journal import Changeset, Edit, Operation
from layers.registry.specification import Layer


@dataclass(frozen=True, slots=True)
class Work:
    """Who does what on which layer."""

    actor: User
    layer: Layer
    request: EditRequest

    @property
    def feature_id(self) -> int:
        """Raises BadRequest where the edit names no feature."""
        if self.request.feature_id is None:
            raise BadRequest(_("This edit names no feature."), remedy=_("Send feature_id."))
        return self.request.feature_id

    def outcome(self, kind: OutcomeKind) -> Outcome:
        return Outcome(kind, self.request.uid, self.request.feature_id)

    def rejected(self, problems: list[Problem]) -> Outcome:
        return replace(self.outcome(OutcomeKind.REJECTED), problems=tuple(problems))


def create(work: Work) -> Outcome:
    changes, problems = validation.read_changes(work.layer, work.request, None)
    if problems:
        return work.rejected(problems)
    policy.require(work.actor, Action.EDIT, str(changes["division"]))
    feature = work.layer.model()
    put(work.layer, feature, changes)
    return _save(work, feature, old={}, kind=OutcomeKind.APPLIED)


def update(work: Work) -> Outcome:
    feature = _locked(work)
    problems: list[Problem] = []
    if work.request.undoes is not None:
        changes: State = work.request.undoes.old
    else:
        changes, problems = validation.read_changes(work.layer, work.request, feature)
    if problems:
        return work.rejected(problems)
    base_version = _checked_base(work.request, feature)
    now = state_of(work.layer, feature)
    base = {**now, **_values_at(work.layer, feature, base_version)}
    taken, clashes = merge(base=base, mine=changes, theirs=now)
    if clashes:
        outcome = work.outcome(OutcomeKind.CONFLICT)
        return replace(outcome, version=feature.version, clashes=tuple(clashes))
    policy.require(work.actor, Action.EDIT, str(taken.get("division", feature.division_id)))
    kind = OutcomeKind.APPLIED if base_version == feature.version else OutcomeKind.MERGED
    put(work.layer, feature, taken)
    feature.version += 1
    old = {name: now[name] for name in taken}
    return _save(work, feature, old=old, kind=kind, changed=taken)


def delete(work: Work) -> Outcome:
    feature = _locked(work)
    if _checked_base(work.request, feature) != feature.version:
        return replace(work.outcome(OutcomeKind.CONFLICT), version=feature.version)
    old = state_of(work.layer, feature)
    key, version = feature.pk, feature.version + 1
    feature.delete()
    changeset = _changeset(work)
    _journal(work, changeset, (key, version), old=old, new={}, kind=OutcomeKind.APPLIED)
    return replace(work.outcome(OutcomeKind.APPLIED), feature_id=key, version=version)


def restore(work: Work) -> Outcome:
    edits = Edit.objects.filter(layer=work.layer.name, feature_id=work.feature_id)
    last = edits.order_by("-version").first()
    division = str(last.old.get("division", "")) if last else ""
    if last is None or last.operation != Operation.DELETE or not _visible(work, division):
        raise NotFound(_("There is no deleted feature to restore here."))
    policy.require(work.actor, Action.EDIT, division)
    problems: list[Problem] = []
    validation.check_code_is_free(work.layer, {"code": last.old["code"]}, None, problems)
    if problems:
        return work.rejected(problems)
    feature = work.layer.model(id=last.feature_id, version=last.version + 1)
    put(work.layer, feature, last.old)
    return _save(work, feature, old={}, kind=OutcomeKind.APPLIED)


def _visible(work: Work, division: str) -> bool:
    return policy.scope(work.actor).covers(division)


def _locked(work: Work) -> Feature:
    """The row, locked, if the actor may see and edit it."""
    rows = work.layer.rows.select_for_update()
    feature = rows.filter(policy.scope(work.actor).q(), pk=work.feature_id).first()
    if feature is None:
        raise NotFound(
            _("There is no such feature in your divisions."),
            remedy=_("It may have been deleted: reload the map."),
        )
    policy.require(work.actor, Action.EDIT, feature.division_id)
    return feature


def _checked_base(request: EditRequest, feature: Feature) -> int:
    if request.base_version is None or not 1 <= request.base_version <= feature.version:
        raise BadRequest(
            _("An edit names the version it started from."),
            remedy=_("Send base_version, as read with the feature."),
        )
    return request.base_version


def _values_at(layer: Layer, feature: Feature, version: int) -> State:
    """The values, at an older version, of the fields that were edited since."""
    found: State = {}
    edits = Edit.objects.filter(layer=layer.name, feature_id=feature.pk, version__gt=version)
    for edit in edits.order_by("version"):
        for name, value in edit.old.items():
            found.setdefault(name, value)
    return found


def _save(
    work: Work,
    feature: Feature,
    *,
    old: State,
    kind: OutcomeKind,
    changed: State | None = None,
) -> Outcome:
    """Save the row and its journal entry, tell the other parts, look for warnings."""
    changeset = _changeset(work)
    feature.updated_at = timezone.now()
    feature.changeset = changeset
    feature.save()
    new = state_of(work.layer, feature) if changed is None else changed
    key = (feature.pk, feature.version)
    _journal(work, changeset, key, old=old, new=new, kind=kind, feature=feature)
    return replace(
        work.outcome(kind),
        feature_id=feature.pk,
        version=feature.version,
        warnings=validation.placement_warnings(feature),
    )


def _changeset(work: Work) -> Changeset:
    return Changeset.objects.create(
        author=work.actor, layer=work.layer.name, reason=work.request.reason[:300], rows=1
    )


def _journal(
    work: Work,
    changeset: Changeset,
    key: tuple[int, int],
    *,
    old: State,
    new: State,
    kind: OutcomeKind,
    feature: Feature | None = None,
) -> None:
    """Append the entry for `key` (feature id, version), and announce it."""
    request = work.request
    edit = Edit.objects.create(
        uid=request.uid,
        changeset=changeset,
        layer=work.layer.name,
        feature_id=key[0],
        operation=request.operation,
        outcome=kind,
        base_version=request.base_version,
        version=key[1],
        old=old,
        new=new,
        undoes=request.undoes,
        author=work.actor,
        captured_at=request.captured_at or timezone.now(),
    )
    signals.feature_edited.send(
        sender=work.layer.model, layer=work.layer, edit=edit, feature=feature
    )
