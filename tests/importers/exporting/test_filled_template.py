"""A template that is filled in imports as it is: its table alone, nothing to decide."""

from io import BytesIO, StringIO

import openpyxl
import pytest
from django.core.management import call_command

from importers.workbook_template import template
from layers.access.personal import unseal
from layers.registry import LAYERS
from tests.conftest import SHIBADONG

WHERE = {
    "经度（CGCS2000）": 109.48,
    "纬度（CGCS2000）": 28.57,
    "Longitude (CGCS2000)": 109.48,
    "Latitude (CGCS2000)": 28.57,
    "WKT（CGCS2000）": "LINESTRING (109.48 28.57, 109.49 28.58)",
}


def filled(layer, language, path):
    """With the examples of the sheet that explains the fields, and a code with leading zeros."""
    book = openpyxl.load_workbook(BytesIO(template(LAYERS[layer], language)))
    table, explanation = book.worksheets[:2]
    examples = {row[0]: row[3] for row in explanation.iter_rows(min_row=2, values_only=True)}
    headers = [cell.value for cell in table[1]]
    for number, code in enumerate(("00701", "00702"), 2):
        for column, header in enumerate(headers, 1):
            value = WHERE.get(header, examples[header])
            table.cell(row=number, column=column).value = _typed(table, column, value)
        at = 1 + headers.index(_header_of(layer, "code", language))
        table.cell(row=number, column=at).value = code
    book.save(path)
    return path


def _typed(table, column, value):
    """As Excel takes what is typed into a cell of this format."""
    letter = openpyxl.utils.get_column_letter(column)
    if not value or table.column_dimensions[letter].number_format in ("@", "yyyy-mm-dd"):
        return value
    try:
        return float(value)
    except ValueError:
        return value


def _header_of(layer, name, language):
    label = LAYERS[layer].by_name[name].label
    return label.zh if language == "zh" else label.en


@pytest.mark.parametrize(
    ("layer", "language"), [*((layer, "zh") for layer in LAYERS), ("toilets", "en")]
)
def test_a_filled_template_imports_without_a_question(
    without_box, chief, tmp_path, layer, language
):
    path = filled(layer, language, tmp_path / "a.xlsx")
    out = StringIO()
    call_command(
        "import_layer", layer, path, user="chief", language="en", stdout=out, stderr=StringIO()
    )
    assert "loaded 2, rejected 0, warnings 0" in out.getvalue(), out.getvalue()
    assert "To decide" not in out.getvalue()
    assert "Hidden sheets" not in out.getvalue()
    rows = LAYERS[layer].rows.order_by("code")
    assert [row.code for row in rows] == ["00701", "00702"]
    assert {row.division_id for row in rows} == {SHIBADONG}
    assert all(row.geom is not None for row in rows)
    if layer == "toilets":
        assert unseal(LAYERS[layer], rows[0].personal)["phone"] == "07431234567"
