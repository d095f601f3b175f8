"""The columns of a file: from the registry, with headers that our own importer recognises."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.contrib.gis.db import models
from django.utils.translation import gettext as _
from psycopg2 import sql

from importers.exporting.wish import Wish
from importers.writers.specification import Column
from layers.codes import CodeLists
from layers.models.feature import Method
from layers.registry import Field, Kind, Label, Layer

DIVISION_NAME = "division_name"
BRACKETS = {"zh": "{label}（{unit}）", "en": "{label} ({unit})"}
ARROW_TYPES = {
    Kind.DECIMAL: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.BOOLEAN: pa.bool_(),
}
LONGEST_PERSONAL = 64
LONGEST_PLACE_NAME = 60


@dataclass(frozen=True, slots=True)
class Source:
    """A column of the file and where its values are from.

    `read` is the SQL of the value, None for a personal field, which is opened here. `words` say
    what a stored value is called in the file.
    """

    column: Column
    read: sql.Composable | None
    stored: pa.DataType
    words: Mapping[str, str] | None = None


def header(field: Field, language: str) -> str:
    """The label with its unit: 里程（米） or Length (m)."""
    label = text_of(field.label, language)
    if field.unit is None:
        return label
    return BRACKETS[language].format(label=label, unit=text_of(field.unit, language))


def text_of(label: Label, language: str) -> str:
    return label.zh if language == "zh" else label.en


def sources_of(wish: Wish, lists: CodeLists, places: Mapping[str, str]) -> list[Source]:
    """In the order of the registry; `places` are full names of divisions by code.

    To be called under the file's language.
    """
    found: list[Source] = []
    for field in wish.chosen_fields():
        found.append(_source(wish, field, lists))
        if field.name == "division":
            found.append(_division_name(places))
    return [*found, *(_provenance() if wish.provenance else ())]


def _source(wish: Wish, field: Field, lists: CodeLists) -> Source:
    kind = wish.layer.kind(field)
    words = None
    if field.codes:
        items = lists.get(field.codes, {})
        words = {code: text_of(label, wish.language) for code, label in items.items()}
    stored = _stored(wish.layer, field, kind)
    told, more = _in_file(wish, kind, stored)
    column = Column(
        name=field.name,
        label=text_of(field.label, wish.language),
        header=header(field, wish.language),
        type=told,
        width=_width(wish.layer, field, words),
        meaning=meaning(wish.language, kind, words),
    )
    read = None if field.personal else _read(wish.layer, field, stored)
    return Source(column, read, stored, words or more)


def _in_file(
    wish: Wish, kind: Kind, stored: pa.DataType
) -> tuple[pa.DataType, Mapping[str, str] | None]:
    """Truth values are words where the format has no type for them."""
    if kind is Kind.BOOLEAN and not wish.format.truth_values:
        return pa.string(), {"true": _("yes"), "false": _("no")}
    return stored, None


def _stored(layer: Layer, field: Field, kind: Kind) -> pa.DataType:
    if kind in ARROW_TYPES:
        return ARROW_TYPES[kind]
    if kind in (Kind.INTEGER, Kind.YEAR):
        small = not isinstance(layer.column(field.name), models.BigIntegerField)
        return pa.int32() if small else pa.int64()
    return pa.string()


def _read(layer: Layer, field: Field, stored: pa.DataType) -> sql.Composable:
    """An empty text is no value: it becomes null in the file."""
    found: Any = layer.model._meta.get_field(field.name)
    column = sql.Identifier("f", str(found.column))
    return sql.SQL("NULLIF({}, '')").format(column) if pa.types.is_string(stored) else column


def _width(layer: Layer, field: Field, words: Mapping[str, str] | None) -> int:
    if words is not None:
        return max(map(len, words.values()), default=1)
    if field.personal:
        return LONGEST_PERSONAL
    column: Any = layer.column(field.name)
    return int(getattr(column, "max_length", None) or 0)


def meaning(language: str, kind: Kind, words: Mapping[str, str] | None) -> str:
    """What a cell holds, in a few words."""
    if words:
        between = "、" if language == "zh" else ", "
        return _("One of: %(values)s") % {"values": between.join(words.values())}
    return {
        Kind.TEXT: _("Text"),
        Kind.INTEGER: _("Whole number"),
        Kind.DECIMAL: _("Number"),
        Kind.DATE: _("Date, such as 2024-05-01"),
        Kind.BOOLEAN: _("Yes or no"),
        Kind.CODE: _("Text"),
        Kind.DIVISION: _("Code of 12 digits"),
        Kind.YEAR: _("Year of four digits"),
        Kind.PERSONAL: _("Personal data"),
    }[kind]


def _division_name(places: Mapping[str, str]) -> Source:
    label = _("Full name of the division")
    column = Column(
        DIVISION_NAME, label, label, pa.string(), LONGEST_PLACE_NAME, _("County, township, village")
    )
    return Source(column, sql.Identifier("f", "division"), pa.string(), places)


def _provenance() -> list[Source]:
    """Where a place is from. None of these headers is a field's, so an import passes them over."""
    methods = {
        Method.SURVEY.value: _("survey"),
        Method.PHONE.value: _("phone position"),
        Method.DIGITISED.value: _("drawn on the map"),
        Method.IMPORTED.value: _("imported"),
        Method.GEOCODED.value: _("found by address"),
    }
    truths = {"true": _("yes"), "false": _("no")}
    text, number = pa.string(), pa.float64()
    return [
        _own("source_datum", _("Datum of the source"), text),
        _own("method", _("How the place became known"), text, words=methods),
        _own("accuracy_m", _("Accuracy of the place (m)"), number, stored=number),
        _own("version", _("Version of the record"), pa.int32(), stored=pa.int32()),
        _own("updated_on", _("Last changed"), pa.date32(), stored=pa.date32(), read=CHANGED_ON),
        _own("demonstration", _("Demonstration data"), text, stored=pa.bool_(), words=truths),
    ]


CHANGED_ON = sql.SQL("(f.updated_at AT TIME ZONE 'Asia/Shanghai')::date")


def _own(
    name: str,
    header: str,
    kind: pa.DataType,
    *,
    stored: pa.DataType | None = None,
    words: Mapping[str, str] | None = None,
    read: sql.Composable | None = None,
) -> Source:
    column = Column(name, header, header, kind)
    return Source(column, read or sql.Identifier("f", name), stored or pa.string(), words)
