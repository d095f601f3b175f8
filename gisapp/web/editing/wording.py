"""Values of features in words, as they were and as they are to be.

Plans, conflicts and histories show states in the journal's form; what a field is called and what
a code means comes from the registry, as in the sheet.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layers.codes import CodeLists, every_label
from layers.divisions.names import place_names
from layers.editing.rows import GEOMETRY, PERSONAL, State, from_journal
from layers.editing.values import Json
from layers.models import Operation
from layers.models.plan import Plan, PlanEvent
from layers.models.submission import Submission
from layers.registry import LAYERS, Kind, Layer
from layers.sheet import Line, line_of

OPERATIONS = {
    Operation.CREATE: gettext_lazy("New"),
    Operation.UPDATE: gettext_lazy("Changed"),
    Operation.DELETE: gettext_lazy("Deleted"),
    Operation.RESTORE: gettext_lazy("Restored"),
    Operation.SPLIT: gettext_lazy("Split"),
    Operation.MERGE: gettext_lazy("Merged"),
}
PLAN_STATES = {
    Plan.State.DRAFT: gettext_lazy("Draft"),
    Plan.State.SUBMITTED: gettext_lazy("Under review"),
    Plan.State.RETURNED: gettext_lazy("Returned"),
    Plan.State.APPROVED: gettext_lazy("Approved"),
    Plan.State.APPLIED: gettext_lazy("Applied"),
    Plan.State.WITHDRAWN: gettext_lazy("Withdrawn"),
}
PLAN_EVENTS = {
    PlanEvent.Kind.COMMENT: gettext_lazy("commented"),
    PlanEvent.Kind.SUBMITTED: gettext_lazy("asked for review"),
    PlanEvent.Kind.RETURNED: gettext_lazy("returned the plan"),
    PlanEvent.Kind.APPROVED: gettext_lazy("approved the plan"),
    PlanEvent.Kind.APPLIED: gettext_lazy("applied the plan"),
    PlanEvent.Kind.WITHDRAWN: gettext_lazy("withdrew the plan"),
    PlanEvent.Kind.CHANGED: gettext_lazy("changed the plan, which is a draft again"),
}
SUBMISSION_KINDS = {
    Submission.Kind.CONFLICT: gettext_lazy("Conflict"),
    Submission.Kind.HELD: gettext_lazy("Held edit"),
}
METHOD, ACCURACY = "method", "accuracy_m"


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. A side is None where there is no value; of `hidden` fields (personal
    data) only that they differ is told."""

    name: str
    label: str
    before: Line | None = None
    after: Line | None = None
    hidden: bool = False


class Vocabulary:
    """Labels of codes and names of places for all the states of a page, asked for once."""

    def __init__(self, states: Iterable[Mapping[str, Json] | None]) -> None:
        divisions = {str(state["division"]) for state in states if state and state.get("division")}
        self.places = place_names(divisions) if divisions else {}
        lists = {each.codes for layer in LAYERS.values() for each in layer.fields if each.codes}
        self.labels: CodeLists = every_label(lists)

    def line(self, layer: Layer, name: str, kept: Json) -> Line | None:
        """The value of a field in words; never of personal data, and not of a geometry."""
        if kept is None or kept == "":
            return None
        label = field_label(layer, name)
        if name == METHOD:
            text = render_to_string("layers/method_label.html", {"method": kept}).strip()
            return Line(name, label, text, "", Kind.TEXT)
        if name == ACCURACY:
            return Line(name, label, kept, _("m"), Kind.DECIMAL)
        if name == "division":
            return Line(name, label, self.places.get(str(kept), kept), "", Kind.DIVISION)
        return line_of(layer, layer.by_name[name], from_journal(layer, name, kept), self.labels)

    def changes(
        self, layer: Layer, before: State | None, after: State | None, *, whole: bool = False
    ) -> list[Change]:
        """What differs, in the registry's order; the geometry is told elsewhere.

        `whole`: every value, for a feature that begins or ends.
        """
        was, becomes = before or {}, after or {}
        found = []
        for name in told(layer):
            if name not in was and name not in becomes:
                continue
            old, new = was.get(name), becomes.get(name)
            if old == new and not whole:
                continue
            if name == PERSONAL:
                if old or new:
                    found.append(Change(name, field_label(layer, name), hidden=True))
                continue
            sides = self.line(layer, name, old), self.line(layer, name, new)
            if any(sides):
                found.append(Change(name, field_label(layer, name), *sides))
        return found

    def name(self, layer: Layer, state: Mapping[str, Json]) -> str:
        """What a feature is called: by its name, or by its code."""
        return str(state.get("name") or state.get("code") or layer.title)


def field_label(layer: Layer, name: str) -> str:
    own = {
        GEOMETRY: _("Place and shape"),
        PERSONAL: _("Household data"),
        METHOD: _("Recorded by"),
        ACCURACY: _("Accuracy"),
    }
    return own[name] if name in own else str(layer.by_name[name].label)


def told(layer: Layer) -> list[str]:
    """The fields whose changes are told in words, in the registry's order."""
    return [*(each.name for each in layer.columns()), PERSONAL, METHOD, ACCURACY]
