"""One conflict or held edit in words: what the sides are, who may decide, what was decided."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gisapp.web.editing.chronicle import Entry, Standing, entries_of, visible_features, with_people
from gisapp.web.editing.proposal import Difference, difference
from gisapp.web.editing.shapes import geojson_of, shape_change, shape_in_words
from gisapp.web.editing.wording import OPERATIONS, Change, Vocabulary
from gisapp.web.templatetags.people import person
from layers.access import policy
from layers.access.roles import Action, roles_that_may
from layers.editing.conflicts import DRAWN_AGAIN
from layers.editing.request import Outcome
from layers.editing.rows import GEOMETRY, PROVENANCE, State
from layers.editing.submissions import clashes_of
from layers.models import Edit, Grant, Operation, User
from layers.models.submission import Submission
from layers.plans.rehearsal import Effect, Rehearsal, rehearse_held
from layers.registry import Layer, layer_named

LIVE = "after"
"""The side of the map that shows a feature as it is."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A field to decide; `name` is what the form sends."""

    name: str
    sides: Difference


@dataclass(frozen=True, slots=True)
class Effects:
    """What an edit did or would do, in words."""

    changes: Sequence[Change] = ()
    shape: Sequence[str] = ()
    outcome: Outcome | None = None


@dataclass
class Dispute:
    """A submission as one reader sees it."""

    submission: Submission
    user: User
    layer: Layer = field(init=False)

    def __post_init__(self) -> None:
        self.layer = layer_named(self.submission.layer)

    @property
    def held(self) -> bool:
        return self.submission.kind == Submission.Kind.HELD

    @property
    def open(self) -> bool:
        return self.submission.settlement == Submission.Settlement.OPEN

    @property
    def own(self) -> bool:
        return self.submission.author_id == self.user.pk

    @property
    def operation(self) -> str | Promise:
        return OPERATIONS[Operation(self.submission.operation)]

    @property
    def form(self) -> str:
        """What there is to decide: `held`, `redraw`, `deleted`, `deletion` or `fields`."""
        if self.held:
            return "held"
        if self.submission.operation in DRAWN_AGAIN:
            return "redraw"
        if self.submission.operation == Operation.DELETE:
            return "deletion"
        return "fields" if self.submission.theirs else "deleted"

    @cached_property
    def may_decide(self) -> bool:
        if not self.open:
            return False
        action = Action.REVIEW if self.held else Action.EDIT
        return policy.may(self.user, action, self.submission.division) and not (
            self.held and self.own
        )

    @property
    def may_dismiss(self) -> bool:
        return self.open and (self.own or self.may_decide)

    @cached_property
    def sees_theirs(self) -> bool:
        """An author whose grant has ended keeps what was sent, and sees no more of the rest."""
        return policy.may(self.user, Action.VIEW, self.submission.division)

    @cached_property
    def standing(self) -> Standing | None:
        key = (self.submission.layer, self.submission.feature_id or 0)
        return visible_features(self.user, [key]).get(key)

    @cached_property
    def name(self) -> str:
        if self.standing:
            return self.standing.name
        mine = self.submission.mine if isinstance(self.submission.mine, dict) else {}
        return str(mine.get("name") or self.layer.title)

    @cached_property
    def words(self) -> Vocabulary:
        kept = self.submission
        return Vocabulary(
            [kept.base, kept.mine, kept.theirs, {"division": kept.division}, *self._held_states]
        )

    @property
    def place(self) -> str:
        return self.words.places.get(self.submission.division, "")

    @cached_property
    def choices(self) -> list[Choice]:
        return [
            Choice(clash.field, difference(self.layer, clash, self.words))
            for clash in clashes_of(self.submission)
        ]

    @cached_property
    def undisputed(self) -> Effects:
        """What of mine is applied whatever is decided about the rest."""
        clashing = {each.field for each in clashes_of(self.submission)}
        if GEOMETRY in clashing:
            clashing |= set(PROVENANCE)
        theirs, base = self.submission.theirs, self.submission.base
        mine = {k: v for k, v in self.submission.mine.items() if k not in clashing and k in theirs}
        now = {name: theirs[name] for name in mine}
        shape = shape_change(base, mine) if GEOMETRY in mine else []
        return Effects(self.words.changes(self.layer, now, mine), shape)

    @cached_property
    def wanted(self) -> Effects:
        """What the author changed, of a feature that is deleted now."""
        mine, base = self.submission.mine, self.submission.base
        shape = shape_change(base, mine) if GEOMETRY in mine else []
        return Effects(self.words.changes(self.layer, base, mine), shape)

    @cached_property
    def changed_since(self) -> Effects:
        """What others changed, of a feature that the author deletes."""
        base, theirs = self.submission.base, self.submission.theirs
        shape = shape_change(base, theirs) if GEOMETRY in theirs else []
        return Effects(self.words.changes(self.layer, base, theirs), shape)

    @cached_property
    def others(self) -> list[Edit]:
        """The entries of others since the version that the author saw, newest first."""
        seen = self.submission.request.get("base_version")
        if seen is None or self.submission.feature_id is None:
            return []
        rows = Edit.objects.filter(
            layer=self.submission.layer,
            feature_id=self.submission.feature_id,
            version__gt=seen,
            version__lte=self.submission.theirs_version or seen,
        )
        return list(rows.select_related("author").order_by("-version")[:5])

    @property
    def mine_label(self) -> str:
        """Whose the edit is, as the reader would say it."""
        return _("Mine") if self.own else person(self.submission.author)

    @property
    def theirs_label(self) -> str:
        """Whose the values are that stand there now."""
        authors = {each.author_id: each.author for each in self.others}
        if set(authors) == {self.user.pk} and not self.own:
            return _("Mine")
        return person(next(iter(authors.values()))) if len(authors) == 1 else _("Others")

    @property
    def legend(self) -> list[tuple[str, str]]:
        """The sides that the map can show, with their labels."""
        if [each["side"] for each in self.shapes] == [LIVE]:
            return [(LIVE, _("Live now"))]
        if self.held:
            return [("before", _("Live now")), ("after", _("By this edit"))]
        theirs = [("theirs", self.theirs_label)] if self.sees_theirs else []
        return [("base", _("Before")), *theirs, ("mine", self.mine_label)]

    @cached_property
    def shapes(self) -> list[dict[str, Any]]:
        """The geometry on each side, for the map."""
        kept = self.submission
        sides = [("base", kept.base), ("mine", kept.mine)]
        if self.sees_theirs:
            sides.insert(1, ("theirs", kept.theirs))
        if self.held:
            sides = list(zip(("before", "after"), self._held_states, strict=False))
        found = [(name, geojson_of((state or {}).get(GEOMETRY))) for name, state in sides]
        if not any(shape for _name, shape in found):
            found = [(LIVE, self._live_shape)]
        return [{"side": name, "geometry": shape} for name, shape in found if shape]

    @cached_property
    def _live_shape(self) -> dict[str, Any] | None:
        """Where the feature is, for a conflict that is not about that."""
        wanted = self.submission.feature_id or 0
        row = self.layer.rows.filter(policy.scope(self.user).q(), pk=wanted).first()
        return json.loads(row.geom.geojson) if row is not None and row.geom else None

    @cached_property
    def decided(self) -> Entry | None:
        """The edit that the decision became, where the reader may see its feature."""
        if self.submission.settled_edit is None:
            return None
        found = entries_of(self.user, with_people([self.submission.settled_edit]))
        return found[0] if found else None

    @property
    def waiting(self) -> int:
        """Later edits of the same device that wait for this one."""
        return Submission.objects.filter(
            predecessor=self.submission.uid,
            kind=Submission.Kind.WAITING,
            settlement=Submission.Settlement.OPEN,
        ).count()

    @cached_property
    def ended_grants(self) -> list[Grant]:
        """The author's grants that allowed the edit when it was made, and have ended since."""
        kept = self.submission
        rows = Grant.objects.filter(
            user=kept.author,
            role__in=roles_that_may(Action.EDIT),
            granted_at__lte=kept.captured_at,
            revoked_at__gt=kept.captured_at,
        ).select_related("division", "zone", "revoked_by")
        return [each for each in rows if _covered(each, kept)]

    @cached_property
    def would_do(self) -> Effects | None:
        """What letting a held edit in would do now; only its deciders are shown."""
        if not (self.held and self.may_decide):
            return None
        before, after = self._held_states
        outcome = self._rehearsal.outcomes[0]
        whole = before is None or after is None
        shape = shape_change(before, after) if not whole else []
        if whole and (after or before):
            shape = [shape_in_words((after or before or {}).get(GEOMETRY))]
        changes = self.words.changes(self.layer, before, after, whole=whole)
        return Effects(changes, shape, outcome)

    @cached_property
    def _rehearsal(self) -> Rehearsal:
        return rehearse_held(self.submission, self.user)

    @cached_property
    def _held_states(self) -> list[State | None]:
        if not (self.held and self.may_decide):
            return [None, None]
        effects: list[Effect] = next(iter(self._rehearsal.effects.values()), [])
        return [effects[0].before, effects[0].after] if effects else [None, None]


def _covered(grant: Grant, kept: Submission) -> bool:
    if grant.zone_id:
        day = kept.captured_at.date()
        return policy.zone_scope(grant.zone_id, day).covers(kept.division)
    prefix = policy.division_prefix(grant.division_id) if grant.division_id else ""
    return policy.Scope.of([prefix]).covers(kept.division)
