"""Archives, photographs, what phones and receivers write, and files that are none."""

import zipfile
from pathlib import Path

from importers.proposing import Stated
from tests.importers import files
from tests.importers.corpus.case import TOILETS, Case
from tests.importers.files import HUAYUAN, SITE
from tests.importers.photos.test_photos import HERE, photo
from tests.importers.readers import samples
from tests.importers.tables.writing import csv_of, text

HOUSEHOLD = Stated(columns={"category": "=户厕", "toilet_type": "=三格化粪池式"})


def a_zip_within_a_zip(folder: Path) -> Path:
    shp = files.shapefile(folder / "s", [SITE], [HUAYUAN], epsg=4490)
    inner = files.zipped(shp, folder / "inner.zip")
    with zipfile.ZipFile(folder / "outer.zip", "w") as archive:
        archive.write(inner, "附件/安置点.zip")
    return folder / "outer.zip"


def photographs_in_a_zip(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "照片.zip", "w") as archive:
        archive.write(photo(folder / "a.jpg", HERE), "厕所/户厕一.jpg")
        archive.write(photo(folder / "b.jpg"), "厕所/没有定位.jpg")
    return folder / "照片.zip"


def waypoints_of_a_receiver(folder: Path) -> Path:
    return samples.gpx(folder)


def kml_with_extended_data(folder: Path) -> Path:
    data = "".join(
        f'<Data name="{name}"><value>{value}</value></Data>'
        for name, value in list(SITE.items())[1:]
    )
    mark = samples.placemark(
        "十八洞安置点",
        "<Point><coordinates>109.48,28.57,300</coordinates></Point>",
        f"<ExtendedData>{data}</ExtendedData>",
    )
    return text(folder / "a.kml", samples.KML.format(placemarks=mark))


def an_empty_file(folder: Path) -> Path:
    return text(folder / "a.csv", "")


def a_heading_and_nothing_below(folder: Path) -> Path:
    return text(folder / "a.csv", csv_of([[*SITE, "经度", "纬度"]]))


def a_table_called_xls(folder: Path) -> Path:
    rows = [[*SITE, "经度（CGCS2000）", "纬度"], [*SITE.values(), 109.48, 28.57]]
    return text(folder / "台账.xls", csv_of(rows, "\t"), "gbk")


def a_report_called_xlsx(folder: Path) -> Path:
    return text(folder / "台账.xlsx", "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n")


CASES = [
    Case(a_zip_within_a_zip, fields={"name": "十八洞安置点"}),
    Case(photographs_in_a_zip, TOILETS, stated=HOUSEHOLD, datum="EPSG:4326", loaded=1, rejected=1),
    Case(
        waypoints_of_a_receiver,
        TOILETS,
        stated=HOUSEHOLD,
        datum="EPSG:4326",
        loaded=2,
        fields={"name": "十八洞村"},
    ),
    Case(
        kml_with_extended_data,
        datum="EPSG:4326",
        fields={"name": "十八洞安置点", "setting": "urban", "people": 42},
    ),
    Case(an_empty_file, refused="empty"),
    Case(a_heading_and_nothing_below, refused="no rows"),
    Case(a_table_called_xls, fields={"name": "十八洞安置点"}),
    Case(a_report_called_xlsx, refused="."),
]
