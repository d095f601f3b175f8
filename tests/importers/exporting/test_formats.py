"""Each format read back by another program: places, values, headers, nulls, Chinese, long texts."""

import csv
import datetime
import io
import json
import zipfile

import openpyxl
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from pyproj import CRS

from importers.writers.catalogue import FORMATS
from layers.errors import Rejected
from tests.conftest import IN_HUAYUAN
from tests.importers.exporting.conftest import FORMULA, LONG, OUTSIDE, PERSONAL

WITH_OGR = ["gpkg", "geojson", "geojson-lines", "kml", "kmz", "flatgeobuf"]
ZIPPED = {"shapefile": "toilets.shp", "shapefile-gbk": "toilets.shp", "gdb": "toilets.gdb"}


def read(path, name):
    """Columns to lists, the places under "place", as GDAL reads the file."""
    source = f"/vsizip/{path}/{ZIPPED[name]}" if name in ZIPPED else path
    meta, table = pyogrio.read_arrow(source)
    geometry = meta["geometry_name"] or "wkb_geometry"
    columns = {key: table.column(key).to_pylist() for key in table.schema.names}
    # GDAL hands on a missing place of a FlatGeobuf as no bytes at all.
    columns["place"] = shapely.from_wkb([wkb or None for wkb in columns.pop(geometry)])
    return meta, columns


def as_text(value):
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return str(value)


@pytest.mark.parametrize("name", WITH_OGR)
def test_formats_with_full_headers(toilets, exported, name):
    meta, columns = read(exported("toilets", name), name)
    # A spatial index puts the rows in an order of its own.
    order = [columns["厕所编号"].index(row.code) for row in toilets[:3]]
    columns = {key: [values[at] for at in order] for key, values in columns.items()}
    assert columns["名称"] == ["一号厕所", LONG, "<script>&甲"]
    assert columns["改厕类型"][0] == "三格化粪池式"
    assert columns["所属区划"] == ["433124000000"] * 3
    assert columns["区划全称"][0] == "花垣县"
    assert as_text(columns["建成日期"][0]) == "2020-05-01"
    assert columns["建成日期"][1] is None
    assert float(columns["厕屋面积（平方米）"][0]) == 3.5
    assert int(columns["蹲位数（个）"][0]) == 2
    assert columns["财政支持"] in (["是", None, "否"], [True, None, False])
    assert columns["管护主体"] == [None, FORMULA, None]
    assert "户主" not in columns
    expected = [shapely.Point(row.geom.x, row.geom.y) for row in toilets[:3]]
    assert shapely.equals_exact(columns["place"], expected, tolerance=1e-12).all()
    assert CRS(meta["crs"]).to_epsg() == (
        4490 if name in ("gpkg", "geojson", "flatgeobuf") else 4326
    )


@pytest.mark.parametrize("name", ["shapefile", "shapefile-gbk"])
def test_a_shapefile_has_short_names_and_a_list_of_the_full_ones(toilets, exported, name):
    path, report = exported.reported("toilets", name)
    encoding = "GBK" if name.endswith("gbk") else "UTF-8"
    _meta, columns = read(path, name)
    names = [each for each in columns if each != "place"]
    assert len({each.lower() for each in names}) == len(names)
    assert all(len(each.encode(encoding)) <= 10 for each in names)
    assert columns["名称"][0] == "一号厕所"
    assert columns["名称"][1] == LONG.encode(encoding)[:254].decode(encoding, "ignore")
    assert [note.en for note in report.notes] == [
        "1 texts were cut to 254 bytes, the most a .dbf holds."
    ]
    assert columns["建成日期" if encoding == "GBK" else "建成日"][0] == datetime.date(2020, 5, 1)
    assert shapely.equals_exact(columns["place"][0], shapely.Point(IN_HUAYUAN), tolerance=1e-12)
    with zipfile.ZipFile(path) as parts:
        assert parts.read("toilets.cpg").decode() == encoding
        rows = list(csv.reader(io.StringIO(parts.read("字段说明.csv").decode("utf-8-sig"))))
    full = {row[0]: row[1] for row in rows[1:] if len(row) == 4}
    assert full["厕屋面" if encoding == "UTF-8" else "厕屋面积"] == "厕屋面积（平方米）"
    assert list(full) == names


def test_a_character_that_gbk_lacks_is_refused_and_not_replaced(make_feature, exported):
    make_feature("toilets", name="𠮷家")
    with pytest.raises(Rejected, match="𠮷"):
        exported("toilets", "shapefile-gbk")
    assert read(exported("toilets", "shapefile"), "shapefile")[1]["名称"] == ["𠮷家"]


def test_more_than_a_shapefile_holds_goes_into_several(toilets, exported, monkeypatch):
    monkeypatch.setattr("importers.exporting.copying.BATCH_ROWS", 1)
    monkeypatch.setattr(FORMATS["shapefile"].writer, "most_bytes", 2000)
    path, report = exported.reported("toilets", "shapefile")
    with zipfile.ZipFile(path) as parts:
        shapes = [name for name in parts.namelist() if name.endswith(".shp")]
    assert shapes == ["toilets.shp", "toilets_2.shp", "toilets_3.shp"]
    found = [pyogrio.read_arrow(f"/vsizip/{path}/{name}")[1].num_rows for name in shapes]
    assert found == [1, 1, 1]
    assert "3 of them" in report.notes[0].en


def test_a_file_geodatabase_has_the_headers_as_aliases(toilets, exported):
    path = exported("toilets", "gdb")
    info = pyogrio.read_info(f"/vsizip/{path}/toilets.gdb")
    assert "厕屋面积" in list(info["fields"])
    _meta, columns = read(path, "gdb")
    assert columns["名称"] == ["一号厕所", LONG, "<script>&甲"]
    assert columns["财政支持"] == ["是", None, "否"]
    assert as_text(columns["建成日期"][0]) == "2020-05-01"
    assert shapely.equals_exact(columns["place"][0], shapely.Point(IN_HUAYUAN), tolerance=1e-9)
    _meta, table = pyogrio.read_arrow(f"/vsizip/{path}/toilets.gdb")
    aliases = [
        field.metadata[b"GDAL:OGR:alternative_name"].decode()
        for field in table.schema
        if field.metadata and b"GDAL:OGR:alternative_name" in field.metadata
    ]
    assert "厕屋面积（平方米）" in aliases


def test_geoparquet_says_its_version_its_system_and_its_box(toilets, exported):
    path = exported("toilets", "geoparquet", datum="EPSG:4546")
    file = pq.ParquetFile(path)
    geo = json.loads(file.metadata.metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    column = geo["columns"]["geometry"]
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Point"])
    assert CRS.from_json_dict(column["crs"]).to_epsg() == 4546
    table = file.read()
    places = shapely.from_wkb(table.column("geometry").to_pylist())
    assert column["bbox"] == list(shapely.total_bounds(places))
    assert table.column("建成日期").to_pylist() == [datetime.date(2020, 5, 1), None, None]
    assert table.column("财政支持").to_pylist() == [True, None, False]
    assert "internal" in file.metadata.metadata[b"description"].decode() or "内部" in (
        file.metadata.metadata[b"description"].decode()
    )


def rows_of_csv(path):
    text = path.read_bytes().decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_csv_has_a_mark_for_excel_and_two_columns_for_the_place(toilets, exported):
    rows = rows_of_csv(exported("toilets", "csv"))
    assert [row["名称"] for row in rows] == ["一号厕所", LONG, "<script>&甲"]
    assert (float(rows[1]["经度"]), float(rows[1]["纬度"])) == (109.4821234567, 28.5701234567)
    assert {row["坐标基准"] for row in rows} == {"EPSG:4490"}
    assert rows[0]["财政支持"] == "是"
    assert rows[1]["建成日期"] == ""


def test_csv_in_a_plane_says_east_and_north(toilets, exported):
    [row, *_rest] = rows_of_csv(exported("toilets", "csv", datum="EPSG:4525"))
    assert 36_000_000 < float(row["东坐标（米）"]) < 38_000_000
    assert 3_000_000 < float(row["北坐标（米）"]) < 3_300_000
    assert row["坐标基准"] == "EPSG:4525"


def test_the_check_point_of_the_plane(make_feature, exported, account):
    """(111.5°E, 27.5°N) is 37549406.431, 3043133.573 in EPSG:4525 (domain.md, coordinates)."""
    make_feature("toilets", (111.5, 27.5))
    everywhere = account("viewer", "430000000000")
    [row] = rows_of_csv(exported("toilets", "csv", actor=everywhere, datum="EPSG:4525"))
    assert abs(float(row["东坐标（米）"]) - 37_549_406.431) < 0.001
    assert abs(float(row["北坐标（米）"]) - 3_043_133.573) < 0.001


def test_lines_in_a_table_are_wkt(make_feature, exported):
    road = make_feature("roads")
    [row] = rows_of_csv(exported("roads", "csv"))
    shape = shapely.from_wkt(row["WKT"])
    assert shape.geom_type == "MultiLineString"
    assert shapely.get_coordinates(shape).tolist() == [list(each) for each in road.geom.coords[0]]
    assert row["里程（米）"] == "1200"


def test_xlsx_keeps_numbers_numbers_and_ids_text(toilets, exported):
    book = openpyxl.load_workbook(exported("toilets", "xlsx"))
    assert "内部" in book.properties.description
    [sheet] = book.worksheets
    header = [cell.value for cell in sheet[1]]
    cells = dict(zip(header, sheet[2], strict=True))
    assert cells["所属区划"].value == "433124000000"
    assert cells["所属区划"].number_format == "@"
    assert cells["建成日期"].value.date() == datetime.date(2020, 5, 1)
    assert cells["厕屋面积（平方米）"].value == 3.5
    assert cells["经度"].value == IN_HUAYUAN[0]
    assert [row[header.index("名称")] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        "一号厕所",
        LONG,
        "<script>&甲",
    ]


def test_gpx_has_waypoints_that_gdal_reads(toilets, exported):
    path = exported("toilets", "gpx")
    meta, table = pyogrio.read_arrow(path, layer="waypoints")
    assert table.column("name").to_pylist() == ["一号厕所", LONG, "<script>&甲"]
    codes = [name for name in table.schema.names if name.endswith("code")]
    assert table.column(codes[0]).to_pylist() == [row.code for row in toilets[:3]]
    places = shapely.from_wkb(table.column(meta["geometry_name"] or "wkb_geometry").to_pylist())
    assert shapely.equals_exact(places[0], shapely.Point(IN_HUAYUAN), tolerance=1e-12)


def test_gpx_is_for_points_only(make_feature, exported):
    make_feature("roads")
    with pytest.raises(Rejected, match="GPX"):
        exported("roads", "gpx")


def test_dxf_has_a_drawing_layer_for_each_class(make_feature, exported):
    make_feature("roads")
    path = exported("roads", "dxf", datum="EPSG:4546")
    _meta, table = pyogrio.read_arrow(path)
    assert table.column("Layer").to_pylist() == ["村道"]
    [shape] = shapely.from_wkb(table.column("wkb_geometry").to_pylist())
    assert len(shapely.get_coordinates(shape)) == 2
    x, _y = shapely.get_coordinates(shape)[0][:2]
    assert 200_000 < x < 500_000
    assert "EPSG:4546" in path.read_bytes()[:2000].decode("gbk")


def test_kml_texts_are_no_markup(toilets, exported):
    text = exported("toilets", "kml").read_text()
    assert "<script>" not in text
    # What is shown as HTML is escaped once more than XML asks for.
    assert "名称: &amp;lt;script&amp;gt;&amp;amp;甲" in text
    assert "<styleUrl>#class-" in text


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_from_outside_the_grants_is_in_any_byte(toilets, exported, name):
    path, report = exported.reported("toilets", name)
    assert report.rows == report.total == 3
    assert path.stat().st_mode & 0o777 == 0o600
    content = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as parts:
            content = b"".join(parts.read(each) for each in parts.namelist())
    hidden = [OUTSIDE, *PERSONAL.values(), *(row.code for row in toilets[3:])]
    for text in hidden:
        for encoding in ("utf-8", "gbk", "utf-16-le"):
            assert text.encode(encoding) not in content


@pytest.mark.parametrize("name", [each for each in FORMATS if each not in ("gpx", "dxf")])
def test_a_row_without_a_place_is_in_the_file(steward, edit, exported, name):
    edit(
        "assets",
        "create",
        geometry=None,
        name="股权",
        asset_class="public",
        state="in_use",
        division="433124000000",
    )
    path, report = exported.reported("assets", name)
    assert report.rows == 1
    if name in WITH_OGR:
        assert read(path, name)[1]["place"][0] is None


@pytest.mark.parametrize("name", FORMATS)
def test_a_layer_without_rows_is_an_empty_file(reader, exported, name):
    path, report = exported.reported("toilets", name)
    assert (report.rows, path.exists()) == (0, True)


@pytest.mark.parametrize("name", [each.name for each in FORMATS.values() if each.wgs84_only])
def test_a_format_of_degrees_refuses_a_plane(reader, exported, name):
    with pytest.raises(Rejected, match=r"definition|经纬度"):
        exported("toilets", name, datum="EPSG:4546")


def test_english_headers_and_values(toilets, exported):
    [row, *_rest] = rows_of_csv(exported("toilets", "csv", language="en", provenance=True))
    assert row["Room area (m²)"] == "3.5"
    assert row["Type"] == "Three-compartment septic tank" or row["Type"].startswith("Three")
    assert row["Publicly funded"] == "yes"
    assert (row["How the place became known"], row["Demonstration data"]) == (
        "drawn on the map",
        "no",
    )
