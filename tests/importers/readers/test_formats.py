"""Each format gives the same rows, whatever the file is called."""

import shutil
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from tests.importers import files
from tests.importers.readers import samples
from tests.importers.readers.reading import problem, read

POINTS = ["POINT (109.48 28.57)", "POINT (109.5 28.6)"]


@pytest.mark.parametrize("name", samples.TABULAR)
def test_rows_columns_types_and_places_come_through(tmp_path, name):
    found = read(samples.EVERY[name](tmp_path))
    assert found.column("名称") == samples.NAMES
    assert found.column("户数") == [7, 9]
    assert found.shapes == POINTS
    assert found.description.rows == 2
    assert found.description.geometry_type == "Point"
    assert found.description.crs is not None
    types = {column.name: column.type for column in found.description.columns}
    assert types["名称"] == "string"
    # A geodatabase before ArcGIS 3.2 has no whole numbers of 64 bits.
    assert types["户数"] in ("int32", "int64", "double")


@pytest.mark.parametrize("name", ["GeoPackage", "GeoJSON", "GeoJSON lines", "FlatGeobuf"])
@pytest.mark.parametrize("called", ["a.zip", "a.shp.txt", "a!b?c;d#e.csv", "没有后缀"])
def test_the_content_decides_and_not_the_name(tmp_path, name, called):
    given = samples.EVERY[name](tmp_path)
    assert read(given.rename(tmp_path / called)).column("名称") == samples.NAMES


def test_a_dxf_a_kml_and_a_parquet_called_otherwise_are_read_too(tmp_path):
    for name in ("DXF", "KML", "GPX", "GeoParquet"):
        given = samples.EVERY[name](tmp_path)
        assert len(read(given.rename(tmp_path / "x.zip")).rows) >= 2


def test_a_loose_shapefile_in_capitals_with_a_wrong_cpg_is_read(tmp_path):
    shp = samples.shapefile(tmp_path)
    shp.with_suffix(".cpg").write_text("UTF-8")
    for part in shp.parent.iterdir():
        part.rename(part.with_suffix(part.suffix.upper()))
    found = read(shp.with_suffix(".SHP"))
    assert found.column("名称") == samples.NAMES
    assert found.description.notes[0][1] == {"named": "UTF-8"}
    assert found.description.crs_stated


def test_a_folder_with_the_parts_of_a_shapefile_is_read(tmp_path):
    shp = samples.shapefile(tmp_path)
    (shp.parent / "说明.txt").write_text("x")
    assert read(shp.parent).column("名称") == samples.NAMES


def test_a_shapefile_in_two_encodings_is_read_value_by_value_with_a_note(tmp_path):
    shp = files.shapefile(
        tmp_path / "s", [{"名称": "十八洞村"}] * 3, [files.HUAYUAN] * 3, epsg=4490
    )
    dbf = shp.with_suffix(".dbf")
    content = bytearray(dbf.read_bytes())
    raw = "十八洞村".encode("gbk")
    last = content.rindex(raw)
    utf8 = "十八洞村".encode()
    content[last : last + len(utf8)] = utf8
    dbf.write_bytes(content)
    found = read(shp)
    assert found.column("名称") == ["十八洞村"] * 3
    [(text, parameters)] = found.description.notes
    assert "two encodings" in text
    assert (parameters["utf8"], parameters["other"]) == (1, 2)


def test_a_geodatabase_and_a_geopackage_of_several_tables_ask_which(tmp_path):
    gdb, gpkg = samples.geodatabase(tmp_path), samples.geopackage(tmp_path)
    samples.written(gdb, "OpenFileGDB", layer="roads", append=True)
    samples.written(gpkg, "GPKG", layer="道路", append=True)
    assert "rows, roads" in problem(gdb)
    assert "rows, 道路" in problem(gpkg)
    assert read(gpkg, "道路").description.tables == ("rows", "道路")
    assert read(gdb, "roads").description.table == "roads"


def test_an_archive_is_read_by_what_is_inside(tmp_path):
    gdb = samples.geodatabase(tmp_path)
    with zipfile.ZipFile(tmp_path / "gdb.zip", "w") as archive:
        for part in gdb.iterdir():
            archive.write(part, f"交付/数据.gdb/{part.name}")
        archive.writestr("交付/读我.txt", "x")
    assert read(tmp_path / "gdb.zip").column("名称") == samples.NAMES
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.write(samples.geojson(tmp_path), "甲/点.geojson")
        archive.write(samples.kmz(tmp_path), "乙.kmz")
    assert "乙.kmz, 甲/点.geojson" in problem(tmp_path / "two.zip")
    inner = read(tmp_path / "two.zip", "乙.kmz")
    assert inner.column("name") == samples.NAMES
    assert inner.description.table == "乙.kmz"
    assert read(tmp_path / "two.zip", "点").column("名称") == samples.NAMES


def test_tables_of_a_file_beside_others_in_an_archive_are_asked_for_by_both_names(tmp_path):
    gpkg = samples.geopackage(tmp_path)
    samples.written(gpkg, "GPKG", layer="roads", append=True)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(gpkg, "a.gpkg")
        archive.write(samples.kml(tmp_path), "b.kml")
    assert "a.gpkg/rows, a.gpkg/roads" in problem(tmp_path / "a.zip", "a.gpkg")
    found = read(tmp_path / "a.zip", "a.gpkg/roads")
    assert found.description.table == "a.gpkg/roads"


def test_geojson_in_gbk_is_read_with_a_statement_of_its_encoding(tmp_path):
    path = samples.geojson(tmp_path)
    path.write_bytes(path.read_text("utf-8").encode("gbk"))
    found = read(path)
    assert found.column("名称") == samples.NAMES
    assert found.description.encoding == "GB18030"


def test_geojson_values_that_are_lists_or_dates_stay_text(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null,'
        ' "properties": {"日期": "2020-05-01", "标签": ["a", "b"], "空": null}}]}',
        "utf-8",
    )
    [row] = read(path).rows
    assert row["日期"] == "2020-05-01"
    assert "a" in row["标签"]
    assert row["__geometry__"] is None


def test_parquet_without_geometry_is_a_plain_table(tmp_path):
    path = tmp_path / "a.parquet"
    table = pa.table(
        {
            "名称": pa.array(["a", "b"]).dictionary_encode(),
            "金额": pa.array([1, 2], pa.decimal128(10, 2)),
            "清单": [[1, 2], None],
            "日期": pa.array([1, 2], pa.date64()),
        }
    )
    pq.write_table(table, path)
    found = read(path)
    assert found.description.format == "Parquet"
    assert found.column("金额") == ["1.00", "2.00"]
    assert found.column("清单") == ["[1, 2]", None]
    assert [c.type for c in found.description.columns][-1] == "date32[day]"
    assert found.column("__geometry__") == [None, None]


def test_geoparquet_in_an_encoding_or_with_metadata_we_cannot_read_says_so(tmp_path):
    frame = files.frame(samples.ROWS, list(samples.PLACES), 4326)
    native = tmp_path / "n.parquet"
    frame.to_parquet(native, geometry_encoding="geoarrow")
    assert "“point”" in problem(native)
    broken = tmp_path / "b.parquet"
    table = pa.table({"a": [1]}).replace_schema_metadata({"geo": "{}"})
    pq.write_table(table, broken)
    assert "make no sense" in problem(broken)


@pytest.mark.parametrize("page", ["ANSI_936", "UTF-8", ""])
def test_a_drawing_gives_layers_texts_and_shapes_whatever_code_page_it_names(tmp_path, page):
    path = tmp_path / "a.dxf"
    path.write_text(samples.dxf_text(samples.dxf_entities(), page), "gbk")
    found = read(path)
    assert found.column("Layer") == ["村庄注记", "村庄注记", "房屋"]
    assert found.column("Text")[:2] == samples.NAMES
    assert found.shapes[:2] == POINTS
    assert shapely.from_wkb(found.rows[2]["__geometry__"]).is_closed
    assert found.description.encoding == "GB18030"
    assert found.description.crs is None


def test_three_hundred_columns_are_read(tmp_path):
    row = {f"列{number}": number for number in range(300)}
    path = files.geopackage(tmp_path / "a.gpkg", [row], [files.HUAYUAN])
    found = read(path)
    assert len(found.description.columns) == 300
    assert found.rows[0]["列299"] == 299


def test_a_column_with_a_name_of_ours_is_refused(tmp_path):
    path = files.geopackage(tmp_path / "a.gpkg", [{"__row__": 1}], [files.HUAYUAN])
    assert "like the importer's own" in problem(path)


def test_what_people_send_by_mistake_is_called_by_its_name(tmp_path):
    path = tmp_path / "a.shp"
    for content, said in [
        (b"AC1032\0\0", "DWG"),
        (b"Rar!\x1a\x07", "another kind than zip"),
        (b"%PDF-1.7", "PDF"),
        (b"\n<!DOCTYPE html><p>", "web page"),
        (b"nothing that is known", "none of the formats"),
        (b"", "empty"),
    ]:
        path.write_bytes(content)
        assert said in problem(path)


def test_a_delivery_of_nothing_but_other_parts_says_what_is_missing(tmp_path):
    shp = samples.shapefile(tmp_path)
    shp.unlink()
    assert "no .shp" in problem(shp.parent)
    shutil.rmtree(shp.parent)
    shp.parent.mkdir()
    assert "no data" in problem(shp.parent)
    samples.kml(tmp_path).rename(shp.parent / "a.txt")
    assert read(shp.parent).column("name") == samples.NAMES
    (shp.parent / "a.txt").unlink()
    (shp.parent / "a.rar").write_bytes(b"Rar!")
    assert "another archive" in problem(shp.parent)


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        ("名称,安置点名称,name,\r\n户数,安置户数,households,\r\n\r\n图层,安置点\r\n", True),
        ("名称,安置点名称,name,\r\n", False),
        ("名称,同名,name,\r\n户数,同名,households,\r\n", False),
        ("名称,__geometry__,name,\r\n户数,安置户数,households,\r\n", False),
        ("又是一个表,只有两列\r\n", False),
    ],
)
def test_a_list_of_fields_beside_a_shapefile_gives_its_columns_their_names(tmp_path, listed, names):
    content = f"文件中的名称,字段,代码名,说明\r\n{listed}".encode("utf-8-sig")
    path = files.zipped(
        samples.shapefile(tmp_path), tmp_path / "a.zip", more={"数据/字段说明.csv": content}
    )
    found = read(path)
    wanted = ["安置点名称", "安置户数"] if names else ["名称", "户数"]
    assert [column.name for column in found.description.columns] == wanted
    assert (found.description.names_cut is None) == names
    assert found.rows[0][wanted[0]] == samples.NAMES[0]
