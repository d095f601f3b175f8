"""XLSX templates: an empty table of a layer to fill in, with lists to choose from.

The first sheet is the table and nothing else, so a filled-in template imports as it is. The second
explains each field, with an example; a hidden third holds the lists: a list that is written into
the rule itself may have 255 characters only (ECMA-376 §18.3.1.32).
"""

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from importers.exporting.columns import text_of
from importers.exporting.wish import LANGUAGES
from importers.readers.specification import EXPLANATION_SHEETS, LISTS_SHEET
from importers.template_columns import TEXT_FORMAT, TemplateColumn, columns_of
from importers.writers.guarding import guarded
from layers.registry import Layer

MOMENT = b"2022-01-01T00:00:00Z"
_MOMENT = re.compile(rb"(?<=>)[0-9T:Z-]+(?=</\w+:(?:created|modified)>)")
"""When a workbook was made and changed, in docProps/core.xml; whatever prefix its namespace got."""
ROWS = 10_000
"""How far down the rules reach."""
REQUIRED_FILL = PatternFill("solid", fgColor="F6D9A8")
OPTIONAL_FILL = PatternFill("solid", fgColor="E4F0EB")
NARROWEST, WIDEST = 10, 40
MOST_PROMPT, MOST_PROMPT_TITLE = 255, 32


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
        return _without_times(out.getvalue())


def _without_times(content: bytes) -> bytes:
    """The same workbook byte for byte whenever it is made: it tells of nobody's doings."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as made,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in made.namelist():
            part = _MOMENT.sub(MOMENT, made.read(name))
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


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
