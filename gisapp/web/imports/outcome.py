"""What a run found and did, and how far one under way has got, in words and numbers."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from importers.deliveries.masking import masked
from importers.models import ImportRun
from layers.access.personal import MASK
from layers.registry import Layer, layer_named

KINDS: dict[str, str | Promise] = {
    "new": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "unchanged": gettext_lazy("Unchanged"),
    "missing": gettext_lazy("Missing in the file"),
    "conflicting": gettext_lazy("Conflicting"),
    "rejected": pgettext_lazy("import", "Rejected"),
}
WARNED = "warned"
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
BYTES = {"checking"}
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Progress:
    """`percent` is None where nobody knows how much there is."""

    phase: str | Promise
    percent: int | None
    amount: str
    rate: str
    remaining: str


def progress_of(told: Mapping[str, Any]) -> Progress:
    phase = str(told.get("phase", "queued"))
    read, total = int(told.get("read") or 0), told.get("total")
    seconds = max(time.time() - float(told.get("started") or time.time()), 0.001)
    rate = read / seconds
    if "share" in told:
        return _of_share(phase, float(told["share"]), seconds)
    size = phase in BYTES
    percent = min(100, round(100 * read / total)) if total and read else None
    left = (total - read) / rate if total and rate else None
    return Progress(
        phase=PHASES.get(phase, phase),
        percent=percent,
        amount=_amount(read, total, size=size) if read else "",
        rate=_rate(rate, size=size) if read else "",
        remaining=remaining_words(left) if left is not None else "",
    )


def _of_share(phase: str, share: float, seconds: float) -> Progress:
    """Where only the share of a phase is known; a phase that has just begun tells no time."""
    left = seconds / share - seconds if share > 0 else None
    return Progress(
        phase=PHASES.get(phase, phase),
        percent=round(100 * share) if share else None,
        amount="",
        rate="",
        remaining=remaining_words(left) if left else "",
    )


def _amount(read: int, total: Any, *, size: bool) -> str:
    if size:
        return _("%(done)s of %(all)s MB") % {
            "done": f"{read / 2**20:,.0f}",
            "all": f"{(total or read) / 2**20:,.0f}",
        }
    if total:
        return _("%(done)s of %(all)s rows") % {"done": f"{read:,}", "all": f"{total:,}"}
    return _("%(done)s rows") % {"done": f"{read:,}"}


def _rate(rate: float, *, size: bool) -> str:
    if size:
        return _("%(rate)s MB/s") % {"rate": f"{rate / 2**20:,.1f}"}
    return _("%(rate)s rows/s") % {"rate": f"{rate:,.0f}"}


def remaining_words(seconds: float) -> str:
    """ "about 3 min left"; rounded up, so that it is never over before it said."""
    if seconds >= HOUR:
        return _("about %(count)d h left") % {"count": math.ceil(seconds / HOUR)}
    if seconds >= MINUTE:
        return _("about %(count)d min left") % {"count": math.ceil(seconds / MINUTE)}
    return _("about %(count)d s left") % {"count": max(1, math.ceil(seconds))}


@dataclass(frozen=True, slots=True)
class ChangeView:
    """`theirs` is what somebody else made of it meanwhile, where the two are in conflict."""

    label: str
    old: str
    new: str
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class RowView:
    number: int | None
    name: str
    feature: int | None
    text: str
    changes: tuple[ChangeView, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of one kind: how many, and the first of them."""

    name: str
    title: str | Promise
    count: int
    rows: tuple[RowView, ...]


@dataclass(frozen=True)
class RunView:
    """What is shown of any run."""

    run: ImportRun

    @property
    def problem(self) -> tuple[str, str]:
        """Why it did not work, and what to do."""
        told = self.run.problem
        if not told:
            return "", ""
        if "text" not in told:
            return (
                _("Something unexpected went wrong; nothing was written."),
                _("Try again. If it happens again, tell the administrator the time of this run."),
            )
        return worded(told["text"]), worded(told.get("remedy", {}))

    @property
    def written(self) -> bool:
        return self.run.state == ImportRun.State.DONE and not self.run.dry_run

    @property
    def seconds(self) -> int | None:
        run = self.run
        if run.started_at is None or run.ended_at is None:
            return None
        return round((run.ended_at - run.started_at).total_seconds())


@dataclass(frozen=True)
class Outcome(RunView):
    """A run of rows as it is shown."""

    @property
    def layer(self) -> Layer:
        return layer_named(self.run.layer)

    @property
    def kinds(self) -> list[Kind]:
        """All that a comparison knows; those of which there are none, too."""
        return [self._kind(name, title) for name, title in KINDS.items()]

    @property
    def detailed(self) -> list[Kind]:
        """The kinds of which rows can be shown; warnings last."""
        warnings = int(self.run.report.get("warnings") or 0)
        warned = Kind(WARNED, _("Warnings"), warnings, self._rows(WARNED))
        return [each for each in (*self.kinds, warned) if each.rows]

    def _kind(self, name: str, title: str | Promise) -> Kind:
        return Kind(name, title, int(self.run.report.get(name) or 0), self._rows(name))

    def _rows(self, name: str) -> tuple[RowView, ...]:
        return tuple(self._row(each) for each in self.run.report.get(f"{name}_rows", ()))

    def _row(self, told: Mapping[str, Any]) -> RowView:
        return RowView(
            number=told.get("row"),
            name=masked(str(told.get("name") or told.get("code") or "")),
            feature=told.get("id"),
            text=masked(worded(told.get("text", {}))),
            changes=tuple(self._change(each) for each in told.get("changes", ())),
        )

    def _change(self, told: Mapping[str, Any]) -> ChangeView:
        """Of personal fields only that they differ is told."""
        field = self.layer.by_name.get(str(told.get("field", "")))
        label = str(field.label) if field else worded(told.get("label", {}))
        if field is not None and field.personal:
            return ChangeView(label, MASK, MASK)
        old, new, theirs = (_shown(told.get(side)) for side in ("old", "new", "theirs"))
        return ChangeView(label, old, new, theirs)


def worded(text: Any) -> str:
    """A text that was kept in both languages, in the active one."""
    if isinstance(text, Mapping):
        chinese = (get_language() or "zh").startswith("zh")
        return str(text.get("zh" if chinese else "en") or "")
    return str(text)


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return masked(worded(value))
    return "" if value is None else masked(str(value))
