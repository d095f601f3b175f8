"""How far a run or a reading has got, in words and numbers."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PHASES: dict[str, str | Promise] = {
    "queued": gettext_lazy("Waiting for its turn"),
    "checking": gettext_lazy("Checking the file"),
    "reading": gettext_lazy("Reading the file"),
    "understanding": gettext_lazy("Finding out what is in it"),
    "comparing": gettext_lazy("Comparing with what is there"),
    "loading": gettext_lazy("Loading"),
    "indexing": gettext_lazy("Building indexes"),
    "proving": gettext_lazy("Sealing the journal"),
    "waiting": gettext_lazy("Waiting for its turn"),
    "done": gettext_lazy("Finishing"),
    "undoing": gettext_lazy("Taking it back"),
    "unpacking": gettext_lazy("Unpacking the raster"),
    "warping": gettext_lazy("Laying it onto the map's grid"),
    "overviews": gettext_lazy("Making its overviews"),
    "writing": gettext_lazy("Writing the map file"),
}
READING = {"checking", "reading", "comparing"}
"""Phases that are over when all is read; what was read says nothing of the others."""
MINUTE, HOUR = 60, 3600
SOON_SECONDS = 1.0
"""Before that a rate is a guess."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`percent` is None where nobody knows how much there is; empty texts are not known yet."""

    phase: str | Promise
    percent: int | None = None
    amount: str = ""
    rate: str = ""
    remaining: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """How amounts are told: `of` with %(done)s and %(all)s, `plain` and `rate` with one number."""

    of: str
    plain: str
    rate: str
    size: float = 1
    places: int = 0

    def number(self, value: float, places: int = 0) -> str:
        return f"{value / self.size:,.{places}f}"


def _bytes() -> Unit:
    return Unit(
        _("%(done)s of %(all)s MB"), _("%(done)s MB"), _("%(rate)s MB/s"), size=2**20, places=1
    )


def _rows() -> Unit:
    return Unit(_("%(done)s of %(all)s rows"), _("%(done)s rows"), _("%(rate)s rows/s"))


def _changes() -> Unit:
    return Unit(_("%(done)s of %(all)s changes"), _("%(done)s changes"), _("%(rate)s changes/s"))


def progress_of(told: Mapping[str, Any]) -> Progress:
    """`told` is what a pulse tells; `started` is when the phase began, in seconds since 1970."""
    phase = str(told.get("phase", "queued"))
    seconds = time.time() - float(told.get("started") or time.time())
    named = PHASES.get(phase, phase)
    if "share" in told:
        return _counted(named, float(told["share"]), 1, seconds, None)
    if told.get("to_do"):
        return _counted(named, int(told["done"]), int(told["to_do"]), seconds, _changes())
    read, total = int(told.get("read") or 0), told.get("total")
    if phase in READING and read:
        return _counted(named, read, total, seconds, _bytes() if phase == "checking" else _rows())
    return Progress(named, amount=_rows().plain % {"done": f"{read:,}"} if read else "")


def _counted(
    phase: str | Promise, done: float, total: float | None, seconds: float, unit: Unit | None
) -> Progress:
    rate = done / seconds if seconds >= SOON_SECONDS else 0.0
    left = (total - done) / rate if total and rate else None
    return Progress(
        phase=phase,
        percent=min(100, round(100 * done / total)) if total and done else None,
        amount=_amount(done, total, unit) if unit else "",
        rate=unit.rate % {"rate": unit.number(rate, unit.places)} if unit and rate else "",
        remaining=remaining_words(left) if left else "",
    )


def _amount(done: float, total: float | None, unit: Unit) -> str:
    if total:
        return unit.of % {"done": unit.number(done), "all": unit.number(total)}
    return unit.plain % {"done": unit.number(done)}


def remaining_words(seconds: float) -> str:
    """ "about 3 min left"; rounded up, so that it is never over before it said."""
    if seconds >= HOUR:
        return _("about %(count)d h left") % {"count": math.ceil(seconds / HOUR)}
    if seconds >= MINUTE:
        return _("about %(count)d min left") % {"count": math.ceil(seconds / MINUTE)}
    return _("about %(count)d s left") % {"count": max(1, math.ceil(seconds))}
