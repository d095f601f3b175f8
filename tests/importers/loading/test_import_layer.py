"""The command, from a file to rows in the table."""

import csv
import json
import uuid
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from shapely import LineString, MultiPoint, Point

from gisapp.maintenance.models import UpkeepRule
from layers.access.personal import unseal
from layers.editing.request import EditRequest
from layers.editing.service import submit
from layers.models import Changeset, Operation, ResettlementSite, Road, Toilet
from layers.registry import LAYERS
from tests.importers import files
from tests.importers.files import CHECK_ORDINATES, CHECK_PLACE, HUAYUAN, SITE

pytestmark = pytest.mark.django_db


def run(layer: str, path: Path, **options) -> str:
    out = StringIO()
    options.setdefault("user", "chief")
    call_command(
        "import_layer", layer, str(path), stdout=out, stderr=StringIO(), language="en", **options
    )
    return out.getvalue()


def refused(layer: str, path: Path, **options) -> str:
    """The words of the refusal; that it wrote nothing is checked for every one of them."""
    with pytest.raises(CommandError) as raised:
        run(layer, path, **options)
    assert raised.value.returncode == 2
    assert not Changeset.objects.exists()
    assert not LAYERS[layer].rows.exists()
    return str(raised.value)


def test_a_gbk_shapefile_without_cpg_in_zone_37_arrives_in_place_and_readable(chief, tmp_path):
    site = {**SITE, "配套学校": "是", "零就业户": 3}
    shp = files.shapefile(tmp_path / "shp", [site], [CHECK_ORDINATES])
    out = run("resettlement-sites", files.zipped(shp, tmp_path / "a.zip"))
    row = ResettlementSite.objects.get()
    assert row.name == "十八洞安置点"
    assert (row.setting, row.households, row.has_school) == ("urban", 10, True)
    metre = 1 / 111_320
    assert abs(row.geom.x - CHECK_PLACE.x) < metre / 1000
    assert abs(row.geom.y - CHECK_PLACE.y) < metre / 1000
    assert row.source_datum == "EPSG:4525"
    assert row.source_ordinates == "POINT (37549406.431 3043133.573)"
    assert row.method == "imported"
    assert row.division_id.endswith("000000")
    assert row.code.startswith(f"S{row.division_id[:6]}-")
    assert "GB18030" in out
    assert "EPSG:4525" in out


def test_column_names_cut_to_five_characters_are_matched(chief, tmp_path):
    rows = [{**SITE, "配套卫生室": "否", "物业管理": "有", "zero_emplo": 4}]
    shp = files.shapefile(tmp_path / "shp", rows, [CHECK_ORDINATES])
    run("resettlement-sites", files.zipped(shp, tmp_path / "a.zip"))
    row = ResettlementSite.objects.get()
    assert (row.has_clinic, row.has_property_management) == (False, True)
    assert row.zero_employment_households == 4


def test_the_text_of_a_utf8_shapefile_without_cpg_is_read_too(chief, tmp_path):
    shp = files.shapefile(tmp_path / "s", [SITE], [CHECK_ORDINATES], encoding="UTF-8")
    # Three Chinese characters are left of a name in UTF-8: 安置点, and three columns that repeat.
    out = run(
        "resettlement-sites",
        files.zipped(shp, tmp_path / "a.zip"),
        map=[
            "name=安置点",
            "setting=安置方",
            "households=安置户",
            "people=安置人",
        ],
    )
    assert ResettlementSite.objects.get().name == "十八洞安置点"
    assert "UTF-8" in out


def test_geojson_is_read_as_wgs84_and_its_crs_member_is_honoured(chief, tmp_path):
    path = tmp_path / "sites.geojson"
    feature = {
        "type": "Feature",
        "properties": SITE,
        "geometry": {"type": "Point", "coordinates": [111.5, 27.5, 300.0]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    run("resettlement-sites", path)
    row = ResettlementSite.objects.get()
    assert (row.geom.x, row.geom.y, row.geom.hasz) == (111.5, 27.5, False)
    assert row.source_datum == "EPSG:4326"
    feature["geometry"]["coordinates"] = [CHECK_ORDINATES.x, CHECK_ORDINATES.y]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4525"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}))
    run("resettlement-sites", path)
    moved = ResettlementSite.objects.order_by("-id").first()
    assert moved.geom.x == pytest.approx(111.5, abs=1e-8)
    assert moved.source_datum == "EPSG:4525"


def test_lines_are_promoted_and_personal_fields_are_sealed(chief, tmp_path):
    road = {"路段编号": "C001433124001", "路线名称": "一号路", "行政等级": "村道"}
    line = LineString([(109.48, 28.57), (109.49, 28.58)])
    run("roads", files.geopackage(tmp_path / "r.gpkg", [road], [line]))
    assert Road.objects.get().geom.geom_type == "MultiLineString"
    toilet = {"厕所编号": "T1", "类别": "户厕", "改厕类型": "三格式", "户主": "张三", "电话": "138"}
    run("toilets", files.geopackage(tmp_path / "t.gpkg", [toilet], [MultiPoint([HUAYUAN])]))
    row = Toilet.objects.get()
    assert "张三".encode() not in bytes(row.personal)
    assert unseal(LAYERS["toilets"], row.personal) == {"householder": "张三", "phone": "138"}
    assert row.division_id == "433124000000"


def test_rows_come_with_their_first_due_day_and_state(chief, tmp_path):
    rows = [{"路线名称": name, "行政等级": each} for name, each in (("甲", "村道"), ("乙", "县道"))]
    rows = [{"路段编号": f"C00{at}433124001", **row} for at, row in enumerate(rows)]
    line = LineString([(109.48, 28.57), (109.49, 28.58)])
    run("roads", files.geopackage(tmp_path / "r.gpkg", rows, [line, line]))
    found = Road.objects.order_by("name").values_list("name", "upkeep_due_on", "upkeep_state")
    today = timezone.localdate()
    assert {name: (due - today).days for name, due, _state in found} == {"甲": 30, "乙": 7}
    assert {state for _name, _due, state in found} == {"ok"}
    site = files.geopackage(tmp_path / "s.gpkg", [SITE], [HUAYUAN])
    UpkeepRule.objects.all().delete()
    run("resettlement-sites", site)
    row = ResettlementSite.objects.get()
    assert (row.upkeep_due_on, row.upkeep_state) == (None, "none")


def test_a_missing_prj_is_refused_with_a_proposal_and_accepted_with_a_stated_datum(chief, tmp_path):
    shp = files.shapefile(tmp_path / "s", [SITE], [CHECK_ORDINATES], without=("cpg", "prj"))
    path = files.zipped(shp, tmp_path / "a.zip")
    text = refused("resettlement-sites", path)
    assert '--answer "datum=EPSG:4525"' in text
    run("resettlement-sites", path, answer=["datum=EPSG:4525"])
    assert ResettlementSite.objects.get().geom.x == pytest.approx(111.5, abs=1e-8)


@pytest.mark.parametrize("epsg", [2361, 4610, 2413, 4214])
def test_xian_1980_and_beijing_1954_are_refused_with_the_reason(chief, tmp_path, epsg):
    place = HUAYUAN if epsg in (4610, 4214) else CHECK_ORDINATES
    path = files.geopackage(tmp_path / "a.gpkg", [SITE], [place], epsg)
    assert "no published parameters" in refused("resettlement-sites", path)


def test_ordinates_that_do_not_fit_the_stated_datum_are_refused(chief, tmp_path):
    path = files.geopackage(tmp_path / "a.gpkg", [SITE], [CHECK_ORDINATES], 4545)
    assert '--answer "datum=EPSG:4525"' in refused("resettlement-sites", path)
    assert "near Hunan" in refused("resettlement-sites", path, datum="EPSG:4545")


def test_a_file_outside_hunan_is_refused(chief, tmp_path):
    path = files.geopackage(tmp_path / "a.gpkg", [SITE, SITE], [HUAYUAN, Point(116.4, 39.9)])
    assert "1 of 2 rows were rejected" in refused("resettlement-sites", path)


def test_rejected_rows_are_listed_in_both_languages_and_the_rest_load_when_asked(chief, tmp_path):
    rows = [
        {**SITE, "安置点编码": "S1", "备注": "ok"},
        {**SITE, "安置点编码": "S1", "备注": "=HYPERLINK(1)"},
        {**SITE, "安置点编码": "S3", "安置户数": "约十户", "备注": "-5"},
        {**SITE, "安置点编码": "S4", "安置方式": "天上", "备注": "@x"},
        {**SITE, "安置点编码": "S5", "安置户数": -1, "备注": " +1"},
    ]
    path = files.geopackage(tmp_path / "a.gpkg", rows, [HUAYUAN] * 5)
    rejects = tmp_path / "rejects.csv"
    assert "4 of 5 rows" in refused("resettlement-sites", path, rejects=rejects)
    found = list(csv.DictReader(rejects.open(encoding="utf-8-sig")))
    assert [row["行号 row"] for row in found] == ["2", "3", "4", "5"]
    assert "already" in found[0]["reason"]
    assert "已" in found[0]["原因"]
    assert "Households" in found[1]["reason"]
    assert "天上" in found[2]["reason"]
    assert "greater than or equal to 0" in found[3]["reason"]
    assert [row["备注"] for row in found] == ["'=HYPERLINK(1)", "-5", "'@x", "' +1"]
    assert rejects.stat().st_mode & 0o077 == 0
    out = run("resettlement-sites", path, skip_rejected=True, rejects=tmp_path / "r.xlsx")
    assert "loaded 1, rejected 4" in out
    assert [row.code for row in ResettlementSite.objects.all()] == ["S1"]
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    cells = [cell for row in sheet for cell in row]
    assert "天上" in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}


def test_what_a_bare_number_means_is_asked_and_answered(chief, tmp_path):
    path = files.geopackage(tmp_path / "a.gpkg", [{**SITE, "安置方式": "1"}], [HUAYUAN])
    text = refused("resettlement-sites", path)
    assert '--answer "setting:1=urban"' in text
    assert "answers no question" in refused("resettlement-sites", path, answer=["surface:1=x"])
    run("resettlement-sites", path, answer=["setting:1=urban"])
    assert ResettlementSite.objects.get().setting == "urban"


def test_the_same_file_again_changes_nothing(chief, tmp_path):
    path = files.geopackage(tmp_path / "a.gpkg", [{**SITE, "安置点编码": "S1"}], [HUAYUAN])
    run("resettlement-sites", path)
    assert "unchanged 1" in run("resettlement-sites", path)
    assert ResettlementSite.objects.count() == 1


def test_a_dry_run_reports_everything_and_writes_nothing(chief, tmp_path):
    path = files.geopackage(tmp_path / "a.gpkg", [SITE], [HUAYUAN])
    out = run("resettlement-sites", path, dry_run=True)
    assert "loaded 1" in out
    assert "nothing was written" in out
    assert not Changeset.objects.exists()
    assert not ResettlementSite.objects.exists()


def test_a_division_outside_the_grants_is_refused_and_nothing_is_written(
    steward_of_huayuan, tmp_path
):
    rows = [{**SITE, "所属区划": "433124110226"}, {**SITE, "所属区划": "430102000000"}]
    path = files.geopackage(tmp_path / "a.gpkg", rows, [HUAYUAN, Point(112.98, 28.2)])
    text = refused("resettlement-sites", path, user=steward_of_huayuan.username)
    assert "1 of 2 rows" in text
    run("resettlement-sites", path, user=steward_of_huayuan.username, skip_rejected=True)
    assert ResettlementSite.objects.get().division_id == "433124110226"


def test_a_stated_county_that_disagrees_with_the_place_is_a_warning(chief, tmp_path):
    rows = [{**SITE, "所属区划": "430102"}]
    out = run("resettlement-sites", files.geopackage(tmp_path / "a.gpkg", rows, [HUAYUAN]))
    assert "warnings 1" in out
    assert "km outside 芙蓉区" in out
    assert ResettlementSite.objects.get().division_id == "430102000000"


def test_columns_that_go_nowhere_are_listed_and_map_overrides(chief, tmp_path):
    rows = [{**SITE, "甲": 7, "里程(公里)": 3.0}]
    path = files.geopackage(tmp_path / "a.gpkg", rows, [HUAYUAN])
    out = run("resettlement-sites", path, map=["住房套数=甲"])
    assert ResettlementSite.objects.get().dwellings == 7
    assert "Columns not imported: 里程(公里)" in out
    assert "no column “乙”" in _message(path, ["dwellings=乙"])


def test_a_length_in_kilometres_arrives_in_metres(chief, tmp_path):
    line = LineString([(109.48, 28.57), (109.49, 28.58)])
    road = {"路段编号": "C1", "路线名称": "一号路", "行政等级": "村道"}
    run("roads", files.geopackage(tmp_path / "km.gpkg", [{**road, "里程(公里)": 1.5}], [line]))
    metres = [{**road, "路段编号": "C2", "里程（米）": 1480.0}]
    run("roads", files.geopackage(tmp_path / "m.gpkg", metres, [line]))
    assert [row.length_m for row in Road.objects.order_by("code")] == [1500, 1480]


def test_a_line_that_leaves_hunan_is_refused_though_its_middle_is_inside(chief, tmp_path):
    road = {"路段编号": "C1", "路线名称": "一号路", "行政等级": "村道"}
    line = LineString([(109.48, 28.57), (109.49, 28.58), (90.0, 40.0)])
    path = files.geopackage(tmp_path / "a.gpkg", [road], [line])
    assert "1 of 1 rows" in refused("roads", path)


def _message(path: Path, pairs: list[str]) -> str:
    with pytest.raises(CommandError) as raised:
        run("resettlement-sites", path, map=pairs)
    return str(raised.value)


def test_an_empty_layer_and_a_missing_required_column_are_refused(chief, tmp_path):
    empty = files.frame([SITE], [HUAYUAN], 4490).iloc[:0]
    empty.to_file(tmp_path / "e.gpkg", driver="GPKG", layer="rows")
    assert "no rows" in refused("resettlement-sites", tmp_path / "e.gpkg")
    less = {name: value for name, value in SITE.items() if name != "安置人数"}
    path = files.geopackage(tmp_path / "l.gpkg", [less], [HUAYUAN])
    assert "People, which is required" in refused("resettlement-sites", path)


def test_no_actor_no_import(chief, steward_of_huayuan, tmp_path):
    path = files.geopackage(tmp_path / "a.gpkg", [SITE], [HUAYUAN])
    assert "no active account" in refused("resettlement-sites", path, user="nobody")
    chief.is_superuser = False
    chief.save()
    assert "Say whose account acts" in refused("resettlement-sites", path, user=None)
    assert "may not do this anywhere" in refused("resettlement-sites", path, user="chief")


def test_an_import_is_taken_back_except_what_was_edited_since(chief, tmp_path):
    path = files.geopackage(tmp_path / "a.gpkg", [SITE, SITE], [HUAYUAN, HUAYUAN])
    run("resettlement-sites", path)
    changeset = Changeset.objects.get()
    assert (changeset.kind, changeset.rows, len(changeset.source_sha256)) == ("import", 2, 64)
    kept = ResettlementSite.objects.first()
    submit(
        actor=chief,
        request=EditRequest(
            uid=uuid.uuid4(),
            layer="resettlement-sites",
            operation=Operation.UPDATE,
            feature_id=kept.pk,
            base_version=1,
            properties={"people": 43},
        ),
    )
    out = StringIO()
    call_command("undo_import", changeset.pk, user="chief", stdout=out, language="en")
    assert "Removed 1 features" in out.getvalue()
    assert f"Stays: {kept.code}" in out.getvalue()
    assert ResettlementSite.objects.get().pk == kept.pk
