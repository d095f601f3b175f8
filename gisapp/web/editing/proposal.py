"""What each edit of a plan would do now, in words: the cards of the plan's page."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from gisapp.web.editing.shapes import shape_change, shape_in_words
from gisapp.web.editing.wording import OPERATIONS, Change, Vocabulary, field_label
from layers.access import policy
from layers.access.policy import Actor
from layers.editing.merge import Clash
from layers.editing.request import Outcome, OutcomeKind
from layers.editing.rows import GEOMETRY, PERSONAL, State, state_of
from layers.models import Operation
from layers.models.plan import Plan, PlannedEdit
from layers.plans.rehearsal import Effect, Rehearsal
from layers.registry import Layer, layer_named

PAGE_SIZE = 40

VERSION = "version"

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """An edit in the list: on which of its pages."""

    uid: UUID
    page: int


@dataclass(frozen=True, slots=True)
class Part:
    """A feature that a split makes or a merge takes up."""

    name: str
    shape: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in words, three times: as the author saw it, as it is now, as the author wants."""

    label: str
    base: Any = None
    theirs: Any = None
    mine: Any = None
    hidden: bool = False
    shape: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One edit. `feature_id` is the live feature's, None where there is none.

    `out_of_sight`: the feature has left the reader's divisions since; nothing of it is told.
    """

    edit: PlannedEdit
    layer: Layer
    operation: str | Promise
    outcome: Outcome
    name: str = ""
    place: str = ""
    feature_id: int | None = None
    live_version: int = 0
    changes: Sequence[Change] = ()
    shape: Sequence[str] = ()
    parts: Sequence[Part] = ()
    differences: Sequence[Difference] = ()
    out_of_sight: bool = False

    @property
    def fits(self) -> bool:
        return self.outcome.in_the_journal

    @property
    def merged(self) -> bool:
        """With what others changed since; not only with the plan's own edits before it."""
        seen = self.edit.request.get("base_version") or 0
        return self.outcome.kind is OutcomeKind.MERGED and self.live_version > seen

    @property
    def folded(self) -> bool:
        """A new or deleted feature has many values, of which few readers want all."""
        return self.edit.operation in {Operation.CREATE, Operation.DELETE}


@dataclass
class Proposal:
    """The plan's edits against what is live: `rehearsal` is of all, cards are made of a page."""

    plan: Plan
    rehearsal: Rehearsal
    user: Actor
    edits: list[PlannedEdit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.edits = list(self.plan.edits.all())
        self.outcomes = {each.uid: each for each in self.rehearsal.outcomes}

    def cards(self, page: int = 1) -> list[Card]:
        shown = self.edits[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        live = self._live(shown)
        hidden = self._standing(shown) - live.keys()
        states = [*live.values(), *self._states(shown)]
        words = Vocabulary(states)
        return [
            self._hidden_card(each)
            if (each.layer, each.feature_id) in hidden
            else self._card(each, live, words)
            for each in shown
        ]

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.edits) // PAGE_SIZE))

    @property
    def bad(self) -> int:
        return len(self.rehearsal.bad)

    @property
    def first_bad(self) -> "Place | None":
        """Where the first edit stands that does not fit."""
        for index, each in enumerate(self.edits):
            if not self.outcomes[each.uid].in_the_journal:
                return Place(each.uid, index // PAGE_SIZE + 1)
        return None

    def _live(self, edits: Sequence[PlannedEdit]) -> dict[Key, State]:
        """The features concerned as they stand, those that the reader may see."""
        visible = policy.scope(self.user).q()
        return {
            (layer.name, row.pk): {**state_of(layer, row), VERSION: row.version}
            for layer, ids in _concerned(edits)
            for row in layer.rows.filter(visible, pk__in=ids)
        }

    def _standing(self, edits: Sequence[PlannedEdit]) -> set[Key]:
        """Which of the features concerned are there at all, wherever they are by now."""
        return {
            (layer.name, key)
            for layer, ids in _concerned(edits)
            for key in layer.rows.filter(pk__in=ids).values_list("pk", flat=True)
        }

    def _states(self, edits: Sequence[PlannedEdit]) -> list[State | None]:
        effects = [e for each in edits for e in self.rehearsal.effects.get(each.uid, ())]
        clashes = [c for each in edits for c in self.outcomes[each.uid].clashes]
        divisions = [c for c in clashes if c.field == "division"]
        sides = [{"division": v} for c in divisions for v in (c.base, c.mine, c.theirs)]
        return [*(s for e in effects for s in (e.before, e.after)), *sides]

    def _card(self, edit: PlannedEdit, live: dict[Key, State], words: Vocabulary) -> Card:
        layer = layer_named(edit.layer)
        effects = self.rehearsal.effects.get(edit.uid, [])
        own = effects[0] if effects else None
        now = live.get((edit.layer, edit.feature_id or 0))
        known = (own and (own.after or own.before)) or now or {}
        card = replace(
            self._hidden_card(edit),
            name=words.name(layer, known),
            place=words.places.get(str(known.get("division", "")), ""),
            feature_id=edit.feature_id if now is not None else None,
            live_version=int((now or {}).get(VERSION) or 0),
            out_of_sight=False,
        )
        return _filled(card, own, effects[1:], words)

    def _hidden_card(self, edit: PlannedEdit) -> Card:
        operation = OPERATIONS[Operation(edit.operation)]
        layer, outcome = layer_named(edit.layer), self.outcomes[edit.uid]
        return Card(edit, layer, operation, outcome, out_of_sight=True)


def _concerned(edits: Sequence[PlannedEdit]) -> list[tuple[Layer, set[int]]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for each in edits:
        if each.feature_id is not None:
            wanted[each.layer].add(each.feature_id)
    return [(layer_named(name), ids) for name, ids in wanted.items()]


def _filled(card: Card, own: Effect | None, parts: Sequence[Effect], words: Vocabulary) -> Card:
    layer = card.layer
    changes: list[Change] = []
    shape: list[str] = []
    if own is not None:
        whole = own.before is None or own.after is None
        changes = words.changes(layer, own.before, own.after, whole=whole)
        shape = shape_change(own.before, own.after) if not whole else []
        if whole:
            shape = [shape_in_words((own.after or own.before or {}).get(GEOMETRY))]
    return replace(
        card,
        changes=changes,
        shape=shape,
        parts=[_part(layer, each, words) for each in parts],
        differences=[difference(layer, each, words) for each in card.outcome.clashes],
    )


def _part(layer: Layer, effect: Effect, words: Vocabulary) -> Part:
    state = effect.after or effect.before or {}
    return Part(words.name(layer, state), shape_in_words(state.get(GEOMETRY)))


def difference(layer: Layer, clash: Clash, words: Vocabulary) -> Difference:
    """A clash in words; the shapes as what each side made of the one before."""
    label = field_label(layer, clash.field)
    if clash.field == PERSONAL:
        return Difference(label, hidden=True)
    if clash.field == GEOMETRY:
        base = {GEOMETRY: clash.base}
        theirs, mine = (shape_change(base, {GEOMETRY: each}) for each in (clash.theirs, clash.mine))
        return Difference(label, [shape_in_words(clash.base)], theirs, mine, shape=True)
    return Difference(
        label,
        words.line(layer, clash.field, clash.base),
        words.line(layer, clash.field, clash.theirs),
        words.line(layer, clash.field, clash.mine),
    )
