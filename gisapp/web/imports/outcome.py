"""What a run found and did, and how far one under way has got, in words and numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

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
MEANING: dict[str, str | Promise] = {
    "changed": gettext_lazy(
        "On the left what is on the map, on the right what the file says;"
        " empty cells erase nothing."
    ),
    "missing": gettext_lazy(
        "These are on the map in the place of this delivery, and the file does not have them."
    ),
    "conflicting": gettext_lazy(
        "Since the last delivery somebody changed the same on the map in another way. That stays as"
        " it is on the map until somebody decides; all else in these rows is taken from the file."
    ),
}
"""What the rows of a kind are, where their name alone does not say."""


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
    conflict: UUID | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of one kind: how many, the first of them, and what they are."""

    name: str
    title: str | Promise
    count: int
    rows: tuple[RowView, ...]

    @property
    def meaning(self) -> str | Promise:
        return MEANING.get(self.name, "")


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
    """A run of rows as it is shown. `conflicts` are those that still wait for a decision which the
    reader may see, by feature."""

    conflicts: Mapping[int, UUID] = field(default_factory=dict)

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
            conflict=self.conflicts.get(told.get("id") or 0),
            removed=bool(told.get("removed")),
        )

    def _change(self, told: Mapping[str, Any]) -> ChangeView:
        """Of personal fields only that they differ is told."""
        known = self.layer.by_name.get(str(told.get("field", "")))
        label = str(known.label) if known else worded(told.get("label", {}))
        if known is not None and known.personal:
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
