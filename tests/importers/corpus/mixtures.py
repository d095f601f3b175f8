"""Several messes in one file, as they come."""

from pathlib import Path

import numpy as np
from shapely import Point

from tests.conftest import SHIBADONG
from tests.importers import files
from tests.importers.corpus.case import ASSETS, TOILETS, Case
from tests.importers.corpus.tables import HERE, metres
from tests.importers.files import SITE
from tests.importers.places.scene import written_in
from tests.importers.tables.writing import csv_of, text, workbook

FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


def gbk_with_a_title_full_width_digits_and_north_first(folder: Path) -> Path:
    east, north = (str(each).translate(FULL_WIDTH) for each in metres())
    rows = [
        ["花垣县安置点一览表", "", "", "", "", "", ""],
        ["序号", *SITE, "X", "Y"],
        [1, *SITE.values(), north, east],
        ["合计", "", "", 10, 42, "", ""],
    ]
    return text(folder / "一览表.csv", csv_of(rows), "gbk")


def workbook_with_units_three_levels_dms_and_a_place_of_zero(folder: Path) -> Path:
    rows = [
        ["扶贫项目资产清单", *[None] * 8],
        [
            "资产名称",
            "资产类别",
            "资产状态",
            "资产原值",
            "所在地",
            None,
            None,
            "坐标(2000国家大地坐标系)",
            None,
        ],
        [None, None, None, "（万元）", "县", "乡镇", "村", "经度", "纬度"],
        [
            "文化广场",
            "公益性",
            "在用",
            "１２．５",
            "花垣县",
            "双龙镇",
            "十八洞村",
            "109°28′48″",
            "28°34′12″",
        ],
        ["水厂", "公益性", "在用", 3, "花垣县", "双龙镇", "十八洞村", 0, 0],
    ]
    merged = ("A1:I1", "A2:A3", "B2:B3", "C2:C3", "E2:G2", "H2:I2")
    return workbook(folder / "资产.xlsx", rows, merged=merged)


def zipped_shapefile_with_cut_names_of_baidu_degrees_without_a_datum(folder: Path) -> Path:
    rows = [{"厕所编号": "007", "类别": "户厕", "改厕类型": "三格式", "粪污处理方": ""}]
    place = Point(written_in("bd09", np.array([HERE]))[0])
    shp = files.shapefile(folder / "s", rows, [place], epsg=4326, without=("cpg", "prj"))
    return files.zipped(shp, folder / "户厕.zip", more={"说明.txt": "百度坐标".encode("gbk")})


CASES = [
    Case(
        gbk_with_a_title_full_width_digits_and_north_first,
        open=frozenset({"place:datum"}),
        answers={"datum": "EPSG:4545"},
        datum="EPSG:4545",
        fields={"name": "十八洞安置点"},
    ),
    Case(
        workbook_with_units_three_levels_dms_and_a_place_of_zero,
        ASSETS,
        loaded=1,
        rejected=1,
        fields={"original_value_yuan": 125000, "division_id": SHIBADONG},
    ),
    Case(
        zipped_shapefile_with_cut_names_of_baidu_degrees_without_a_datum,
        TOILETS,
        open=frozenset({"place:datum"}),
        answers={"datum": "bd09"},
        datum="bd09",
        fields={"code": "007"},
    ),
]
