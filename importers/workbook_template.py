"""XLSX templates: an empty table of a layer to fill in, with lists to choose from.

The first sheet is the table and nothing else, so a filled-in template imports as it is. The second
explains each field, with an example; a hidden third holds the lists: a list that is written into
the rule itself may have 255 characters only (ECMA-376 §18.3.1.32).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from importers.exporting.columns import BRACKETS, meaning, text_of
from importers.exporting.wish import LANGUAGES
from importers.readers.specification import EXPLANATION_SHEETS
from importers.template_examples import example_of
from importers.writers.guarding import guarded
from layers.codes import CodeLists, code_lists
from layers.divisions import HUNAN_BOUNDS
from layers.registry import Field, Kind, Layer

LISTS_SHEET = "选项"
ROWS = 10_000
"""How far down the rules reach."""
TEXT_FORMAT, DATE_FORMAT = "@", "yyyy-mm-dd"
REQUIRED_FILL = PatternFill("solid", fgColor="F6D9A8")
OPTIONAL_FILL = PatternFill("solid", fgColor="E4F0EB")
NARROWEST, WIDEST = 10, 40
MADE_UP = ("code", "division")
"""Required in the database, but filled in where the cell is blank."""
MOST_PROMPT, MOST_PROMPT_TITLE = 255, 32


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
    rule: "Rule | None" = None


def template(layer: Layer, language: str) -> bytes:
    """The workbook's bytes; `language` is zh or en."""
    with translation.override(LANGUAGES[language]):
        columns = columns_of(layer, language)
        book = Workbook()
        table: Any = book.active
        table.title = text_of(layer.title, language)
        lists: Any = book.create_sheet(LISTS_SHEET)
        lists.sheet_state = "hidden"
        _fill_table(table, lists, columns)
        explained = EXPLANATION_SHEETS[0 if language == "zh" else 1]
        _fill_explanation(book.create_sheet(explained, 1), columns)
        out = BytesIO()
        book.save(out)
        return out.getvalue()


def columns_of(layer: Layer, language: str) -> list[TemplateColumn]:
    """The fields that can be imported, in the registry's order, and the place at the end."""
    lists = code_lists(*{each.codes for each in layer.fields if each.codes})
    fields = [_column(layer, each, lists, language) for each in layer.fields if not each.readonly]
    return [*fields, *_place_columns(layer)]


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


Rule = tuple[str, Any, Any]


def _rule(layer: Layer, field: Field, kind: Kind) -> Rule | None:
    """Kind of check as Excel names it, and its bounds."""
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


def _place_columns(layer: Layer) -> list[TemplateColumn]:
    required = not layer.geometry_may_be_empty
    if layer.geometry != "point":
        meaning = _("The shape as WKT in degrees of CGCS2000; better send such layers from a GIS.")
        example = "LINESTRING (109.48 28.57, 109.49 28.58)"
        if layer.geometry == "polygon":
            example = "POLYGON ((109.48 28.57, 109.49 28.57, 109.49 28.58, 109.48 28.57))"
        return [TemplateColumn("WKT", "WKT", required, meaning, example, TEXT_FORMAT)]
    degrees = _("Degrees of CGCS2000 or WGS 84, such as %(example)s")
    return [
        TemplateColumn(
            _("Longitude"), _("Longitude"), required, degrees % {"example": "109.481944"},
            "109.481944", "0.000000", rule=("decimal", HUNAN_BOUNDS.west, HUNAN_BOUNDS.east),
        ),
        TemplateColumn(
            _("Latitude"), _("Latitude"), required, degrees % {"example": "28.570000"},
            "28.570000", "0.000000", rule=("decimal", HUNAN_BOUNDS.south, HUNAN_BOUNDS.north),
        ),
    ]  # fmt: skip


def _fill_table(table: Any, lists: Any, columns: Sequence[TemplateColumn]) -> None:
    table.freeze_panes = "A2"
    table.row_dimensions[1].height = 32
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        head = table.cell(row=1, column=number, value=guarded(column.header))
        head.font = Font(bold=True)
        head.fill = REQUIRED_FILL if column.required else OPTIONAL_FILL
        head.alignment = Alignment(wrap_text=True, vertical="center")
        dimension = table.column_dimensions[letter]
        dimension.width = min(max(2 * len(column.header) + 2, NARROWEST), WIDEST)
        dimension.number_format = column.number_format
        validation = _validation(column, lists, number)
        validation.add(f"{letter}2:{letter}{ROWS + 1}")
        table.add_data_validation(validation)


def _validation(column: TemplateColumn, lists: Any, number: int) -> DataValidation:
    """The rule of a column; without any, only the prompt that explains it."""
    more: dict[str, Any] = {"type": None}
    if column.choices:
        more = {"type": "list", "formula1": _listed(lists, number, column)}
    elif column.rule is not None:
        kind, low, high = column.rule
        more = {"type": kind, "operator": "between", "formula1": str(low), "formula2": str(high)}
    validation = DataValidation(allow_blank=True, **more)
    validation.promptTitle = column.title[:MOST_PROMPT_TITLE]
    validation.prompt = column.meaning[:MOST_PROMPT]
    validation.errorTitle = _("This value does not fit")
    validation.error = column.meaning[:MOST_PROMPT]
    # Excel shows neither unless it is told to.
    validation.showInputMessage = validation.showErrorMessage = True
    return validation


def _listed(lists: Any, number: int, column: TemplateColumn) -> str:
    """Writes the choices below each other and returns the reference to them."""
    letter = get_column_letter(number)
    for row, choice in enumerate(column.choices, 1):
        lists.cell(row=row, column=number, value=guarded(choice)).number_format = TEXT_FORMAT
    return f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(column.choices)}"


def _fill_explanation(sheet: Any, columns: Sequence[TemplateColumn]) -> None:
    sheet.append([_("Field"), _("Required"), _("Explanation"), _("Example")])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = OPTIONAL_FILL
    for column in columns:
        required = _("yes") if column.required else ""
        row = (column.header, required, column.meaning, column.example)
        sheet.append([guarded(text) for text in row])
    for letter, width in zip("ABCD", (28, 10, 80, 40), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.number_format = TEXT_FORMAT
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
