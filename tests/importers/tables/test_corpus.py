"""Each mess that tables come with, and combinations: the names and rows that are found in it.

Every layout is written as .xlsx, .xls, CSV and HTML, so that one table of cases holds for all.
"""

import pytest

from tests.importers.tables.writing import csv_of, found, old_workbook, text, workbook

A = ["十八洞", "城镇", 10, 109.5, 28.5, "好"]
B = ["双龙", "农村", 20, 109.6, 28.6, "好"]
NAMES = ["名称", "方式", "户数", "经度", "纬度", "备注"]
TWO_ROWS = [
    ["名称", "方式", "户数", "坐标", None, "备注"],
    [None, None, None, "经度", "纬度", None],
]
TWO_ROWS_NAMES = ["名称", "方式", "户数", "坐标 经度", "坐标 纬度", "备注"]
TITLE = ["花垣县易地搬迁安置点台账"]
FORM = ["填报单位：花垣县", None, None, None, "日期：2022年5月"]
SUMS = ["合 计", None, 30]
SIGNED = ["填表人：张三", None, "审核人：李四"]

CASES = {
    "plain": ([NAMES, A, B], NAMES, [2, 3]),
    "a title": ([TITLE, NAMES, A, B], NAMES, [3, 4]),
    "a title and who filled it in": ([TITLE, FORM, NAMES, A, B], NAMES, [4, 5]),
    "a header of two rows": ([*TWO_ROWS, A, B], TWO_ROWS_NAMES, [3, 4]),
    "title and a header of two rows": ([TITLE, FORM, *TWO_ROWS, A, B], TWO_ROWS_NAMES, [5, 6]),
    "headings of groups over all columns": (
        [["基本信息", None, None, "位置", None, None], NAMES, A, B],
        [*[f"基本信息 {name}" for name in NAMES[:3]], *[f"位置 {name}" for name in NAMES[3:]]],
        [3, 4],
    ),
    "a row of units": (
        [NAMES, [None, None, "户", "°", "°", None], A, B],
        ["名称", "方式", "户数(户)", "经度(°)", "纬度(°)", "备注"],
        [3, 4],
    ),
    "a row of column numbers": ([NAMES, [1, 2, 3, 4, 5, 6], A, B], NAMES, [3, 4]),
    "sums at the end": ([NAMES, A, B, SUMS], NAMES, [2, 3]),
    "sums and a signature": ([NAMES, A, B, SUMS, SIGNED], NAMES, [2, 3]),
    "a remark at the end": ([NAMES, A, B, ["注：数据截至2022年底"]], NAMES, [2, 3]),
    "blank rows between": ([NAMES, A, [None] * 6, [None] * 6, B], NAMES, [2, 5]),
    "a blank row below the title": ([TITLE, [None], NAMES, A, B], NAMES, [4, 5]),
    "no header": ([A, B], [f"第{number}列" for number in range(1, 7)], [1, 2]),
    "a column without a name": (
        [["名称", "方式", None, "经度", "纬度", "备注"], A, B],
        ["名称", "方式", "第3列", "经度", "纬度", "备注"],
        [2, 3],
    ),
    "names that repeat": (
        [["名称", "名称", "户数", "经度", "纬度", "名称"], A, B],
        ["名称", "名称_2", "户数", "经度", "纬度", "名称_3"],
        [2, 3],
    ),
    "years as names": (
        [["名称", "方式", 2020, 2021, 2022, "备注"], A, B],
        ["名称", "方式", "2020", "2021", "2022", "备注"],
        [2, 3],
    ),
    "all of it": (
        [TITLE, FORM, *TWO_ROWS, [None, None, "户", "°", "°", None], A, [None], B, SUMS, SIGNED],
        ["名称", "方式", "户数(户)", "坐标 经度(°)", "坐标 纬度(°)", "备注"],
        [6, 8],
    ),
}


def html_of(rows):
    cells = "".join(
        "<tr>" + "".join(f"<td>{'' if cell is None else cell}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f"<html><head><meta charset=gb2312></head><body><table>{cells}</table></body></html>"


WAYS = {
    "xlsx": lambda folder, rows: workbook(folder / "a.xlsx", rows),
    "xls": lambda folder, rows: old_workbook(folder / "a.xls", rows),
    "csv": lambda folder, rows: text(folder / "a.csv", csv_of(rows)),
    "csv in gbk": lambda folder, rows: text(folder / "a.csv", csv_of(rows), "gbk"),
    "tabs in utf-16": lambda folder, rows: text(folder / "a.txt", csv_of(rows, "\t"), "utf-16"),
    "csv called xls": lambda folder, rows: text(folder / "a.xls", csv_of(rows), "gbk"),
    "html called xls": lambda folder, rows: text(folder / "a.xls", html_of(rows), "gbk"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES)
def test_the_table_is_found_in(tmp_path, case, way):
    rows, names, numbers = CASES[case]
    table = found(WAYS[way](tmp_path, rows))
    assert table.names == names
    assert table.numbers == numbers
    values = [[str(cell) for cell in row] for row in table.rows]
    assert values == [[str(cell) for cell in row] for row in (A, B)]
    if "csv" not in way and "tabs" not in way:
        assert table.description.rows == len(numbers)


@pytest.mark.parametrize("way", ["xlsx", "csv"])
def test_what_was_left_out_is_told(tmp_path, way):
    rows, _names, _numbers = CASES["all of it"]
    table = found(WAYS[way](tmp_path, rows))
    assert table.noted("Rows above the header, not read: 2")
    assert table.noted("The header has 3 rows")
    assert table.noted("otals")
    assert found(WAYS[way](tmp_path, [NAMES, A, B])).notes == []


@pytest.mark.parametrize("way", ["xlsx", "html called xls", "csv"])
def test_a_row_that_looks_like_a_remark_counts_when_others_follow_it(tmp_path, way):
    remark = ["说明 1", None, None, None, None, None]
    table = found(WAYS[way](tmp_path, [NAMES, A, remark, B]))
    assert table.numbers == [2, 3, 4]


def test_sums_between_the_rows_of_a_workbook_are_told_by_their_numbers(tmp_path):
    table = found(workbook(tmp_path / "a.xlsx", [NAMES, A, ["小计", None, 10], B, SUMS]))
    assert table.numbers == [2, 4]
    assert table.noted("Rows of totals, not read: 3, 5")
