"""What changed between two versions of a feature, in words a person reads."""

from dataclasses import dataclass

from layers.codes import CodeLists, every_label
from layers.divisions import division_path
from layers.editing.rows import GEOMETRY, PERSONAL, State
from layers.editing.values import Json
from layers.history.shapes import ShapeChange, shape_change
from layers.history.versions import state_at_version
from layers.models.feature import Method
from layers.registry.specification import GROUPS, Field, Kind, Label, Layer

YES, NO = Label("是", "yes"), Label("否", "no")

PROVENANCE = {
    "method": Label("位置来源", "How the place is known"),
    "accuracy_m": Label("位置精度（米）", "Accuracy (m)"),
    "source_datum": Label("来源坐标系", "Source datum"),
    "source_ordinates": Label("原始坐标", "Original ordinates"),
    "demonstration": Label("演示数据", "Demonstration"),
}

METHODS = {
    Method.SURVEY: Label("测量", "survey"),
    Method.PHONE: Label("手机定位", "phone"),
    Method.DIGITISED: Label("图上绘制", "digitised"),
    Method.IMPORTED: Label("导入", "imported"),
    Method.GEOCODED: Label("地址匹配", "geocoded"),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field in words; of personal data only that it changed, never what it is."""

    name: str
    label: str
    old: str
    new: str
    unit: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """Fields in the registry's order, then where the place came from; None for the same shape."""

    from_version: int
    to_version: int
    fields: tuple[FieldChange, ...]
    geometry: ShapeChange | None


def difference(layer: Layer, feature_id: int, from_version: int, to_version: int) -> Difference:
    """Raises NotFound for a version that there never was. A removed feature has no values."""
    old = state_at_version(layer, feature_id, from_version)
    new = state_at_version(layer, feature_id, to_version)
    changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
    return Difference(
        from_version,
        to_version,
        tuple(_fields(layer, old, new, changed)),
        shape_change(old.get(GEOMETRY), new.get(GEOMETRY)) if GEOMETRY in changed else None,
    )


def _fields(layer: Layer, old: State, new: State, changed: set[str]) -> list[FieldChange]:
    labels = every_label({each.codes for each in layer.fields if each.codes})
    found = [
        FieldChange(
            each.name,
            str(each.label),
            in_words(layer, each, old.get(each.name), labels),
            in_words(layer, each, new.get(each.name), labels),
            str(each.unit or ""),
        )
        for each in layer.columns()
        if each.name in changed
    ]
    if PERSONAL in changed:
        found.append(FieldChange(PERSONAL, str(GROUPS[PERSONAL]), "", "", hidden=True))
    found += [
        FieldChange(name, str(label), _provenance(old.get(name)), _provenance(new.get(name)))
        for name, label in PROVENANCE.items()
        if name in changed
    ]
    return found


def in_words(layer: Layer, field: Field, value: Json, labels: CodeLists) -> str:
    """A journal value as a person reads it; nothing is an empty text."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(YES if value else NO)
    if field.codes:
        return str(labels.get(field.codes, {}).get(str(value), value))
    if layer.kind(field) is Kind.DIVISION:
        return " › ".join(each.name for each in division_path(str(value))) or str(value)
    return str(value)


def _provenance(value: Json) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(YES if value else NO)
    return str(METHODS[Method(value)]) if value in Method.values else str(value)
