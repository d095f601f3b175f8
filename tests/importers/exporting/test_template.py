"""Templates: what may be filled in, told by lists and rules; and nothing that is no table."""

from io import BytesIO

import openpyxl
import pytest

from importers.matching.columns import propose_columns
from importers.readers.specification import EXPLANATION_SHEETS, LISTS_SHEET, Column
from importers.workbook_template import template
from layers.codes import code_lists
from layers.models.code import CodeItem
from layers.registry import LAYERS


def book_of(layer, language):
    return openpyxl.load_workbook(BytesIO(template(LAYERS[layer], language)))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("layer", LAYERS)
def test_every_header_is_recognised_by_the_importer(db, layer, language):
    table = book_of(layer, language).worksheets[0]
    headers = [cell.value for cell in table[1]]
    choices, _findings, unmatched = propose_columns(
        LAYERS[layer],
        [Column(header, "string") for header in headers],
        [],
        names_cut=None,
        encoding="utf-8",
        stated={},
        remembered=None,
    )
    fields = [each.name for each in LAYERS[layer].fields if not each.readonly]
    assert set(choices) == set(fields)
    point = LAYERS[layer].geometry == "point"
    assert len(unmatched) == (2 if point else 1)
    assert table.max_row == 1


def test_lists_are_a_reference_to_a_hidden_sheet(db):
    book = book_of("toilets", "zh")
    table, explanation, lists = book.worksheets
    assert (explanation.title, lists.title) == (EXPLANATION_SHEETS[0], LISTS_SHEET)
    assert lists.sheet_state == "hidden"
    column = [cell.value for cell in table[1]].index("改厕类型*") + 1
    letter = openpyxl.utils.get_column_letter(column)
    [rule] = [
        each
        for each in table.data_validations.dataValidation
        if str(each.sqref).startswith(f"{letter}2:")
    ]
    count = len(code_lists("toilet_type")["toilet_type"])
    assert rule.formula1 == f"'选项'!${letter}$1:${letter}${count}"
    assert (rule.type, rule.showErrorMessage) == ("list", True)
    labels = [lists.cell(row=row, column=column).value for row in range(1, count + 1)]
    assert labels == [label.zh for label in code_lists("toilet_type")["toilet_type"].values()]


def test_ids_are_text_and_numbers_have_bounds(db):
    table = book_of("toilets", "zh").worksheets[0]
    headers = [cell.value for cell in table[1]]

    def letter(header):
        return openpyxl.utils.get_column_letter(headers.index(header) + 1)

    for header in ("厕所编号", "所属区划", "身份证号", "电话"):
        assert table.column_dimensions[letter(header)].number_format == "@"
    rules = {str(each.sqref).split("2:")[0]: each for each in table.data_validations.dataValidation}
    assert rules[letter("蹲位数（个）")].type == "whole"
    assert rules[letter("建成日期")].type == "date"
    assert float(rules[letter("经度")].formula1) > 100


def test_the_explanation_names_required_fields_and_examples(db):
    explanation = book_of("toilets", "zh").worksheets[1]
    rows = {row[0]: row[1:] for row in explanation.iter_rows(min_row=2, values_only=True)}
    assert rows["改厕类型*"][0] == "是"
    assert "三格化粪池式" in rows["改厕类型*"][1]
    assert rows["身份证号"][2] == "433124199001010011"


def test_a_list_longer_than_255_characters_is_no_longer_a_rule(db):
    for number in range(40):
        CodeItem.objects.create(
            list_name="toilet_type", code=f"more_{number}", zh=f"其他改厕类型之{number}", en="x"
        )
    rules = book_of("toilets", "zh").worksheets[0].data_validations.dataValidation
    [types] = [each for each in rules if (each.formula1 or "").endswith("$51")]
    assert len(types.formula1) < 255


def test_a_template_is_the_same_whenever_it_is_made(db):
    first, later = template(LAYERS["roads"], "zh"), template(LAYERS["roads"], "zh")
    assert first == later
    assert openpyxl.load_workbook(BytesIO(first)).properties.modified.year == 2022
