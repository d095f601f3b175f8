"""Values of a change in words, in both languages. Personal values have none."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import shapely

from importers.phrases import Phrase, gettext_noop, said
from importers.report import FieldChange
from layers.codes import CodeLists, every_label
from layers.divisions import METRES_A_DEGREE
from layers.divisions.names import place_names
from layers.editing.merge import Clash
from layers.editing.rows import GEOMETRY, PERSONAL, PROVENANCE, State
from layers.editing.values import Json
from layers.registry import Kind, Label, Layer

PLACE = Label("位置", "Place")
HOUSEHOLD = Label("户主信息", "Household")
NOTHING = Phrase("", "")


@dataclass
class Wording:
    """The words of one layer's values."""

    layer: Layer
    codes: CodeLists = field(init=False)
    _places: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.codes = every_label({each.codes for each in self.layer.fields if each.codes})

    def changes(
        self, old: State, new: State, clashes: Mapping[str, Clash] | None = None
    ) -> tuple[FieldChange, ...]:
        """One for each field that a person looks at, in the registry's order."""
        shown = [name for name in new if name not in PROVENANCE]
        order = [each.name for each in self.layer.fields]
        shown.sort(key=lambda name: order.index(name) if name in order else len(order))
        return tuple(self._change(name, old, new, (clashes or {}).get(name)) for name in shown)

    def _change(self, name: str, old: State, new: State, clash: Clash | None) -> FieldChange:
        if name == PERSONAL:
            return FieldChange(name, HOUSEHOLD, NOTHING, NOTHING)
        before, after = old.get(name), new[name]
        theirs = None
        if clash is not None:
            before, theirs = clash.base, self._worded(name, clash.theirs)
        label = PLACE if name == GEOMETRY else self.layer.by_name[name].label
        words = self._worded(name, after)
        if name == GEOMETRY:
            words = _moved(before, after, words)
        return FieldChange(name, label, self._worded(name, before), words, theirs)

    def _worded(self, name: str, value: Json) -> Phrase:
        if value is None or value == "":
            return NOTHING
        if name == GEOMETRY:
            return _placed(str(value))
        each = self.layer.by_name[name]
        kind = self.layer.kind(each)
        if kind is Kind.CODE:
            label = self.codes.get(each.codes or "", {}).get(str(value))
            return Phrase(label.zh, label.en) if label else Phrase(str(value), str(value))
        if kind is Kind.BOOLEAN:
            return said(gettext_noop("yes") if value else gettext_noop("no"))
        text = self._division(str(value)) if kind is Kind.DIVISION else str(value)
        return Phrase(text, text)

    def _division(self, code: str) -> str:
        if code not in self._places:
            self._places |= place_names([code])
        return f"{self._places[code]} {code}"


def _placed(kept: str) -> Phrase:
    shape = shapely.from_wkb(kept)
    if shape.geom_type == "Point":
        text = f"{shape.x:.6f}, {shape.y:.6f}"
        return Phrase(text, text)
    vertices = int(shapely.count_coordinates(shape))
    return said(gettext_noop("%(count)d vertices"), count=vertices)


def _moved(before: Json, after: Json, words: Phrase) -> Phrase:
    """How far: for a shape the largest distance of any of its points from the other shape."""
    if before is None or after is None:
        return words
    shapes = (shapely.from_wkb(str(before)), shapely.from_wkb(str(after)))
    metres = shapely.hausdorff_distance(*shapes) * METRES_A_DEGREE
    moved = said(gettext_noop("moved by about %(metres).1f m"), metres=float(metres))
    return Phrase(f"{words.zh}（{moved.zh}）", f"{words.en} ({moved.en})")
