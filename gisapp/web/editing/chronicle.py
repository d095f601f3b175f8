"""Entries of the journal in words: who, when, why, what differed, and what can be taken back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models.fields.json import KeyTextTransform
from django.utils.functional import Promise

from gisapp.web.editing.shapes import shape_change, shape_in_words
from gisapp.web.editing.wording import OPERATIONS, Change, Vocabulary
from layers.access import policy
from layers.access.policy import Actor, Rights
from layers.access.roles import Action
from layers.editing.rows import GEOMETRY, State
from layers.models import Edit, Operation
from layers.registry import Layer, layer_named

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the journal. `place` and `name` are the feature's as it is now, or as it was
    when it was deleted; `live`: there is a feature to open."""

    edit: Edit
    layer: Layer
    operation: str | Promise
    name: str
    place: str
    live: bool
    changes: Sequence[Change]
    shape: Sequence[str]
    may_undo: bool

    @property
    def folded(self) -> bool:
        """A feature that begins or ends has many values, of which few readers want all."""
        return bool(self.edit.old) != bool(self.edit.new)


def with_people(edits: Iterable[Edit]) -> list[Edit]:
    """The same entries with what a page says of them, in two queries however many they are."""
    wanted = [each.pk for each in edits]
    rows = Edit.objects.filter(pk__in=wanted).select_related(
        "author", "reviewer", "changeset", "part_of", "undoes"
    )
    return sorted(rows, key=lambda each: wanted.index(each.pk))


def entries_of(user: Actor, edits: Sequence[Edit]) -> list[Entry]:
    """The entries whose feature the reader may see; the others are left out."""
    standing = visible_features(user, {(each.layer, each.feature_id) for each in edits})
    shown = [each for each in edits if (each.layer, each.feature_id) in standing]
    states: list[State] = [*(e.old for e in shown), *(e.new for e in shown)]
    divisions = [{"division": place.division} for place in standing.values()]
    words = Vocabulary([*states, *divisions])
    undone = set(Edit.objects.filter(undoes__in=shown).values_list("undoes", flat=True))
    rights = policy.rights(user)
    return [
        _entry(each, standing[each.layer, each.feature_id], words, rights, undone) for each in shown
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """A feature as it stands, or stood when it was deleted."""

    name: str
    division: str
    live: bool


def visible_features(user: Actor, keys: Iterable[Key]) -> dict[Key, Standing]:
    """Those of the features, living or deleted, that lie in the reader's divisions."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for name, feature_id in keys:
        wanted[name].add(feature_id)
    found: dict[Key, Standing] = {}
    for name, ids in wanted.items():
        layer = layer_named(name)
        rows = layer.rows.filter(policy.scope(user).q(), pk__in=ids)
        for key, title, code, division in rows.values_list("pk", "name", "code", "division_id"):
            found[name, key] = Standing(title or code, division, live=True)
        there = set(layer.rows.filter(pk__in=ids).values_list("pk", flat=True))
        for edit in last_deletions(user, layer, ids - there):
            title = str(edit.old.get("name") or edit.old.get("code"))
            found[name, edit.feature_id] = Standing(title, str(edit.old["division"]), live=False)
    return found


def last_deletions(user: Actor, layer: Layer, feature_ids: set[int]) -> list[Edit]:
    """The deletions of features that are gone, in the reader's divisions; the last of each."""
    if not feature_ids:
        return []
    rows = Edit.objects.filter(
        layer=layer.name, feature_id__in=feature_ids, operation=Operation.DELETE
    )
    placed = rows.annotate(place=KeyTextTransform("division", "old"))
    last = placed.order_by("feature_id", "-version").distinct("feature_id").values("pk")
    return list(placed.filter(policy.scope(user).q("place"), pk__in=last))


def _entry(
    edit: Edit, standing: Standing, words: Vocabulary, rights: Rights, undone: set[int | None]
) -> Entry:
    layer = layer_named(edit.layer)
    old, new = edit.old, edit.new
    # An update that found nothing left to change has neither.
    whole = bool(old) != bool(new)
    moved = GEOMETRY in edit.old or GEOMETRY in edit.new
    editable = rights.scope(Action.EDIT).covers(standing.division)
    return Entry(
        edit,
        layer,
        OPERATIONS[Operation(edit.operation)],
        standing.name,
        words.places.get(standing.division, ""),
        standing.live,
        words.changes(layer, old, new, whole=whole),
        _shape(old, new, whole=whole) if moved else [],
        # What another edit took back, or belongs to a whole, has no undo of its own.
        may_undo=editable and edit.pk not in undone and edit.part_of_id is None,
    )


def _shape(old: State, new: State, *, whole: bool) -> list[str]:
    return [shape_in_words((new or old).get(GEOMETRY))] if whole else shape_change(old, new)
