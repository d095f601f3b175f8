"""The reader's exports, as the page tells them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from importers.exporting import jobs
from importers.models.export import Export
from importers.phrases import Phrase
from importers.writers.catalogue import FORMATS
from layers.access.policy import Actor
from layers.divisions.names import place_names
from layers.orders.course import orders_of
from layers.registry import LAYERS
from layers.registry.specification import Label

MOST = 50
STATES: dict[str, Promise] = {
    Export.State.WAITING: _("Waits for its turn"),
    Export.State.RUNNING: _("Being written"),
    Export.State.DONE: _("Ready"),
    Export.State.FAILED: _("Failed"),
    Export.State.CANCELLED: _("Cancelled"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One export. `percent` is None while nobody knows how many rows there are."""

    export: Export
    title: Label
    format: Label
    place: str
    state: Promise
    percent: int | None
    notes: list[Phrase]
    obtainable: bool


def lines(user: Actor) -> list[Line]:
    found = list(orders_of(Export, user)[:MOST])
    names = place_names({each.division for each in found if each.division})
    return [
        Line(
            each,
            LAYERS[each.layer].title,
            FORMATS[each.format].label,
            names.get(each.division, ""),
            STATES[each.state],
            min(100 * each.rows // each.total, 100) if each.total else None,
            [Phrase(note["zh"], note["en"]) for note in each.notes],
            each.state == Export.State.DONE and jobs.obtainable(user, each),
        )
        for each in found
    ]
