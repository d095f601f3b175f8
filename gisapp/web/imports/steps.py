"""The five steps of a delivery, and which of them it has come to."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from importers.models import Delivery

State = Delivery.State
STEPS: tuple[tuple[str, str | Promise], ...] = (
    ("upload", _("Upload")),
    ("understood", _("Understand")),
    ("check", _("Check")),
    ("load", _("Load")),
    ("result", _("Result")),
)
REACHED = {
    State.RECEIVING: 0,
    State.READING: 1,
    State.UNREADABLE: 1,
    State.OPEN: 2,
    State.RUNNING: 3,
    State.LOADED: 4,
    State.UNDONE: 4,
}


@dataclass(frozen=True, slots=True)
class Step:
    """`state` is done, current or ahead; `anchor` names the part of the page, where it is there."""

    anchor: str
    title: str | Promise
    state: str


def steps_of(delivery: Delivery, *, shown: bool) -> list[Step]:
    """`shown`: whether the page has the parts that the steps lead to."""
    reached = REACHED[State(delivery.state)]
    loaded = delivery.state == State.LOADED
    return [
        Step(
            anchor if shown and 0 < at <= reached else "",
            title,
            "done" if at < reached or loaded else "current" if at == reached else "ahead",
        )
        for at, (anchor, title) in enumerate(STEPS)
    ]
