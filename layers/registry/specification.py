"""What a layer says about itself: the one description that everything is generated from.

Column types live in the model; a Field adds what the model cannot say (labels in two languages,
unit, code list, who may see it). API, forms, import matching, tiles and sheets read both here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.contrib.gis.db import models
from django.utils.translation import get_language

from layers.models.feature import Feature


@dataclass(frozen=True, slots=True)
class Label:
    """A text in Chinese and English; as a string it is the active language's."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en


class Kind(StrEnum):
    """What a field holds, as forms and the API see it."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    BOOLEAN = "boolean"
    CODE = "code"
    DIVISION = "division"
    YEAR = "year"
    PERSONAL = "personal"


GROUPS = {
    "identity": Label("基本信息", "Identity"),
    "detail": Label("技术信息", "Details"),
    "service": Label("服务对象", "Service"),
    "money": Label("资金与价值", "Money"),
    "responsibility": Label("管护责任", "Responsibility"),
    "personal": Label("户主信息", "Household"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute. `codes` names a code list; `public` fields appear on public pages.

    An `additive` field measures the geometry: a split shares it out, a merge adds it up.
    """

    name: str
    label: Label
    group: str = "detail"
    unit: Label | None = None
    codes: str | None = None
    required: bool = False
    readonly: bool = False
    public: bool = False
    personal: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    year: bool = False
    additive: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Style:
    """How the map draws a layer: its colour, and a colour for each code of the class field."""

    color: str
    classes: dict[str, str] = field(default_factory=dict)
    icon: str = "circle"


@dataclass(frozen=True)
class Layer:
    """One spatial layer.

    `letter` marks its QR plates. `disclosed_values` names a field and the values with which a
    feature may be shown to the public; without it every feature of the layer may.
    """

    name: str
    model: type[Feature]
    title: Label
    letter: str
    fields: tuple[Field, ...]
    classify: str
    style: Style
    disclosed_values: tuple[str, frozenset[str]] | None = None
    geometry_may_be_empty: bool = False

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {each.name: each for each in self.fields}

    @cached_property
    def geometry(self) -> str:
        """point, line or polygon: what a person draws."""
        # The abstract base declares no geometry: each layer's model does.
        column: Any = self.model._meta.get_field("geom")  # type: ignore[misc]
        geometry_type: str = column.geom_type
        return {"POINT": "point", "MULTILINESTRING": "line", "MULTIPOLYGON": "polygon"}[
            geometry_type
        ]

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def rows(self) -> models.QuerySet[Feature]:
        """All rows; whoever reads for a person narrows them by the policy's scope."""
        return self.model._default_manager.all()

    def columns(self) -> Iterator[Field]:
        """The fields that are columns of the table; personal ones are kept encrypted together."""
        return (each for each in self.fields if not each.personal)

    def personal_fields(self) -> Iterator[Field]:
        return (each for each in self.fields if each.personal)

    def disclosed(self, feature: Feature) -> bool:
        """Whether the public may know of this feature (its public fields, a general place)."""
        if self.disclosed_values is None:
            return True
        name, values = self.disclosed_values
        return getattr(feature, name) in values

    def column(self, name: str) -> Any:
        """The model's column behind a field; of a reference, the column it refers to."""
        found: Any = self.model._meta.get_field(name)
        return found.target_field if found.is_relation else found

    def kind(self, each: Field) -> Kind:
        if each.personal:
            return Kind.PERSONAL
        if each.codes:
            return Kind.CODE
        if each.name == "division":
            return Kind.DIVISION
        if each.year:
            return Kind.YEAR
        return _kind_of_column(self.column(each.name))


_KINDS: tuple[tuple[type[models.Field[Any, Any]], Kind], ...] = (
    (models.BooleanField, Kind.BOOLEAN),
    (models.DateField, Kind.DATE),
    (models.DecimalField, Kind.DECIMAL),
    (models.FloatField, Kind.DECIMAL),
    (models.IntegerField, Kind.INTEGER),
    (models.CharField, Kind.TEXT),
    (models.TextField, Kind.TEXT),
)


def _kind_of_column(column: Any) -> Kind:
    for field_class, kind in _KINDS:
        if isinstance(column, field_class):
            return kind
    raise TypeError(f"The registry has no kind for {column!r}")
