"""The feature's sheet: what one sees of a feature, made of sections that the apps contribute.

An app calls `register` in its AppConfig.ready with a function that returns its section for one
feature, or None where it has nothing to say to this reader.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from layers.access.personal import MASK
from layers.access.policy import Actor
from layers.codes import CodeLists, every_label
from layers.models.feature import Feature
from layers.registry.specification import GROUPS, Field, Kind, Label, Layer


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the sheet; `template` is rendered with `context`."""

    title: str | Promise
    template: str
    context: dict[str, Any] = field(default_factory=dict)


Contributor = Callable[[Actor, Layer, Feature], Section | None]

_contributors: list[tuple[int, Contributor]] = []


def register(contributor: Contributor, *, position: int = 50) -> None:
    """Sections appear by `position`, lowest first."""
    _contributors.append((position, contributor))
    _contributors.sort(key=lambda entry: entry[0])


def sections(user: Actor, layer: Layer, feature: Feature) -> list[Section]:
    found = (contributor(user, layer, feature) for _position, contributor in _contributors)
    return [section for section in found if section is not None]


@dataclass(frozen=True, slots=True)
class Line:
    """One attribute as it is read: label, value in words, unit."""

    name: str
    label: str
    value: Any
    unit: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Group:
    title: Label
    lines: tuple[Line, ...]


def attribute_groups(layer: Layer, feature: Feature, *, public_only: bool = False) -> list[Group]:
    """The filled-in attributes by group, codes in words; personal ones masked, if there are any."""
    labels = every_label({each.codes for each in layer.fields if each.codes})
    groups = []
    for key, title in GROUPS.items():
        fields = [
            each for each in layer.fields if each.group == key and (each.public or not public_only)
        ]
        lines = [line for each in fields if (line := _line(layer, feature, each, labels))]
        if lines:
            groups.append(Group(title, tuple(lines)))
    return groups


def _line(layer: Layer, feature: Feature, each: Field, labels: CodeLists) -> Line | None:
    kind = layer.kind(each)
    if kind is Kind.DIVISION:
        return None
    if kind is Kind.PERSONAL:
        value: Any = MASK if feature.personal else None
    else:
        value = getattr(feature, each.name)
    return line_of(layer, each, value, labels)


def line_of(layer: Layer, each: Field, value: Any, labels: CodeLists) -> Line | None:
    """A column's value in words, of whatever version; None where there is none."""
    if value is None or value == "":
        return None
    if each.codes:
        value = labels.get(each.codes, {}).get(value, value)
    return Line(each.name, str(each.label), value, str(each.unit or ""), layer.kind(each))
