"""Files that are damaged, hostile or not what they say; and the box they are read in."""

import http.server
import json
import struct
import threading
import zipfile

import pytest

from importers.box import process
from importers.box.reading import BoxLimits, opened_in_box
from importers.readers.specification import FileProblem
from tests.importers import files
from tests.importers.files import CHECK_ORDINATES, HUAYUAN, SITE


def read(path, **options):
    with opened_in_box(path, **options) as boxed:
        return [row for batch in boxed.batches for row in batch.to_pylist()]


def problem(path, **options) -> str:
    with pytest.raises(FileProblem) as raised:
        read(path, **options)
    return str(raised.value)


@pytest.fixture
def shp(tmp_path):
    return files.shapefile(tmp_path / "shp", [SITE], [CHECK_ORDINATES])


@pytest.mark.parametrize("name", ["../sites.shp", "/etc/sites.shp", "a/../../b.shp", "C:\\b.shp"])
def test_an_archive_whose_paths_lead_outside_is_refused(tmp_path, name):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, b"x")
    assert "leads outside" in problem(path)


def test_a_link_in_an_archive_is_refused(tmp_path):
    info = zipfile.ZipInfo("sites.shp")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "link" in problem(tmp_path / "a.zip")


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sites.shp", b"\0" * (40 << 20))
    assert "times its size" in problem(tmp_path / "a.zip")


def test_what_is_no_known_format_is_refused_whatever_its_name(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"<html>not a zip</html>")
    assert "none of the formats" in problem(path)
    path.write_bytes(b"")
    assert "empty" in problem(path)
    path.write_bytes(b"PK\x03\x04 and then nothing of a zip")
    assert "damaged" in problem(path)


@pytest.mark.parametrize("part", ["shx", "dbf"])
def test_a_missing_part_is_named(tmp_path, shp, part):
    shp.with_suffix(f".{part}").unlink()
    assert f"lacks its .{part}" in problem(files.zipped(shp, tmp_path / "a.zip"))


@pytest.mark.parametrize("part", ["shp", "shx", "dbf"])
def test_a_part_that_is_cut_short_is_named(tmp_path, shp, part):
    path = shp.with_suffix(f".{part}")
    path.write_bytes(path.read_bytes()[:-20])
    assert f".{part} is cut short" in problem(files.zipped(shp, tmp_path / "a.zip"))


def test_several_shapefiles_ask_which_one(tmp_path, shp):
    path = files.zipped(shp, tmp_path / "a.zip", more={"other.shp": shp.read_bytes()})
    assert "数据/安置点" in problem(path)
    assert read(path, table="安置点")[0]["安置点名称"] == "十八洞安置点"


def test_a_wrong_cpg_and_a_wrong_language_driver_do_not_garble_the_text(tmp_path, shp):
    shp.with_suffix(".cpg").write_text("UTF-8")
    dbf = shp.with_suffix(".dbf")
    data = bytearray(dbf.read_bytes())
    data[29] = 0x4F
    dbf.write_bytes(data)
    path = files.zipped(shp, tmp_path / "a.zip")
    with opened_in_box(path) as boxed:
        assert boxed.description.notes[0][1] == {"named": "UTF-8"}
        assert next(boxed.batches).to_pylist()[0]["安置点名称"] == "十八洞安置点"


def test_text_in_no_encoding_is_reported_with_its_column(tmp_path, shp):
    dbf = shp.with_suffix(".dbf")
    good = "十八洞".encode("gbk")
    dbf.write_bytes(dbf.read_bytes().replace(good, b"\xff\xff\xff\xfe\xff\xfe"))
    [row] = read(files.zipped(shp, tmp_path / "a.zip"))
    assert row["__unreadable__"] == "安置点名称"


def test_geojson_in_gbk_is_refused_with_the_place(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_bytes(
        '{"type": "FeatureCollection", "name": "安置点", "features": []}'.encode("gbk")
    )
    assert "UTF-8" in problem(path)


def test_a_damaged_geopackage_is_refused(tmp_path):
    path = files.geopackage(tmp_path / "a.gpkg", [SITE], [HUAYUAN])
    path.write_bytes(path.read_bytes()[:20_000])
    assert "cannot be read" in problem(path)


def test_the_box_has_only_the_readers_drivers(monkeypatch):
    assert "GeoJSON" not in process.skipped_drivers().split(",")
    assert {"OGR_VRT", "HTTP", "WFS", "CSV"} <= set(process.skipped_drivers().split(","))


def test_a_link_to_a_reference_system_is_not_fetched(tmp_path):
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        href = f"http://127.0.0.1:{server.server_port}/crs"
        crs = {"type": "link", "properties": {"href": href, "type": "ogcwkt"}}
        point = {"type": "Point", "coordinates": [111.5, 27.5]}
        feature = {"type": "Feature", "properties": {}, "geometry": point}
        path = tmp_path / "a.geojson"
        path.write_text(
            json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]})
        )
        with opened_in_box(path) as boxed:
            list(boxed.batches)
    except FileProblem:
        pass
    finally:
        server.shutdown()
    assert asked == []


def test_too_little_memory_is_an_error_and_not_a_crash_of_the_caller(tmp_path):
    path = files.geopackage(tmp_path / "a.gpkg", [SITE] * 100, [HUAYUAN] * 100)
    assert "memory" in problem(path, box=BoxLimits(memory_bytes=60 << 20))


def test_too_much_processor_time_is_an_error(tmp_path, monkeypatch):
    path = files.geopackage(tmp_path / "a.gpkg", [SITE], [HUAYUAN])
    assert "too long" in problem(path, box=BoxLimits(cpu_seconds=0))


def test_the_box_sees_neither_the_database_nor_a_key(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgis://secret")
    monkeypatch.setenv("FIELD_KEY", "secret")
    assert "secret" not in str(process.environment("scratch"))


def test_a_header_that_promises_more_rows_than_there_are_is_refused(tmp_path, shp):
    dbf = shp.with_suffix(".dbf")
    data = bytearray(dbf.read_bytes())
    data[4:8] = struct.pack("<I", 1_000_000)
    dbf.write_bytes(data)
    assert "promises 1000000" in problem(files.zipped(shp, tmp_path / "a.zip"))
