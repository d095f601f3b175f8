"""The list of rejected rows: what it looks like, and that it comes back corrected."""

import csv
from io import StringIO

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from importers import rejects, spreadsheets
from importers.columns import CellReason
from importers.phrases import Phrase
from importers.rejects import OWN_COLUMNS, Rejects, own_columns
from layers.models import Asset
from layers.registry import LAYERS

FIELD = LAYERS["resettlement-sites"].by_name["households"]
REASON = CellReason(FIELD, Phrase("应为整数", "a whole number is expected"), Phrase("写 10", "10"))
WHOLE = CellReason(None, Phrase("整行不行", "the row will not do"))


def imported(path, **options):
    call_command("import_layer", "assets", str(path), user="chief", stdout=StringIO(), **options)


def written(path, rows, columns=("名称", "户数")):
    with Rejects(path, columns) as sheet:
        for number, cells in enumerate(rows, 1):
            sheet.add(number, cells, [REASON, WHOLE], {"户数"})
    return path


def test_the_sources_columns_come_first_then_row_reason_and_hint_in_both_languages(tmp_path):
    sheet = openpyxl.load_workbook(written(tmp_path / "r.xlsx", [["十八洞", "十"]])).active
    assert [cell.value for cell in sheet[1]] == ["名称", "户数", *OWN_COLUMNS]
    label = FIELD.label
    assert [cell.value for cell in sheet[2]] == [
        *["十八洞", "十", 1],
        *[
            f"{label.zh}：应为整数；整行不行",
            f"{label.en}: a whole number is expected; the row will not do",
        ],
        *["写 10", "10"],
    ]
    assert sheet["B2"].fill.fill_type == "solid"
    assert sheet["A2"].fill.fill_type is None
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:G2")


def test_a_list_of_a_list_does_not_grow_columns(tmp_path):
    columns = ["名称", "户数", *OWN_COLUMNS]
    path = written(tmp_path / "r.csv", [["十八洞", "十", 7, "旧", "old", "", ""]], columns)
    [row] = csv.DictReader(path.open(encoding="utf-8-sig"))
    assert list(row) == columns
    assert (row["名称"], row["行号 row"]) == ("十八洞", "1")
    assert "旧" not in row["原因"]


def test_a_source_may_have_a_column_of_the_same_name_as_one_of_ours():
    assert own_columns(["名称", "原因"]) == frozenset()
    assert own_columns(["名称", *OWN_COLUMNS]) == set(OWN_COLUMNS)


@pytest.mark.parametrize("name", ["r.xlsx", "r.csv"])
def test_nothing_is_written_where_nothing_was_rejected(tmp_path, name):
    written(tmp_path / name, [])
    assert not (tmp_path / name).exists()
    with Rejects(None, ["名称"]) as none:
        none.add(1, ["x"], [WHOLE])


def test_more_rows_than_a_sheet_holds_go_on_in_another(tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_SHEET_ROWS", 3)
    book = openpyxl.load_workbook(written(tmp_path / "r.xlsx", [["a", 1], ["b", 2], ["c", 3]]))
    assert book.sheetnames == [rejects.SHEET_TITLE, f"{rejects.SHEET_TITLE} (2)"]
    assert [sheet["C2"].value for sheet in book] == [1, 3]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["r.xlsx", "r.csv"])
def test_a_rejected_sheet_is_corrected_and_sent_again(chief, tmp_path, name):
    source = tmp_path / "a.csv"
    source.write_text(
        "花垣县资产台账,,,,,\n"
        "名称,资产编码,类别,状态,购建年度,所属区划\n"
        "十八洞电商,00731,经营性,在用,2020,433124\n"
        "=十八洞路,00732,公益x,在用,二零年,433124\n",
        encoding="gb18030",
    )
    path = tmp_path / name
    with pytest.raises(CommandError):
        imported(source, rejects=path)
    correct(path, {"公益x": "公益性", "二零年": "2021"})
    imported(path)
    asset = Asset.objects.get()
    assert (asset.name, asset.code, asset.acquired_year) == ("=十八洞路", "00732", 2021)


def correct(path, words):
    if path.suffix == ".csv":
        text = path.read_text("utf-8-sig")
        for old, new in words.items():
            text = text.replace(f",{old},", f",{new},")
        path.write_text(text, "utf-8-sig")
        return
    book = openpyxl.load_workbook(path)
    for row in book.active.iter_rows(min_row=2):
        for cell in row:
            cell.value = words.get(cell.value, cell.value)
    book.save(path)
