"""Geotagged photos, written with Pillow, as points."""

import struct
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import shapely
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from importers.box.reading import opened_in_box
from importers.readers.catalogue import reader_of
from importers.readers.photos import PhotoReader, photos_in
from importers.readers.specification import FileProblem, Request

HERE = {1: "N", 2: (28.0, 34.0, 12.0), 3: "E", 4: (109.0, 28.0, 48.0)}
PLACE = (109.48, 28.57)


def photo(path, gps=None, *, kind="JPEG", tags=None, details=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", (8, 8))
    exif = Image.Exif()
    exif.update(tags or {})
    exif._ifds[0x8769] = details or {}
    exif._ifds[0x8825] = gps or {}
    exif[0x8825] = 0
    exif[0x8769] = 0
    image.save(path, kind, exif=exif)
    return path


def read(path):
    with TemporaryDirectory() as scratch:
        assert PhotoReader().detect(path.read_bytes()[:4096] if path.is_file() else b"", path)
        with PhotoReader().open(Request(path, Path(scratch))) as source:
            rows = [row for batch in source.batches for row in batch.to_pylist()]
            return source.description, rows


def place(row):
    point = row["__geometry__"] and shapely.from_wkb(row["__geometry__"])
    return point and (round(point.x, 6), round(point.y, 6))


def noted(description, words):
    return any(words in text % parameters for text, parameters in description.notes)


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("TIFF", "a.tif")])
def test_a_photo_is_a_point_with_what_the_camera_told(tmp_path, kind, name):
    gps = {**HERE, 5: b"\x00", 6: 512.5, 17: 270.25, 18: "WGS-84", 31: 4.5}
    tags = {0x010F: "HUAWEI", 0x0110: "P60", 0x010E: "十八洞村口".encode()}
    path = photo(
        tmp_path / name, gps, kind=kind, tags=tags, details={0x9003: "2022:05:01 08:30:00"}
    )
    description, [row] = read(path)
    assert place(row) == PLACE
    assert (description.crs, description.crs_stated, description.rows) == ("EPSG:4326", True, 1)
    assert [row[column.name] for column in description.columns] == [
        *[name, "2022-05-01 08:30:00", 512.5, 270.25, 4.5, "HUAWEI", "P60", "十八洞村口"],
    ]


def test_the_southern_and_western_halves_and_below_the_sea_are_negative(tmp_path):
    gps = {1: "S", 2: (28.5, 0.0, 0.0), 3: "W", 4: (109.5, 0.0, 0.0), 5: b"\x01", 6: 3.0}
    _description, [row] = read(photo(tmp_path / "a.jpg", gps))
    assert place(row) == (-109.5, -28.5)
    assert row["高程"] == -3.0


@pytest.mark.parametrize(
    "gps",
    [
        None,
        {1: "N", 2: (28.0, 34.0, 12.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {**HERE, 2: (IFDRational(0, 0), IFDRational(0, 0), IFDRational(0, 0))},
        {**HERE, 4: (720.0, 0.0, 0.0)},
    ],
)
def test_a_photo_without_a_position_is_a_row_without_a_place(tmp_path, gps):
    description, [row] = read(photo(tmp_path / "a.jpg", gps))
    assert row["__geometry__"] is None
    assert noted(description, "Photos without a position: 1 (a.jpg)")


def test_a_folder_is_read_in_the_order_of_names_without_what_is_not_a_photo(tmp_path):
    photo(tmp_path / "照片/b.jpg", HERE)
    photo(tmp_path / "照片/a.JPG", HERE)
    photo(tmp_path / ".thumbnails/c.jpg", HERE)
    (tmp_path / "说明.txt").write_text("x")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff and nothing of a photo")
    (tmp_path / "iphone.heic").write_bytes(b"\0\0\0\x18ftypheic")
    (tmp_path / "link.jpg").symlink_to("/etc/passwd")
    description, rows = read(tmp_path)
    assert [row["文件名"] for row in rows] == [
        "broken.jpg",
        "iphone.heic",
        "照片/a.JPG",
        "照片/b.jpg",
    ]
    assert [place(row) for row in rows] == [None, None, PLACE, PLACE]
    assert noted(description, "Photos that cannot be read: 2 (broken.jpg, iphone.heic)")


def test_another_datum_is_told_and_left_open(tmp_path):
    photo(tmp_path / "a.jpg", {**HERE, 18: "GCJ-02"})
    photo(tmp_path / "b.jpg", {**HERE, 18: "WGS-84"})
    description, _rows = read(tmp_path)
    assert (description.crs, description.crs_stated) == (None, False)
    assert noted(description, "another datum than WGS 84: GCJ-02, WGS84")


def test_no_datum_means_the_formats_own_and_is_told(tmp_path):
    description, _rows = read(photo(tmp_path / "a.jpg", HERE))
    assert (description.crs, description.crs_stated) == ("EPSG:4326", False)
    assert noted(description, "name no datum")


def test_text_in_gbk_and_in_windows_own_tags_is_read(tmp_path):
    gbk = "水厂".encode("gbk")
    _description, [row] = read(photo(tmp_path / "a.jpg", HERE, tags={0x010E: gbk}))
    assert row["说明"] == "水厂"
    wide = "公厕".encode("utf-16-le") + b"\0\0"
    _description, [row] = read(photo(tmp_path / "b.jpg", HERE, tags={0x9C9C: wide}))
    assert row["说明"] == "公厕"


def png_of(width, height):
    def chunk(kind, body):
        body = kind + body
        return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed)


def test_pixels_are_never_read_and_a_picture_that_claims_too_many_is_told(tmp_path, monkeypatch):
    def refuse(*_arguments):
        raise AssertionError("pixels were read")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", refuse)
    (tmp_path / "a.png").write_bytes(png_of(60_000, 60_000))
    (tmp_path / "b.png").write_bytes(png_of(10, 10))
    description, rows = read(tmp_path)
    assert [place(row) for row in rows] == [None, None]
    assert noted(description, "claim too many pixels: 1 (a.png)")
    assert noted(description, "without a position: 1 (b.png)")


def test_a_raster_is_no_photo(tmp_path):
    path = tmp_path / "a.tif"
    Image.new("L", (4, 4)).save(path, tiffinfo={34735: (1, 1, 0, 0)})
    assert not PhotoReader().detect(path.read_bytes()[:100], path)
    (tmp_path / "a.tfw").write_text("1")
    assert not PhotoReader().detect(b"", tmp_path)


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["a.jpg"], True),
        (["照片/a.JPG", "照片/b.png", "Thumbs.db", "__MACOSX/照片/._a.JPG", "说明.txt"], True),
        (["a.heic", "b.HEIC"], True),
        (["sites.shp", "sites.dbf", "sites.shx", "a.jpg"], False),
        (["a.tif", "a.tfw"], False),
        (["a.tif"], False),
        ([], False),
    ],
)
def test_an_archive_is_one_of_photos_where_most_of_it_is(names, wanted):
    assert photos_in(names) is wanted


def test_a_folder_without_photos_is_told(tmp_path):
    with (
        pytest.raises(FileProblem, match="no photo"),
        PhotoReader().open(Request(tmp_path, tmp_path)),
    ):
        pass


def test_it_is_read_in_the_box_like_every_format(tmp_path):
    path = photo(tmp_path / "a.jpg", HERE)
    assert isinstance(reader_of(path), PhotoReader)
    with opened_in_box(path) as boxed:
        [row] = [row for batch in boxed.batches for row in batch.to_pylist()]
    assert place(row) == PLACE
