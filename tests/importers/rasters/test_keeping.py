"""Keeping rasters: who may, who sees them, what replaces what, and what the journal says."""

from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from importers.rasters.registering import sweep
from layers.access.rasters import visible_rasters
from layers.errors import Conflict, Forbidden, Rejected
from layers.models import Raster, RasterEvent
from tests.conftest import FENGHUANG, HUAYUAN, SHIBADONG, XIANGXI
from tests.importers.rasters import files

pytestmark = pytest.mark.usefixtures("unboxed")


@pytest.fixture
def picture(tmp_path):
    return files.raster(tmp_path / "a.tif", files.picture())


@pytest.fixture
def other_picture(tmp_path):
    return files.raster(tmp_path / "b.tif", files.picture()[::-1].copy())


def names(user):
    return sorted(raster.name for raster in visible_rasters(user))


def test_rasters_are_seen_where_grants_touch_and_public_ones_by_all(imported, account, picture):
    imported(picture, "imagery", name="county")
    imported(picture, "imagery", name="prefecture", division=XIANGXI)
    imported(picture, "imagery", name="village", division=SHIBADONG)
    imported(picture, "imagery", name="open", public=True, map_number="湘S(2024)001号")
    assert names(account("viewer", HUAYUAN)) == ["county", "open", "prefecture", "village"]
    assert names(account("viewer", SHIBADONG)) == ["county", "open", "prefecture", "village"]
    assert names(account("viewer", "433124111000")) == ["county", "open", "prefecture"]
    assert names(account("viewer", FENGHUANG)) == ["open", "prefecture"]
    assert names(account("viewer", "430100000000")) == ["open"]
    assert names(account("viewer", zone="wuling")) == ["county", "open", "prefecture", "village"]
    assert names(account("planner")) == ["county", "open", "prefecture", "village"]
    assert names(account()) == names(AnonymousUser()) == ["open"]


def test_a_public_raster_needs_its_approval_number(imported, picture):
    with pytest.raises(Rejected, match="审图号"):
        imported(picture, "imagery", public=True)


def test_who_may_not_import_there_may_not_keep_replace_or_remove(imported, account, picture):
    imported(picture, "imagery", division=XIANGXI)
    steward, viewer = account("steward", HUAYUAN), account("viewer", HUAYUAN)
    with pytest.raises(Forbidden):
        imported(picture, "imagery", name="mine", actor=viewer)
    imported(picture, "imagery", name="mine", actor=steward)
    with pytest.raises(Forbidden):
        imported(picture, "imagery", actor=steward, replace=True)
    for name in ("mine", "trial", "none"):
        with pytest.raises(CommandError):
            call_command("remove_raster", name, user=viewer.username)
    assert Raster.objects.get(name="mine").removed_at is None


@pytest.mark.parametrize("name", ["", "../x", "a/b", "Ünïcode", "a b", "a" * 51, "-a", "a\n"])
def test_a_name_that_is_no_slug_is_refused(imported, picture, name):
    with pytest.raises(Rejected):
        imported(picture, "imagery", name=name)


@pytest.mark.django_db(transaction=True)
def test_a_replacement_counts_up_and_deletes_the_old_file_at_commit(
    imported, picture, other_picture, media
):
    first = imported(picture, "imagery").raster
    with pytest.raises(Conflict):
        imported(other_picture, "imagery")
    second = imported(other_picture, "imagery", replace=True).raster
    assert (second.pk, second.version, second.created_at) == (first.pk, 2, first.created_at)
    assert second.sha256 != first.sha256
    assert [path.name for path in media.rglob("*.tif")] == [f"{second.sha256}.tif"]
    assert second.path.stat().st_mode & 0o007 == 0
    call_command("remove_raster", "trial", user="chief", stdout=StringIO())
    assert not list(media.rglob("*.tif"))
    assert not visible_rasters(first.created_by).exists()
    third = imported(picture, "imagery").raster
    assert (third.version, third.removed_at, third.path.exists()) == (3, None, True)
    events = RasterEvent.objects.order_by("pk")
    assert [(each.kind, each.version, each.sha256) for each in events] == [
        ("imported", 1, first.sha256),
        ("replaced", 2, second.sha256),
        ("removed", 2, second.sha256),
        ("replaced", 3, third.sha256),
    ]
    assert events[0].details["title"] == "试验影像"
    assert events[0].details["bounds"] == pytest.approx(list(first.box))


def test_the_journal_of_rasters_cannot_be_rewritten(imported, picture):
    imported(picture, "imagery")
    for change in (RasterEvent.objects.all().delete, lambda: RasterEvent.objects.update(version=7)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_what_a_crash_left_in_the_folder_goes_with_the_next_sweep(imported, picture, media):
    raster = imported(picture, "imagery").raster
    stray = raster.path.with_name("stray.tif")
    stray.touch()
    sweep(raster.name)
    assert raster.path.exists()
    assert not stray.exists()


def run(path, *more, **options):
    out = StringIO()
    given = {
        "title": "高程",
        "kind": "elevation",
        "division": "433124",
        "language": "en",
        **options,
    }
    call_command("import_raster", path, "dem-10m", *more, stdout=out, stderr=StringIO(), **given)
    return out.getvalue()


def test_the_command_tells_what_it_made_and_a_dry_run_keeps_nothing(chief, tmp_path, media):
    path = files.raster(tmp_path / "a.tif", files.slope().astype("int16"), nodata=-32768)
    out = run(path, dry_run=True)
    assert "nothing was written" in out
    assert not Raster.objects.exists()
    assert not list(media.rglob("*.tif"))
    out = run(path, source="测绘院 2023", licence="内部使用")
    assert "GeoTIFF, 200 × 200 pixels, 1 × int16" in out
    assert "EPSG:4490 (stated in the file)" in out
    assert "zooms 14 to 14" in out or "to 14" in out
    assert "Raster “dem-10m”, version 1" in out
    raster = Raster.objects.get()
    assert (raster.source, raster.licence, raster.division_id) == (
        "测绘院 2023",
        "内部使用",
        HUAYUAN,
    )
    with pytest.raises(CommandError) as refused:
        run(path)
    assert refused.value.returncode == 2
    assert "--replace" in str(refused.value)
    with pytest.raises(CommandError, match="no division"):
        run(path, division="43312x")
