"""What is written for spreadsheet programs: no formula, nothing lost, nobody else's to read."""

import csv
import datetime
import stat

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers import spreadsheets
from importers.formulas import BREAKS, STARTS, guarded, unguarded
from importers.spreadsheets import CsvWriter, SheetWriter

RUN = [
    "=1+1",
    "+1-1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1x",
    "＠a",
    " =1",
    "　=1",
]
STAY = ["-3.5", "+86", "0731", "a=1", "'", "'tis", "", "1-2", "村-1"]


@pytest.mark.parametrize("text", RUN)
def test_a_text_that_would_run_is_guarded_and_comes_back(text):
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("cell", [*STAY, -3.5, 0, None, True, datetime.date(2020, 1, 2)])
def test_what_runs_nowhere_stays(cell):
    assert guarded(cell) is cell
    if isinstance(cell, str):
        assert unguarded(cell) == cell


@given(st.text(alphabet=f"{STARTS}{BREAKS} 1.e'　\ufeff", max_size=6))
def test_no_guarded_text_begins_like_a_formula(text):
    written = guarded(text).lstrip(" 　\ufeff")
    assert not written.startswith(tuple(STARTS + BREAKS)) or float(text) == float(written)


def written(path, rows, *, header=("名称", "=列"), marked=()):
    with SheetWriter(path, title="被拒绝[行]", header=header) as sheet:
        for row in rows:
            sheet.write(row, marked)
    return openpyxl.load_workbook(path)


def test_numbers_and_dates_stay_and_ids_are_text(tmp_path):
    days = [datetime.date(2020, 5, 1), datetime.date(1890, 1, 1)]
    row = [7, -3.5, 430102199001011234, 1.5e300, "0731", True, *days, float("nan"), "#N/A", "=1"]
    sheet = written(tmp_path / "a.xlsx", [row], header="abcdefghijk").active
    values = [cell.value for cell in sheet[2]]
    assert values[:6] == [7, -3.5, "430102199001011234", str(int(1.5e300)), "0731", True]
    assert values[6].date() == days[0]
    assert values[7:] == ["1890-01-01", None, "#N/A", "'=1"]
    assert sheet["E2"].number_format == "@"
    assert {cell.data_type for cell in sheet[2]} <= {"n", "s", "b", "d"}


def test_marked_cells_are_filled_and_the_header_stays_in_sight(tmp_path):
    sheet = written(tmp_path / "a.xlsx", [["a", None], ["b", 2]], marked=(1,)).active
    assert sheet["A2"].fill.fill_type is None
    assert sheet["B2"].fill.fgColor.rgb == sheet["B3"].fill.fgColor.rgb == "00F9C9C0"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B3")
    assert sheet["B1"].value == "'=列"
    assert sheet.title == "被拒绝 行"


def test_a_full_sheet_is_followed_by_another(tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_SHEET_ROWS", 3)
    book = written(tmp_path / "a.xlsx", [[number, "x"] for number in range(5)])
    assert [[row[0] for row in sheet.values] for sheet in book] == [
        ["名称", 0, 1],
        ["名称", 2, 3],
        ["名称", 4],
    ]
    assert [sheet.auto_filter.ref for sheet in book] == ["A1:B3", "A1:B3", "A1:B2"]


def test_what_the_format_cannot_hold_is_seen_to_be_missing(tmp_path):
    row = ["a\x00b\ud800", "x" * 40_000]
    [a, b] = written(tmp_path / "a.xlsx", [row]).active[2]
    assert a.value == "a\ufffdb\ufffd"
    assert (len(b.value), b.value[-1]) == (32_767, "…")


@pytest.mark.parametrize("kind", [CsvWriter, SheetWriter])
def test_only_the_owner_may_read_the_file_also_when_it_was_there_before(tmp_path, kind):
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o644)
    options = {"title": "x"} if kind is SheetWriter else {}
    kind(path, header=["a"], **options).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_csv_says_its_encoding_and_guards_too(tmp_path):
    sheet = CsvWriter(tmp_path / "a.csv", header=["名称", "数"])
    sheet.write(["=1+1", -3.5], marked=(0,))
    sheet.close()
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [["名称", "数"], ["'=1+1", "-3.5"]]
