"""The columns of a template: what a cell of each may hold, and how it is shown."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from importers.exporting.columns import BRACKETS, meaning, text_of
from importers.template_examples import example_of
from layers.codes import CodeLists, code_lists
from layers.divisions import HUNAN_BOUNDS
from layers.registry import Field, Kind, Layer

TEXT_FORMAT, DATE_FORMAT = "@", "yyyy-mm-dd"
DATUM = "CGCS2000"
MADE_UP = ("code", "division")
"""Required in the database, but filled in where the cell is blank."""

Rule = tuple[str, Any, Any]
"""Kind of check as Excel names it, and its bounds."""


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column of the table: what its cells may be, and how they are shown."""

    header: str
    title: str
    required: bool
    meaning: str
    example: str
    number_format: str
    choices: tuple[str, ...] = ()
    rule: Rule | None = None


def columns_of(layer: Layer, language: str) -> list[TemplateColumn]:
    """The fields that can be imported, in the registry's order, and the place at the end."""
    lists = code_lists(*{each.codes for each in layer.fields if each.codes})
    fields = [_column(layer, each, lists, language) for each in layer.fields if not each.readonly]
    return [*fields, *_place_columns(layer, language)]


def _column(layer: Layer, field: Field, lists: CodeLists, language: str) -> TemplateColumn:
    kind = layer.kind(field)
    words = {
        code: text_of(label, language) for code, label in lists.get(field.codes or "", {}).items()
    }
    choices = tuple(words.values())
    if kind is Kind.BOOLEAN:
        choices = (_("yes"), _("no"))
    required = field.required and field.name not in MADE_UP
    return TemplateColumn(
        header=_header(field, language, required=required),
        title=text_of(field.label, language),
        required=required,
        meaning=_meaning(layer, field, kind, words, language),
        example=example_of(kind, choices, field, language),
        number_format=_number_format(layer, field, kind),
        choices=choices,
        rule=None if choices else _rule(layer, field, kind),
    )


def _header(field: Field, language: str, *, required: bool) -> str:
    """里程*（米）: the mark stands before the unit, where the importer passes over it."""
    label = text_of(field.label, language) + ("*" if required else "")
    if field.unit is None:
        return label
    return BRACKETS[language].format(label=label, unit=text_of(field.unit, language))


def _meaning(layer: Layer, field: Field, kind: Kind, words: dict[str, str], language: str) -> str:
    if field.name == "code":
        return _("Leave it blank for a new record: the service makes one.")
    if kind is Kind.DIVISION:
        return _("Code of 12 digits, or the name; left blank, it is the county of the place.")
    if field.minimum is not None and field.maximum is not None and kind is not Kind.YEAR:
        span = {"low": field.minimum, "high": field.maximum}
        return _("Number from %(low)s to %(high)s") % span
    return meaning(language, kind, words)


def _number_format(layer: Layer, field: Field, kind: Kind) -> str:
    """Ids and codes are text: else Excel drops their leading zeros and rounds after 15 digits."""
    if kind is Kind.DATE:
        return DATE_FORMAT
    if kind in (Kind.INTEGER, Kind.YEAR):
        return "0"
    if kind is Kind.DECIMAL:
        places = getattr(layer.column(field.name), "decimal_places", None)
        return "0." + "0" * places if places else "General"
    return TEXT_FORMAT


def _rule(layer: Layer, field: Field, kind: Kind) -> Rule | None:
    low = field.minimum if field.minimum is not None else -(10**12)
    high = field.maximum if field.maximum is not None else 10**12
    if kind in (Kind.INTEGER, Kind.YEAR):
        return ("whole", low, high)
    if kind is Kind.DECIMAL:
        return ("decimal", low, high)
    if kind is Kind.DATE:
        return ("date", "DATE(1949,1,1)", "DATE(2100,12,31)")
    if kind is Kind.TEXT:
        most = getattr(layer.column(field.name), "max_length", None)
        return ("textLength", 0, most) if most else None
    return None


def _place_columns(layer: Layer, language: str) -> list[TemplateColumn]:
    """With the datum in the header: a table has no other place for it, and would be asked."""

    def header(title: str) -> str:
        return BRACKETS[language].format(label=title, unit=DATUM)

    required = not layer.geometry_may_be_empty
    if layer.geometry != "point":
        meaning = _("The shape as WKT in degrees of CGCS2000; better send such layers from a GIS.")
        example = "LINESTRING (109.48 28.57, 109.49 28.58)"
        if layer.geometry == "polygon":
            example = "POLYGON ((109.48 28.57, 109.49 28.57, 109.49 28.58, 109.48 28.57))"
        return [TemplateColumn(header("WKT"), "WKT", required, meaning, example, TEXT_FORMAT)]
    degrees = _("Degrees of CGCS2000 or WGS 84, such as %(example)s")
    return [
        TemplateColumn(
            header(_("Longitude")), _("Longitude"), required, degrees % {"example": "109.481944"},
            "109.481944", "0.000000", rule=("decimal", HUNAN_BOUNDS.west, HUNAN_BOUNDS.east),
        ),
        TemplateColumn(
            header(_("Latitude")), _("Latitude"), required, degrees % {"example": "28.570000"},
            "28.570000", "0.000000", rule=("decimal", HUNAN_BOUNDS.south, HUNAN_BOUNDS.north),
        ),
    ]  # fmt: skip
