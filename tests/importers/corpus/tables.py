"""CSV and workbooks: where places are written in cells, in every way there is."""

from pathlib import Path
from typing import Any

import numpy as np

from layers.divisions import CountyLocator
from tests.importers.corpus.case import FIRST, Case
from tests.importers.places.scene import FENGHUANG, HUAYUAN, places_in, written_in
from tests.importers.tables.writing import csv_of, text, workbook

HEADER = ["安置点名称", "安置方式", "安置户数", "安置人数"]
HERE = (109.48, 28.57)
ASKED = frozenset({"place:datum"})


def site(number: int, *cells: Any) -> list[Any]:
    return [f"第{number}安置点", "城镇安置", 10, 42, *cells]


def table(folder: Path, more: list[str], *rows: list[Any], encoding: str = "utf-8") -> Path:
    return text(folder / "台账.csv", csv_of([[*HEADER, *more], *rows]), encoding)


def metres(number: int = 0) -> tuple[float, float]:
    """East and north from the meridian of 108°, without a zone in front."""
    east, north = written_in("EPSG:4545", np.array([[HERE[0] + number / 1000, HERE[1]]]))[0]
    return round(float(east), 3), round(float(north), 3)


def two_encodings_in_one_table(folder: Path) -> Path:
    path = table(folder, ["经度(2000坐标系)", "纬度"], site(1, *HERE))
    with path.open("ab") as stream:
        stream.write(csv_of([["双龙安置点", "农村安置", 3, 9, 109.5, 28.6]]).encode("gbk"))
    return path


def titles_merged_cells_and_a_heading_of_two_rows_in_dms(folder: Path) -> Path:
    rows = [
        ["花垣县易地扶贫搬迁集中安置点台账", *[None] * 5],
        ["填报单位：县乡村振兴局", *[None] * 5],
        ["安置点名称", "安置方式", "规模", None, "位置（CGCS2000）", None],
        [None, None, "安置户数", "安置人数", "经度", "纬度"],
        ["十八洞安置点", "城镇安置", 10, 42, "109°28′48″", "28°34′12″"],
        ["双龙安置点", None, 5, 20, "109度30分0秒", "N28°36'0\""],
    ]
    merged = ("A1:F1", "A2:F2", "A3:A4", "B3:B4", "C3:D3", "E3:F3", "B5:B6")
    return workbook(folder / "台账.xlsx", rows, merged=merged)


def x_is_north_and_y_is_east(folder: Path) -> Path:
    rows = [site(n, "花垣县", *reversed(metres(n))) for n in range(3)]
    return table(folder, ["区县", "X坐标", "Y坐标"], *rows)


def digits_in_full_width(folder: Path) -> Path:
    row = ["十八洞安置点", "城镇安置", "１０", "４２", "１０９．４８", "２８．５７"]
    return table(folder, ["经度（WGS84）", "纬度（WGS84）"], row)


def rows_at_zero_zero(folder: Path) -> Path:
    places = [HERE, (0, 0), ("", "")]
    more = ["经度（CGCS2000）", "纬度（CGCS2000）"]
    return table(folder, more, *(site(n, *each) for n, each in enumerate(places)))


def degrees_in_a_column_of_metres(folder: Path) -> Path:
    rows = [site(n, "花垣县", *metres(n)) for n in range(4)]
    return table(folder, ["区县", "东坐标", "北坐标"], *rows, site(9, "花垣县", *HERE))


def eastings_without_a_zone_in_a_stated_county(folder: Path) -> Path:
    rows = [site(n, "花垣县", *metres(n)) for n in range(10)]
    return table(folder, ["所在县", "横坐标", "纵坐标"], *rows)


def amap_places_with_their_counties(folder: Path) -> Path:
    lonlat, counties = places_in(CountyLocator(), (HUAYUAN, FENGHUANG), 1500)
    lonlat[0] = HERE
    counties[0] = HUAYUAN
    rows = [
        site(n, county, *place)
        for n, (county, place) in enumerate(
            zip(counties, written_in("gcj02", lonlat).tolist(), strict=True)
        )
    ]
    return table(folder, ["区划代码", "经度", "纬度"], *rows)


def baidu_places_by_the_names_of_their_columns(folder: Path) -> Path:
    places = written_in("bd09", np.array([HERE, (109.5, 28.6)])).tolist()
    rows = [site(n, *each) for n, each in enumerate(places)]
    return table(folder, ["百度经度", "百度纬度"], *rows)


def a_datum_stated_in_every_row(folder: Path) -> Path:
    rows = [site(n, *metres(n), "EPSG:4545") for n in range(2)]
    return table(folder, ["东坐标（米）", "北坐标（米）", "坐标基准"], *rows)


def two_datums_stated_row_by_row(folder: Path) -> Path:
    rows = [site(n, *metres(n), f"EPSG:{4545 + n}") for n in range(2)]
    return table(folder, ["东坐标（米）", "北坐标（米）", "坐标基准"], *rows)


def xian_1980_stated_in_every_row_with_its_error(folder: Path) -> Path:
    rows = [site(1, *metres(), "EPSG:2381 (±100 m)")]
    return table(folder, ["东坐标（米）", "北坐标（米）", "坐标基准"], *rows)


def both_ordinates_in_one_cell(folder: Path) -> Path:
    rows = [[*HEADER, "坐标"], site(1, "109.48, 28.57"), site(2, "109.5，28.6")]
    return workbook(folder / "台账.xlsx", rows)


CASES = [
    Case(two_encodings_in_one_table, loaded=2, fields={"name": "第1安置点"}),
    Case(
        titles_merged_cells_and_a_heading_of_two_rows_in_dms,
        loaded=2,
        fields={"name": "十八洞安置点", "people": 42},
    ),
    Case(
        x_is_north_and_y_is_east,
        open=ASKED,
        answers={"datum": FIRST},
        loaded=3,
        datum="EPSG:4545",
        fields={"division_id": HUAYUAN},
    ),
    Case(digits_in_full_width, datum="EPSG:4326", fields={"households": 10}),
    Case(rows_at_zero_zero, loaded=1, rejected=2),
    Case(
        degrees_in_a_column_of_metres,
        open=ASKED,
        answers={"datum": FIRST},
        loaded=4,
        rejected=1,
        datum="EPSG:4545",
    ),
    Case(
        eastings_without_a_zone_in_a_stated_county,
        open=ASKED,
        answers={"datum": FIRST},
        loaded=10,
        datum="EPSG:4545",
    ),
    Case(
        amap_places_with_their_counties,
        open=ASKED,
        answers={"datum": FIRST},
        loaded=1500,
        datum="gcj02",
    ),
    Case(
        baidu_places_by_the_names_of_their_columns,
        open=ASKED,
        answers={"datum": FIRST},
        loaded=2,
        datum="bd09",
    ),
    Case(a_datum_stated_in_every_row, loaded=2, datum="EPSG:4545"),
    Case(
        two_datums_stated_row_by_row,
        open=ASKED,
        answers={"datum": "EPSG:4545"},
        loaded=2,
        datum="EPSG:4545",
    ),
    Case(
        xian_1980_stated_in_every_row_with_its_error,
        open=ASKED,
        answers={"datum": "EPSG:2381"},
        refused="no published parameters",
    ),
    Case(both_ordinates_in_one_cell, open=ASKED, answers={"datum": "EPSG:4490"}, loaded=2),
]
