"""The versions of one feature: each entry of its journal, and the states between them."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gisapp.web.editing.chronicle import Entry, Standing, entries_of, visible_features, with_people
from gisapp.web.editing.shapes import geojson_of, shape_change
from gisapp.web.editing.wording import Change, Vocabulary
from layers.access import policy
from layers.access.policy import Actor
from layers.access.roles import Action
from layers.editing.rows import GEOMETRY
from layers.errors import NotFound
from layers.history.versions import LOADED, Version, state_at_version, versions_of
from layers.models import Edit
from layers.registry import Layer

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side: `a` is the older one."""

    a: int
    b: int
    changes: list[Change]
    shape: list[str]
    shapes: list[dict[str, Any]]


@dataclass
class Past:
    """A feature, living or deleted, as one reader may look back on it. Raises NotFound."""

    layer: Layer
    feature_id: int
    user: Actor
    standing: Standing = field(init=False)

    def __post_init__(self) -> None:
        key = (self.layer.name, self.feature_id)
        found = visible_features(self.user, [key]).get(key)
        if found is None:
            raise NotFound(_("There is no such feature, or it is outside your divisions."))
        self.standing = found

    @property
    def edits(self) -> QuerySet[Edit]:
        rows = Edit.objects.filter(layer=self.layer.name, feature_id=self.feature_id)
        return rows.order_by("-version")

    @property
    def last_version(self) -> int:
        return self.all[-1].version

    @cached_property
    def all(self) -> list[Version]:
        return versions_of(self.layer, self.feature_id)

    @property
    def loaded(self) -> Version | None:
        """The first version, where it came with a file: it has no entry of its own."""
        return self.all[0] if self.all[0].operation == LOADED else None

    @cached_property
    def versions(self) -> set[int]:
        """Those in which there was a feature: a deletion leaves none to compare or go back to."""
        return {each.version for each in self.all if not each.removed}

    @cached_property
    def may_edit(self) -> bool:
        return policy.may(self.user, Action.EDIT, self.standing.division)

    def entries(self, page: int) -> list[Entry]:
        shown = self.edits[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        return entries_of(self.user, with_people(shown))

    @cached_property
    def pages(self) -> int:
        return max(1, -(-self.edits.count() // PAGE_SIZE))

    def comparison(self, a: int | None, b: int | None) -> Comparison | None:
        """Of two versions; by default of the last two that there were."""
        known = sorted(self.versions)
        wanted = (a, b) if a in known and b in known and a != b else tuple(known[-2:])
        if len(wanted) < 2 or wanted[0] is None or wanted[1] is None:
            return None
        first, second = sorted((wanted[0], wanted[1]))
        before, after = (
            state_at_version(self.layer, self.feature_id, each) for each in (first, second)
        )
        words = Vocabulary([before, after])
        sides = (("before", before), ("after", after))
        return Comparison(
            first,
            second,
            words.changes(self.layer, before, after),
            shape_change(before, after),
            [
                {"side": name, "geometry": shape}
                for name, state in sides
                if (shape := geojson_of(state.get(GEOMETRY)))
            ],
        )
