"""Files that are damaged, or made to do harm."""

import io
import struct
import zipfile

import pytest

from tests.importers import files
from tests.importers.files import CHECK_ORDINATES, HUAYUAN, SITE
from tests.importers.readers import samples
from tests.importers.readers.reading import problem, read


@pytest.fixture
def shp(tmp_path):
    return files.shapefile(tmp_path / "shp", [SITE], [CHECK_ORDINATES])


@pytest.mark.parametrize(
    "name", ["../sites.shp", "/etc/sites.shp", "a/../../b.shp", "C:\\b.shp", "..\\b.shp"]
)
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


def test_a_link_in_a_folder_is_refused(tmp_path, shp):
    (shp.parent / "more.geojson").symlink_to("/etc/passwd")
    assert "holds a link: more.geojson" in problem(shp.parent)


def _bomb(megabytes: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b" " * (megabytes << 20))
    return packed.getvalue()


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(_bomb(40))
    assert "times its size" in problem(path)


def test_a_zip_bomb_within_an_archive_is_refused_as_well(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner.zip", _bomb(40))
    assert "times its size" in problem(path)


def test_archives_within_archives_end_at_the_second(tmp_path):
    content = samples.geojson(tmp_path).read_bytes()
    for depth in range(3):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("a.zip" if depth else "a.geojson", content)
        content = packed.getvalue()
        path = tmp_path / f"{depth}.zip"
        path.write_bytes(content)
    assert len(read(tmp_path / "1.zip").rows) == 2
    assert "none of the formats" in problem(tmp_path / "2.zip")


def test_a_member_that_is_longer_than_it_says_is_not_written_out(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b"{" + b" " * 100_000)
    content = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = content.index(magic)
        content[start + offset : start + offset + 4] = struct.pack("<I", 10)
    path.write_bytes(content)
    assert "damaged" in problem(path)


def test_an_archive_with_a_password_or_cut_short_says_so(tmp_path, shp):
    path = files.zipped(shp, tmp_path / "a.zip")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged or cut short" in problem(path)
    content = bytearray(whole)
    for magic, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = content.index(magic)
        content[start + offset] |= 1
    path.write_bytes(content)
    assert "password" in problem(path)


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
    assert read(path, table="安置点").column("安置点名称") == ["十八洞安置点"]


def test_a_wrong_cpg_and_a_wrong_language_driver_do_not_garble_the_text(tmp_path, shp):
    shp.with_suffix(".cpg").write_text("UTF-8")
    dbf = shp.with_suffix(".dbf")
    data = bytearray(dbf.read_bytes())
    data[29] = 0x4F
    dbf.write_bytes(data)
    found = read(files.zipped(shp, tmp_path / "a.zip"))
    assert found.description.notes[0][1] == {"named": "UTF-8"}
    assert found.column("安置点名称") == ["十八洞安置点"]


def test_text_in_no_encoding_is_reported_with_its_column(tmp_path, shp):
    dbf = shp.with_suffix(".dbf")
    good = "十八洞".encode("gbk")
    dbf.write_bytes(dbf.read_bytes().replace(good, b"\xff\xff\xff\xfe\xff\xfe"))
    [row] = read(files.zipped(shp, tmp_path / "a.zip")).rows
    assert row["__unreadable__"] == "安置点名称"


def test_a_header_that_promises_more_rows_than_there_are_is_refused(tmp_path, shp):
    dbf = shp.with_suffix(".dbf")
    data = bytearray(dbf.read_bytes())
    data[4:8] = struct.pack("<I", 1_000_000)
    dbf.write_bytes(data)
    assert "promises 1000000" in problem(files.zipped(shp, tmp_path / "a.zip"))


@pytest.mark.parametrize("name", ["GeoPackage", "FlatGeobuf", "GeoParquet", "Esri JSON", "GeoJSON"])
def test_a_file_that_is_cut_short_is_refused(tmp_path, name):
    path = samples.EVERY[name](tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    assert "cannot be read" in problem(path)


def test_null_bytes_in_text_come_through_as_they_are_or_not_at_all(tmp_path):
    path = files.geopackage(tmp_path / "a.gpkg", [{"名称": "a\x00b"}], [HUAYUAN])
    assert read(path).column("名称")[0] in ("a\x00b", "a")


def test_a_line_that_is_no_feature_is_not_stepped_over(tmp_path):
    path = samples.geojson_lines(tmp_path)
    first, second, *_ = path.read_text("utf-8").splitlines()
    path.write_text(f"{first}\n{second[:-20]}\n{first}\n", "utf-8")
    assert "cannot be read" in problem(path)


def test_a_shape_that_is_damaged_is_not_left_out_without_a_word(tmp_path, shp):
    line = files.shapefile(tmp_path / "line", [SITE], [samples.LINE])
    content = bytearray(line.read_bytes())
    content[100 + 8 + 36 : 100 + 8 + 40] = struct.pack("<i", 2_000_000)
    line.write_bytes(content)
    assert "Of 1 shapes only 0" in problem(line)
    shx = shp.with_suffix(".shx")
    index = bytearray(shx.read_bytes())
    index[100:104] = struct.pack(">i", 1_000_000)
    shx.write_bytes(index)
    assert "points outside" in problem(shp)


def test_records_deleted_from_a_shapefile_are_not_missed(tmp_path):
    shp = files.shapefile(tmp_path / "two", [SITE, SITE], [CHECK_ORDINATES] * 2)
    dbf = shp.with_suffix(".dbf")
    content = bytearray(dbf.read_bytes())
    header, length = struct.unpack("<HH", content[8:12])
    content[header + length] = ord("*")
    dbf.write_bytes(content)
    assert len(read(shp).rows) == 1


def test_gbk_where_a_format_says_utf_8_is_read_as_what_it_is(tmp_path):
    path = files.geopackage(tmp_path / "a.gpkg", [{"名称": "as-gbk-8"}], [HUAYUAN])
    path.write_bytes(path.read_bytes().replace(b"as-gbk-8", "十八洞村".encode("gbk")))
    assert read(path).column("名称") == ["十八洞村"]
