"""What cells say: types by number, ids that a spreadsheet spoiled, units, names of divisions."""

from decimal import Decimal
from pathlib import Path

from tests.conftest import SHIBADONG
from tests.importers.corpus.case import ASSETS, ROADS, TOILETS, Case
from tests.importers.tables.writing import csv_of, text, workbook

PLACED = ["经度（CGCS2000）", "纬度（CGCS2000）"]
AT = [109.48, 28.57]


def toilet_types_as_bare_numbers(folder: Path) -> Path:
    rows = [
        ["厕所编号", "类别", "改厕类型", *PLACED],
        ["T1", "户厕", 1, *AT],
        ["T2", "户厕", 2, *AT],
    ]
    return workbook(folder / "户厕.xlsx", rows)


def ids_in_scientific_notation(folder: Path) -> Path:
    rows = [
        ["厕所编号", "类别", "改厕类型", "户主", "身份证号", *PLACED],
        ["T1", "户厕", "三格式", "龙某某", "433124196001010018", *AT],
        ["T2", "户厕", "三格式", "石某某", "4.33124E+17", *AT],
        ["4.33E+11", "户厕", "三格式", "麻某某", "", *AT],
    ]
    return text(folder / "户厕.csv", csv_of(rows))


def money_in_ten_thousands(folder: Path) -> Path:
    rows = [
        ["资产名称", "资产类别", "资产状态", "资产原值（万元）", *PLACED],
        ["文化广场", "公益性", "在用", 12.5, *AT],
    ]
    return workbook(folder / "资产.xlsx", rows)


def lengths_in_kilometres(folder: Path) -> Path:
    line = "LINESTRING (109.48 28.57, 109.49 28.58)"
    rows = [
        ["路段编号", "路线名称", "行政等级", "里程（公里）", "WKT", "坐标基准"],
        ["C001433124001", "一号路", "村道", "3.2", f'"{line}"', "EPSG:4490"],
    ]
    return text(folder / "农村公路.csv", csv_of(rows))


def county_township_and_village_in_three_columns(folder: Path) -> Path:
    rows = [
        ["县", "乡镇", "村", "厕所编号", "类别", "改厕类型", *PLACED],
        ["花垣县", "双龙镇", "十八洞村", "007", "户厕", "三格式", *AT],
    ]
    return text(folder / "户厕.csv", csv_of(rows), "gbk")


def a_village_name_that_comes_often(folder: Path) -> Path:
    rows = [
        ["厕所编号", "类别", "改厕类型", "所属区划", *PLACED],
        ["T1", "户厕", "三格式", "十八洞村", *AT],
        ["T2", "户厕", "三格式", "和平村", *AT],
    ]
    return workbook(folder / "户厕.xlsx", rows)


CASES = [
    Case(
        toilet_types_as_bare_numbers,
        TOILETS,
        open=frozenset({"values:toilet_type:1", "values:toilet_type:2"}),
        answers={"toilet_type:1": "three_chamber"},
        loaded=1,
        rejected=1,
        fields={"code": "T1", "toilet_type": "three_chamber"},
    ),
    Case(
        ids_in_scientific_notation,
        TOILETS,
        loaded=1,
        rejected=2,
        fields={"code": "T1"},
    ),
    Case(money_in_ten_thousands, ASSETS, fields={"original_value_yuan": Decimal(125000)}),
    Case(lengths_in_kilometres, ROADS, fields={"length_m": 3200, "code": "C001433124001"}),
    Case(
        county_township_and_village_in_three_columns,
        TOILETS,
        fields={"code": "007", "division_id": SHIBADONG},
    ),
    Case(
        a_village_name_that_comes_often,
        TOILETS,
        loaded=1,
        rejected=1,
        fields={"division_id": SHIBADONG},
    ),
]
