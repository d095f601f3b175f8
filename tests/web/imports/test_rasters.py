"""A raster on the pages of imports: told apart, described, put on the map, taken off."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from importers.deliveries import carrying, runs
from importers.models import Delivery
from layers.errors import Conflict
from layers.models import Raster, User
from tests.conftest import FENGHUANG, HUAYUAN, XIANGXI
from tests.importers.rasters import files
from tests.importers.rasters.conftest import unboxed  # noqa: F401
from tests.web.imports.conftest import Deliver, Start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unboxed")]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return files.raster(tmp_path / "2023 Huayuan.tif", files.picture())


def shown(page: Client, delivery: Delivery) -> str:
    answer = page.get(f"/imports/{delivery.uid}/")
    assert answer.status_code == 200
    return answer.content.decode()


def say(page: Client, delivery: Delivery, **fields: str) -> str:
    """What the form sends when one of its controls was changed."""
    answer = page.post(
        f"/imports/{delivery.uid}/corrections",
        {"shown": "1", **fields},
        headers={"X-Requested-With": "fetch"},
    )
    assert answer.status_code == 200, answer.content
    delivery.refresh_from_db()
    return answer.content.decode()


def outline(page: Client, delivery: Delivery) -> Any:
    return json.loads(page.get(f"/imports/{delivery.uid}/places").content)


def test_what_is_a_raster_is_told_whatever_it_was_sent_for(
    page: Client, deliver: Deliver, picture: Path
) -> None:
    delivery = deliver(picture, layer="toilets")
    assert (delivery.layer, delivery.state) == ("rasters", "open")
    text = shown(page, delivery)
    for fact in ("200 × 200", "3 个波段", "8 位", "GeoTIFF", 'value="2023-huayuan"'):
        assert fact in text, fact
    [found] = outline(page, delivery)["features"]
    assert found["geometry"]["coordinates"][0][0] == pytest.approx([109.45, 28.58])


def test_a_zip_with_a_raster_in_it_is_one(
    page: Client, deliver: Deliver, picture: Path, tmp_path: Path
) -> None:
    path = tmp_path / "影像.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(picture, "data/a.tif")
    assert deliver(path).layer == "rasters"


def test_a_picture_needs_a_world_file_to_be_a_raster(deliver: Deliver, tmp_path: Path) -> None:
    plain = files.raster(
        tmp_path / "a.png", files.picture(), driver="PNG", transform=None, crs=None
    )
    assert deliver(plain).layer == "resettlement-sites"
    world = files.world_file(tmp_path / "a.pgw", files.DEGREES)
    assert deliver(plain, world).layer == "rasters"


def test_an_unstated_datum_is_asked_for_with_those_that_would_fit(
    page: Client, deliver: Deliver, start: Start, tmp_path: Path
) -> None:
    path = files.raster(tmp_path / "dem.tif", files.slope().astype("float32"), crs=None)
    delivery = deliver(path)
    text = shown(page, delivery)
    assert "待确认" in text
    assert 'data-value="EPSG:4490"' in text
    assert 'data-value="EPSG:4525"' not in text
    assert outline(page, delivery)["problem"]
    page.post(f"/imports/{delivery.uid}/runs", {"mode": "load"})
    assert not delivery.runs.exists()
    answer = say(page, delivery, datum="EPSG:4490")
    assert "imp-must" not in answer
    assert start(delivery).state == "done"


def test_a_raster_is_tried_put_on_the_map_and_taken_off(
    page: Client, deliver: Deliver, start: Start, picture: Path
) -> None:
    delivery = deliver(picture)
    say(page, delivery, title="花垣县影像", name="huayuan", kind="imagery")
    run = start(delivery, "dry")
    assert (run.state, delivery.state, Raster.objects.count()) == ("done", "open", 0)
    assert "试运行结果" in shown(page, delivery)
    run = start(delivery)
    raster = Raster.objects.get()
    assert (run.state, delivery.state) == ("done", "loaded")
    assert (raster.title, raster.name, raster.division_id) == ("花垣县影像", "huayuan", HUAYUAN)
    assert raster.path.exists()
    assert "/map/#" in shown(page, delivery)
    page.post(f"/imports/{delivery.uid}/runs/{run.uid}/undo")
    carrying.carry_out(run.uid)
    delivery.refresh_from_db()
    raster.refresh_from_db()
    assert delivery.state == "undone"
    assert raster.removed_at is not None
    assert "已从地图上移除" in shown(page, delivery)


def test_what_has_replaced_a_raster_is_not_taken_off_with_it(
    page: Client, deliver: Deliver, start: Start, picture: Path, tmp_path: Path
) -> None:
    delivery = deliver(picture)
    first = start(delivery)
    other = deliver(files.raster(tmp_path / "2023 Huayuan.tif", files.picture()[::-1].copy()))
    assert "已有名为" in shown(page, other)
    say(page, other, replace="on")
    assert start(other).state == "done"
    page.post(f"/imports/{delivery.uid}/runs/{first.uid}/undo")
    carrying.carry_out(first.uid)
    delivery.refresh_from_db()
    assert delivery.state == "loaded"
    assert Raster.objects.get().removed_at is None
    assert "已被替换" in shown(page, delivery)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "../x"}, "小写字母"),
        ({"title": ""}, "不能为空"),
        ({"public": "on"}, "审图号"),
        ({"division": FENGHUANG}, "不涉及"),
        ({"datum": "EPSG:4525"}, "湖南"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_starts(
    page: Client, deliver: Deliver, picture: Path, fields: dict[str, str], told: str
) -> None:
    delivery = deliver(picture)
    assert "imp-must" in say(page, delivery, **fields)
    assert told in shown(page, delivery)
    page.post(f"/imports/{delivery.uid}/runs", {"mode": "load"})
    assert not delivery.runs.exists()


def test_a_place_of_others_is_refused(page: Client, deliver: Deliver, picture: Path) -> None:
    delivery = deliver(picture)
    say(page, delivery)
    answer = page.post(
        f"/imports/{delivery.uid}/corrections",
        {"division": XIANGXI},
        headers={"X-Requested-With": "fetch"},
    )
    assert answer.status_code == 403
    assert page.post(f"/imports/{delivery.uid}/runs", {"mode": "load"}).status_code == 302
    delivery.refresh_from_db()
    assert delivery.corrections["division"] == HUAYUAN


def test_a_datum_that_is_not_offered_is_refused(
    page: Client, deliver: Deliver, picture: Path
) -> None:
    delivery = deliver(picture)
    answer = page.post(f"/imports/{delivery.uid}/corrections", {"datum": "gcj02"})
    assert answer.status_code == 400


def test_a_damaged_raster_says_so(page: Client, deliver: Deliver, tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(b"II*\0" + b"\xff" * 200)
    delivery = deliver(path)
    assert (delivery.layer, delivery.state) == ("rasters", "unreadable")
    assert "无法读取该栅格" in shown(page, delivery)


def test_a_waiting_run_is_cancelled_and_nothing_is_kept(
    page: Client, deliver: Deliver, steward_of_huayuan: User, picture: Path
) -> None:
    delivery = deliver(picture)
    run = runs.start(actor=steward_of_huayuan, uid=delivery.uid, dry_run=False)
    page.post(f"/imports/{delivery.uid}/runs/{run.uid}/cancel")
    assert carrying.carry_out(run.uid) == "cancelled"
    assert not Raster.objects.exists()
    with pytest.raises(Conflict):
        runs.undo(actor=steward_of_huayuan, uid=delivery.uid, run=run.uid)
