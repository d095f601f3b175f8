"""Formats as people send them, and files that are damaged, hostile or not what they say."""

import zipfile

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from importers.cancellation import Cancelled
from importers.rasters.boxing import Watch
from importers.readers.specification import FileProblem
from layers.errors import Rejected
from layers.models import Raster
from tests.importers.rasters import files

HERE = rasterio.crs.CRS.from_epsg(4490).to_wkt()


@pytest.fixture
def refused(imported, media):
    """The refusal's text; nothing is left behind by it."""

    def run(path, *arguments, **options) -> str:
        with pytest.raises(Rejected) as raised:
            imported(path, *arguments, **options)
        assert not Raster.objects.exists()
        assert not list(media.rglob("*.tif"))
        assert not list((media / "imports").glob("*"))
        return f"{raised.value.message} {raised.value.remedy}"

    return run


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.mark.usefixtures("unboxed")
@pytest.mark.parametrize(
    ("driver", "options"),
    [
        ("GTiff", {"compress": "lzw"}),
        ("GTiff", {"tiled": True, "compress": "jpeg", "photometric": "ycbcr"}),
        ("GTiff", {"interleave": "band", "bigtiff": "YES", "compress": "zstd"}),
        ("HFA", {}),
        ("HFA", {"COMPRESSED": "YES"}),
        ("JP2OpenJPEG", {"QUALITY": "100", "REVERSIBLE": "YES", "CODEC": "JP2"}),
    ],
)
def test_formats_that_say_where_they_are(opened, tmp_path, driver, options):
    path = files.raster(tmp_path / "影像.bin", files.picture(), driver=driver, **options)
    with opened(path, "imagery", lossless=True) as dataset:
        window = dataset.window(
            *rasterio.warp.transform_bounds(
                "EPSG:4326", "EPSG:3857", 109.454, 28.586, 109.466, 28.596
            )
        )
        values = dataset.read(window=window.round_offsets().round_lengths())
        assert abs(values[0].mean() - 125) < 3
        assert abs(values[1].mean() - 117) < 3
        assert abs(values[2].mean() - 120) < 2


@pytest.mark.usefixtures("unboxed")
@pytest.mark.parametrize(("driver", "suffix"), [("PNG", ".pgw"), ("JPEG", ".JGW")])
def test_a_picture_with_its_world_file_needs_a_datum_and_is_placed(
    imported, refused, tmp_path, driver, suffix
):
    path = files.raster(
        tmp_path / f"scan.{driver.lower()}",
        files.picture(),
        driver=driver,
        transform=None,
        crs=None,
    )
    assert "does not say where it is" in refused(path, "imagery", datum="cgcs2000")
    files.world_file(path.with_suffix(suffix), files.DEGREES)
    assert "which datum" in refused(path, "imagery")
    report = imported(path, "imagery", datum="wgs84")
    assert report.place.bounds == pytest.approx((109.45, 28.58, 109.47, 28.60), abs=1e-8)
    path.with_suffix(".prj").write_text(HERE)
    assert imported(path, "imagery", replace=True).place.datum.name == "EPSG:4490"


@pytest.mark.usefixtures("unboxed")
def test_an_ascii_grid_with_its_prj_in_an_archive(opened, tmp_path):
    grid = files.raster(tmp_path / "dem.asc", files.slope().astype("float32"), driver="AAIGrid")
    archive = tmp_path / "高程.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        target.write(grid, "数据/dem.asc")
        target.writestr("数据/dem.PRJ", HERE)
        target.writestr("数据/other.prj", "nonsense")
        target.writestr("数据/说明.txt", "读我")
    with opened(archive) as dataset:
        kept = dataset.read(1, masked=True).compressed()
        assert kept.min() == pytest.approx(100, abs=3)
        assert kept.max() == pytest.approx(697, abs=3)


@pytest.mark.usefixtures("unboxed")
def test_a_folder_is_taken_like_its_archive(imported, tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    path = files.raster(folder / "a.png", files.picture(), driver="PNG", transform=None, crs=None)
    files.world_file(path.with_suffix(".wld"), files.DEGREES)
    assert imported(folder, "imagery", datum="cgcs2000").raster.bands == 3
    files.raster(folder / "b.tif", files.picture())
    with pytest.raises(Rejected, match=r"several rasters: a\.png, b\.tif"):
        imported(folder, "imagery", name="other")


@pytest.mark.usefixtures("unboxed")
def test_what_points_to_other_files_is_refused(refused, tmp_path):
    real = files.raster(tmp_path / "real.tif", files.picture())
    virtual = tmp_path / "a.tif"
    virtual.write_text(
        '<VRTDataset rasterXSize="9" rasterYSize="9"><VRTRasterBand dataType="Byte" band="1">'
        f"<SimpleSource><SourceFilename>{real}</SourceFilename></SimpleSource>"
        "</VRTRasterBand></VRTDataset>"
    )
    assert "only points to other files" in refused(virtual, "imagery")
    virtual.write_text("/vsicurl/http://127.0.0.1:9/x.tif")
    assert "none of the raster formats" in refused(virtual, "imagery")
    virtual.write_text("<GDAL_WMS><Service/></GDAL_WMS>")
    assert "only points to other files" in refused(virtual, "imagery")
    assert "no file" in refused(tmp_path / "vsicurl" / "http:", "imagery")


@pytest.mark.usefixtures("unboxed")
@pytest.mark.parametrize("name", ["../a.tif", "/etc/a.tif"])
def test_an_archive_whose_paths_lead_outside_is_refused(refused, tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, b"II*\0")
    assert "leads outside" in refused(tmp_path / "a.zip")


@pytest.mark.usefixtures("unboxed")
def test_what_is_no_raster_is_refused_whatever_its_name(refused, tmp_path):
    path = tmp_path / "a.tif"
    path.write_bytes(b"")
    assert "empty" in refused(path)
    path.write_bytes(b"\0" * 5000)
    assert "none of the raster formats" in refused(path)
    path.write_bytes(b"II*\0" + b"\xff" * 500)
    assert "cannot be read" in refused(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    assert "holds no raster" in refused(path)


@pytest.mark.usefixtures("unboxed")
@pytest.mark.parametrize("driver", ["GTiff", "HFA", "PNG", "JPEG", "JP2OpenJPEG", "AAIGrid"])
def test_a_raster_that_is_cut_short_is_refused(refused, tmp_path, driver):
    noise = np.random.default_rng(3).integers(0, 255, (200, 200), dtype="uint8")
    path = files.raster(tmp_path / "a.x", noise, driver=driver)
    files.world_file(path.with_suffix(".wld"), files.DEGREES)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    assert "cannot be read" in refused(path, "imagery", datum="cgcs2000")


@pytest.mark.usefixtures("unboxed")
def test_a_photograph_whose_bytes_were_changed_on_the_way_is_refused(refused, tmp_path):
    noise = np.random.default_rng(3).integers(0, 255, (200, 200), dtype="uint8")
    path = files.raster(tmp_path / "a.jpg", noise, driver="JPEG", transform=None, crs=None)
    files.world_file(path.with_suffix(".jgw"), files.DEGREES)
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(data[:middle] + b"\xff\xd3" * 40 + data[middle + 80 :])
    assert "cannot be read" in refused(path, "imagery", datum="cgcs2000")


def sparse(path, side, **options):
    """A raster of side × side pixels of which none is in the file."""
    with rasterio.open(
        path, "w", driver="GTiff", width=side, height=side, count=1, dtype="uint8",
        crs="EPSG:4490", transform=Affine(1e-6, 0, 109.45, 0, -1e-6, 28.6),
        sparse_ok=True, tiled=True, **options,
    ):  # fmt: skip
        pass
    return path


@pytest.mark.usefixtures("unboxed")
def test_a_small_file_that_claims_a_billion_pixels_is_refused_at_once(refused, tmp_path):
    path = sparse(tmp_path / "a.tif", 32_000, blockxsize=4096, blockysize=4096)
    assert path.stat().st_size < 10_000
    assert "nothing is in it" in refused(path, "imagery")


@pytest.mark.usefixtures("unboxed")
def test_what_is_too_large_or_of_a_strange_kind_is_refused(refused, tmp_path):
    path = sparse(tmp_path / "a.tif", 200_000, blockxsize=16384, blockysize=16384)
    assert "too large: 200000" in refused(path, "imagery")
    many = files.raster(tmp_path / "many.tif", np.zeros((17, 8, 8), dtype="uint8"))
    assert "17 bands" in refused(many, "imagery")
    waves = files.raster(tmp_path / "waves.tif", np.zeros((8, 8), dtype="complex64"))
    assert "complex64" in refused(waves, "imagery")


@pytest.mark.usefixtures("unboxed")
def test_a_file_without_bands_is_refused(refused, tmp_path):
    """A TIFF whose one directory says SamplesPerPixel = 0."""
    path = files.raster(tmp_path / "a.tif", np.zeros((8, 8), dtype="uint8"))
    samples = (277).to_bytes(2, "little") + (3).to_bytes(2, "little") + (1).to_bytes(4, "little")
    data = path.read_bytes()
    assert samples + b"\1\0" in data
    path.write_bytes(data.replace(samples + b"\1\0", samples + b"\0\0"))
    assert "cannot be read" in refused(path) or "no bands" in refused(path)


@pytest.mark.usefixtures("unboxed")
@pytest.mark.parametrize(
    ("epsg", "datum", "said"),
    [
        (2361, None, "no published parameters"),
        (4214, None, "no published parameters"),
        (None, None, "which datum"),
        (None, "gcj02", "the offset bends it"),
        (4490, "EPSG:4525", "outside Hunan|near Hunan"),
    ],
)
def test_datums_are_stated_and_known_or_the_raster_is_refused(refused, tmp_path, epsg, datum, said):
    crs = f"EPSG:{epsg}" if epsg else None
    path = files.raster(tmp_path / "a.tif", files.picture(), crs=crs)
    text = refused(path, "imagery", datum=datum)
    assert any(each in text for each in said.split("|"))


@pytest.mark.usefixtures("unboxed")
@pytest.mark.parametrize(
    ("transform", "said"),
    [
        (Affine(1e-4, 0, 116.4, 0, -1e-4, 39.9), "outside Hunan"),
        (Affine(0.1, 0, 105.0, 0, -0.1, 35.0), "far beyond Hunan"),
        (Affine(1e-4, 0, 112.9, 0, -1e-4, 28.2), "does not touch 花垣县"),
        (Affine(0, 0, 109.45, 0, 0, 28.6), "no size"),
        (Affine(float("nan"), 0, 109.45, 0, -1e-4, 28.6), "six numbers"),
    ],
)
def test_a_raster_elsewhere_is_refused(refused, tmp_path, transform, said):
    path = files.raster(tmp_path / "a.png", files.picture(), driver="PNG", transform=None, crs=None)
    files.world_file(path.with_suffix(".pgw"), transform)
    assert said in refused(path, "imagery", datum="cgcs2000")


# --- In the real box ----------------------------------------------------------------------------


def test_in_the_box_a_raster_goes_all_the_way_and_tells_how_far_it_is(imported, tmp_path, media):
    told = []
    values = np.tile(files.slope(300, 300).astype("float32"), (4, 4))
    finer = Affine(1e-5, 0, files.WEST, 0, -1e-5, files.NORTH)
    grid = files.raster(tmp_path / "a.asc", values, driver="AAIGrid", transform=finer)
    watch = Watch(progress=lambda phase, done: told.append((phase, done)))
    report = imported(grid, datum="cgcs2000", watch=watch)
    assert report.raster.path.stat().st_size == report.size
    assert {phase for phase, _done in told} <= {"unpacking", "warping", "overviews", "writing"}
    assert told
    assert not list((media / "imports").iterdir())


def test_in_the_box_an_imagine_file_cannot_read_beside_itself(refused, tmp_path):
    """Large .img files name a second file that has the values; any name could stand there."""
    path = files.raster(tmp_path / "a.img", files.picture(), driver="HFA", USE_SPILL="YES")
    assert path.with_suffix(".ige").exists()
    assert "cannot be read" in refused(path, "imagery")


def test_a_conversion_is_stopped_in_its_middle_and_leaves_nothing(imported, tmp_path, media):
    values = np.zeros((6000, 6000), dtype="float32")
    finer = Affine(1e-6, 0, files.WEST, 0, -1e-6, files.NORTH)
    path = files.raster(tmp_path / "a.tif", values, transform=finer)
    phases = []
    watch = Watch(lambda phase, _done: phases.append(phase), lambda: bool(phases))
    with pytest.raises(Cancelled) as raised:
        imported(path, watch=watch)
    # The process ended before it was done: otherwise the stop would only be noticed after it.
    assert isinstance(raised.value.__context__, FileProblem)
    assert not Raster.objects.exists()
    assert not list(media.rglob("*.tif"))
