"""Taking an import back: its rows, its edits, and the conflicts that it raised."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from importers.comparison.asked import device_of
from importers.loading.importing import import_scope
from layers.access.policy import Scope
from layers.editing import bulk, loads, service
from layers.editing.request import Outcome
from layers.editing.submissions import settle
from layers.errors import Conflict, NotFound
from layers.models.access import User
from layers.models.journal import Changeset, Edit
from layers.models.submission import Submission
from layers.registry import Layer, layer_named

A_CALL = 5_000
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """A feature that stays as it is, because somebody has changed since what the import wrote."""

    feature_id: int
    code: str


@dataclass(frozen=True, slots=True)
class Undone:
    """`removed`: features that the import brought; `reverted`: edits of others taken back.

    `kept` counts the features of which something stays; `kept_features` are the first of them.
    """

    changeset: Changeset
    removed: int
    reverted: int
    kept: int
    kept_features: tuple[Kept, ...]


@transaction.atomic
def undo_import(*, actor: User, changeset: Changeset) -> Undone:
    """All of it or nothing, but for what people have changed since: that stays, and is listed.

    Raises NotFound where nothing of it is in the actor's divisions, Conflict for the second time.
    """
    scope = import_scope(actor)
    layer = _layer_of(scope, changeset)
    if changeset.undoes_id or changeset.undone_by.exists():
        raise Conflict(
            _("This import was taken back before."), remedy=_("There is nothing left to do.")
        )
    undoing = bulk.undoing_changeset(actor, layer, changeset)
    reverted, kept = _take_back(actor, scope, layer, changeset, undoing)
    _dismiss_conflicts(actor, scope, changeset)
    unloading = bulk.unload(actor=actor, layer=layer, changeset=changeset, undoing=undoing)
    stays = [*_edited_rows(scope, layer, changeset), *kept]
    return Undone(
        undoing,
        unloading.removed,
        reverted,
        unloading.kept + len(kept),
        tuple(stays[:MOST_LISTED]),
    )


def _layer_of(scope: Scope, changeset: Changeset) -> Layer:
    """An import of which nothing is in scope is none."""
    if changeset.kind == Changeset.Kind.IMPORT and changeset.layer:
        layer = layer_named(changeset.layer)
        features = changeset.edits.values("feature_id")
        load = loads.load_of(changeset)
        mine = layer.rows.filter(scope.q())
        loaded = load is not None and (
            mine.filter(pk__range=(load.first_feature, load.last_feature)).exists()
        )
        if loaded or scope.everything or mine.filter(pk__in=features).exists():
            return layer
    raise NotFound(
        _("There is no import with the number %(number)d.") % {"number": changeset.pk},
        remedy=_("import_layer printed the number of its changeset."),
    )


def _take_back(
    actor: User, scope: Scope, layer: Layer, changeset: Changeset, undoing: Changeset
) -> tuple[int, list[Kept]]:
    reverted = 0
    kept: dict[int, Kept] = {}
    for edits in _pages(changeset):
        outcomes = service.take_back(actor=actor, edits=edits, changeset=undoing)
        reverted += sum(each.in_the_journal for each in outcomes)
        for each in _standing(scope, layer, outcomes):
            kept[each.feature_id] = each
    return reverted, list(kept.values())


def _pages(changeset: Changeset) -> Iterator[list[Edit]]:
    """The edits, newest first: the later of two on one feature goes back before the earlier."""
    before: int | None = None
    while True:
        edits = changeset.edits.select_related("part_of").order_by("-id")
        page = list(edits.filter(pk__lt=before)[:A_CALL] if before else edits[:A_CALL])
        if not page:
            return
        yield page
        before = page[-1].pk


def _standing(scope: Scope, layer: Layer, outcomes: Sequence[Outcome]) -> list[Kept]:
    """What could not be taken back, as far as the actor may see it."""
    ids = [each.feature_id for each in outcomes if not each.in_the_journal and each.feature_id]
    rows = layer.rows.filter(scope.q(), pk__in=ids).values_list("pk", "code")
    return [Kept(feature_id, code) for feature_id, code in rows.order_by("pk")]


def _edited_rows(scope: Scope, layer: Layer, changeset: Changeset) -> list[Kept]:
    """Rows that the import loaded and somebody has edited; the first of them."""
    load = loads.load_of(changeset)
    if load is None:
        return []
    made = Edit.objects.filter(layer=layer.name, version=1).values("feature_id")
    ids = (load.first_feature, load.last_feature)
    rows = layer.rows.filter(scope.q(), pk__range=ids, version__gt=1).exclude(pk__in=made)
    found = rows.order_by("pk").values_list("pk", "code")[:MOST_LISTED]
    return [Kept(feature_id, code) for feature_id, code in found]


def _dismiss_conflicts(actor: User, scope: Scope, changeset: Changeset) -> None:
    """What the import wanted and could not have is wanted no longer."""
    conflicts = Submission.objects.select_for_update().filter(
        scope.q("division"),
        kind=Submission.Kind.CONFLICT,
        settlement=Submission.Settlement.OPEN,
        layer=changeset.layer,
        device=device_of(changeset),
    )
    for each in conflicts:
        settle(each, Submission.Settlement.DISMISSED, by=actor)
