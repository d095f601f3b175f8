"""The workbook of rejected rows of a file with geometry, corrected and sent again."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from shapely import Point

from layers.models import ResettlementSite
from tests.importers import files
from tests.web.imports.conftest import Deliver, Start

pytestmark = pytest.mark.django_db
EAST, NORTH = 37_351_234.56, 3_162_345.67


def test_a_corrected_row_lands_where_the_file_had_it(
    page: Client, deliver: Deliver, start: Start, tmp_path: Path
) -> None:
    """In EPSG:4525, whose ordinates are none of what is stored."""
    rows = [{**files.SITE, "安置点名称": f"安置点{n}", "安置户数": n * 10 - 5} for n in (0, 1)]
    places = [Point(EAST, NORTH), Point(EAST + 500, NORTH)]
    first = deliver(files.geopackage(tmp_path / "a.gpkg", rows, places, 4525))
    run = start(first, skip_rejected="on")
    assert (run.report["loaded"], run.report["rejected"]) == (1, 1)

    answer = page.get(f"/imports/{first.uid}/runs/{run.uid}/rejects.xlsx")
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    sheet = book.active
    header = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, header.index("WKT") + 1).value == f"POINT ({EAST} {NORTH})"
    assert sheet.cell(2, header.index("坐标基准") + 1).value == "EPSG:4525"
    sheet.cell(2, header.index("安置户数") + 1).value = 12
    book.save(tmp_path / "corrected.xlsx")

    run = start(deliver(tmp_path / "corrected.xlsx"))
    assert run.report["loaded"] == 1, run.problem
    corrected = ResettlementSite.objects.get(name="安置点0")
    other = ResettlementSite.objects.get(name="安置点1")
    assert corrected.households == 12
    # 500 m apart in the file, and so on the ground, within a hundredth of a second.
    assert other.geom.x - corrected.geom.x == pytest.approx(0.00511, abs=3e-5)
    assert corrected.geom.y == pytest.approx(other.geom.y, abs=2e-4)
    assert corrected.source_datum == "EPSG:4525"


def test_a_table_gets_no_second_place(
    page: Client, deliver: Deliver, start: Start, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "安置点名称,安置方式,安置户数,安置人数,经度,纬度,坐标基准\n甲,城镇安置,-1,42,109.48,28.57,EPSG:4490\n"
    )
    delivery = deliver(path)
    run = start(delivery, "dry")
    answer = page.get(f"/imports/{delivery.uid}/runs/{run.uid}/rejects.xlsx")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    header = [cell.value for cell in sheet[1]]
    assert header[4:6] == ["经度", "纬度"]
    assert "WKT" not in header
    assert header.count("坐标基准") == 1
