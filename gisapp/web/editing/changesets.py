"""A changeset as one reader may see it: its entries in the reader's divisions."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from gisapp.web.editing.chronicle import Entry, entries_of, visible_features, with_people
from layers.access import policy
from layers.access.policy import Actor
from layers.access.roles import Action
from layers.errors import NotFound
from layers.models import Changeset, Edit
from layers.models.chain import Load
from layers.registry import Layer, layer_named

PAGE_SIZE = 40


@dataclass(frozen=True)
class Gathering:
    """`keys` are the visible entries, oldest first; `loaded` the layer of a bulk load, which has
    none: it is told of where one of its features is in sight, and how many there are is not."""

    changeset: Changeset
    user: Actor
    keys: list[int]
    loaded: Layer | None
    may_undo: bool

    @classmethod
    def visible(cls, user: Actor, number: int) -> "Gathering":
        """Raises NotFound for one without anything in the reader's divisions."""
        changeset = Changeset.objects.filter(pk=number).select_related("author", "undoes").first()
        if changeset is None:
            raise _not_there()
        entries = list(changeset.edits.order_by("id").values_list("pk", "layer", "feature_id"))
        standing = visible_features(user, {(layer, key) for _pk, layer, key in entries})
        seen = [pk for pk, layer, key in entries if (layer, key) in standing]
        loaded = None if entries else _loaded_in_sight(user, changeset)
        if not seen and loaded is None:
            raise _not_there()
        editable = policy.scope(user, Action.EDIT)
        within = all(editable.covers(each.division) for each in standing.values())
        whole = bool(seen) and len(seen) == len(entries) and within
        return cls(changeset, user, seen, loaded, whole and not changeset.undone_by.exists())

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.keys) // PAGE_SIZE))

    @property
    def undoing(self) -> Changeset | None:
        """The changeset that took this one back."""
        return self.changeset.undone_by.select_related("author").first()

    def entries(self, page: int) -> list[Entry]:
        wanted = self.keys[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        edits = {each.pk: each for each in Edit.objects.filter(pk__in=wanted)}
        return entries_of(self.user, with_people(edits[key] for key in wanted))


def _loaded_in_sight(user: Actor, changeset: Changeset) -> Layer | None:
    load = Load.objects.filter(changeset=changeset).first()
    if load is None:
        return None
    layer = layer_named(load.layer)
    rows = layer.rows.filter(pk__gte=load.first_feature, pk__lte=load.last_feature)
    return layer if rows.filter(policy.scope(user).q()).exists() else None


def _not_there() -> NotFound:
    return NotFound(_("There is no such changeset in your divisions."))
