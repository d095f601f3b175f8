"""Shapefiles and GeoPackages: text without its encoding, cut names, datums missing or local."""

from pathlib import Path

from shapely import Point

from importers.proposing import Stated
from tests.importers import files
from tests.importers.corpus.case import Case
from tests.importers.files import CHECK_ORDINATES, HUAYUAN, SITE
from tests.importers.places.scene import written_in

CHECK = (111.5, 27.5)
XIAN80 = "EPSG:2361"


def in_datum(datum: str, place: tuple[float, float] = CHECK) -> Point:
    import numpy as np

    return Point(written_in(datum, np.array([place]))[0])


def gbk_without_cpg_and_prj_in_zone_37(folder: Path) -> Path:
    shp = files.shapefile(folder / "s", [SITE], [CHECK_ORDINATES], without=("cpg", "prj"))
    return files.zipped(shp, folder / "花垣.zip")


def field_names_cut_to_five_characters(folder: Path) -> Path:
    rows = [{**SITE, "配套卫生室": "否", "物业管理": "有", "zero_emplo": 4}]
    return files.shapefile(folder / "s", rows, [CHECK_ORDINATES])


def utf8_text_under_a_cpg_that_says_gbk(folder: Path) -> Path:
    rows = [{"name": "十八洞", "setting": "城镇安置", "households": 10, "people": 42}]
    shp = files.shapefile(folder / "s", rows, [CHECK_ORDINATES], encoding="UTF-8")
    shp.with_suffix(".cpg").write_text("GBK")
    return shp


def xian_1980_without_parameters(folder: Path) -> Path:
    return files.geopackage(folder / "a.gpkg", [SITE], [in_datum(XIAN80)], 2361)


def xian_1980_with_an_accepted_error(folder: Path) -> Path:
    return xian_1980_without_parameters(folder)


def beijing_1954_with_a_stated_error(folder: Path) -> Path:
    return files.geopackage(folder / "a.gpkg", [SITE], [in_datum("EPSG:2413")], 2413)


def a_geopackage_called_shp(folder: Path) -> Path:
    made = files.geopackage(folder / "a.gpkg", [SITE], [HUAYUAN])
    return made.rename(folder / "安置点.shp")


CASES = [
    Case(
        gbk_without_cpg_and_prj_in_zone_37,
        open=frozenset({"place:datum"}),
        answers={"datum": "EPSG:4525"},
        datum="EPSG:4525",
        place=CHECK,
        fields={"name": "十八洞安置点", "setting": "urban", "households": 10},
    ),
    Case(
        field_names_cut_to_five_characters,
        datum="EPSG:4525",
        place=CHECK,
        fields={
            "has_clinic": False,
            "has_property_management": True,
            "zero_employment_households": 4,
        },
    ),
    Case(
        utf8_text_under_a_cpg_that_says_gbk,
        datum="EPSG:4525",
        place=CHECK,
        fields={"name": "十八洞", "setting": "urban"},
    ),
    Case(
        xian_1980_without_parameters,
        open=frozenset({"place:accuracy_m"}),
        refused="no published parameters",
    ),
    Case(
        xian_1980_with_an_accepted_error,
        open=frozenset({"place:accuracy_m"}),
        answers={"accuracy_m": "accuracy:100"},
        datum="EPSG:2361 (±100 m)",
        place=CHECK,
        fields={"accuracy_m": 100},
    ),
    Case(
        beijing_1954_with_a_stated_error,
        stated=Stated(accuracy_m=80),
        datum="EPSG:2413 (±80 m)",
        place=CHECK,
        fields={"accuracy_m": 80},
    ),
    Case(a_geopackage_called_shp, fields={"name": "十八洞安置点"}),
]
