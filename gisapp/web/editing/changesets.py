"""A changeset as one reader may see it: its entries in the reader's divisions."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from gisapp.web.editing.chronicle import Entry, entries_of, visible_features, with_people
from layers.access import policy
from layers.access.policy import Actor
from layers.access.roles import Action
from layers.errors import NotFound
from layers.models import Changeset, Edit
from layers.registry import layer_named

PAGE_SIZE = 40


@dataclass(frozen=True)
class Gathering:
    """`keys` are the visible entries, oldest first; `loaded` the rows of a load still as it left
    them, which has no entries."""

    changeset: Changeset
    user: Actor
    keys: list[int]
    loaded: int
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
        loaded = 0 if entries else _rows_of_load(user, changeset)
        if not seen and not loaded:
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


def _rows_of_load(user: Actor, changeset: Changeset) -> int:
    if not changeset.layer:
        return 0
    rows = layer_named(changeset.layer).rows
    return rows.filter(policy.scope(user).q(), changeset=changeset).count()


def _not_there() -> NotFound:
    return NotFound(_("There is no such changeset in your divisions."))
