"""A piece of work from end to end: scan and check, find on the list, repair, take back, share."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from layers.plates import plate_of
from layers.registry import LAYERS
from tests.e2e.mapview import MapPage
from tests.e2e.scene import PLACES
from tests.e2e.test_accessibility import violations

OpenMap = Callable[..., MapPage]


def stand_at(page: Page, place: tuple[float, float]) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(
        {"longitude": place[0], "latitude": place[1] + 0.0005, "accuracy": 9}
    )


def picture() -> dict[str, Any]:
    out = BytesIO()
    Image.new("RGB", (64, 48), "#355").save(out, "JPEG")
    return {"name": "leak.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_defect_found_on_the_spot_is_repaired_from_the_list(
    open_map: OpenMap, scene: dict[str, int]
) -> None:
    code = plate_of(LAYERS["water-works"], scene["checked"])
    inspecting = open_map("inspector", f"/q/{code}", phone=True).page
    stand_at(inspecting, PLACES["checked"])
    inspecting.click("#take-position")
    expect(inspecting.locator("#position-accuracy")).to_have_text("9")
    inspecting.get_by_text("有问题", exact=True).click()
    inspecting.fill("#id_notes", "主管道漏水")
    inspecting.set_input_files("#id_photos", picture())
    inspecting.click(".scan-send")
    expect(inspecting.locator(".visit-list")).to_contain_text("距台账位置 55 米")
    expect(inspecting.locator(".scan-head .state")).to_have_text("待修")
    shown = inspecting.locator(".visit-photos img")
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("naturalWidth", 64)

    repairing = open_map("maintainer", "/maintenance/", phone=True).page
    stand_at(repairing, PLACES["checked"])
    repairing.click("#near-me")
    row = repairing.locator(".work-item", has_text="补抽水厂")
    expect(row).to_contain_text("55 米")
    expect(row).to_contain_text("主管道漏水")
    row.get_by_text("上报完成").click()
    row.get_by_label("主管道漏水").check()
    row.get_by_text("提交").click()
    expect(row.locator(".state")).to_have_text("正常")
    row.get_by_text("撤销").click()
    expect(row.locator(".state")).to_have_text("待修")


def test_a_report_in_the_sheet_changes_the_map_at_once(
    open_map: OpenMap, scene: dict[str, int]
) -> None:
    view = open_map("maintainer", f"/map/roads/{scene['road']}")
    page = view.page
    page.locator(".upkeep").get_by_text("上报管护").click()
    page.locator(".report-form").get_by_label("发现缺陷").check()
    page.locator(".report-form textarea").fill("路肩塌陷")
    with page.expect_response(re.compile(r"/tiles/roads/")):
        page.locator(".report-form button[type=submit]").click()
    expect(page.locator(".sheet-header .state")).to_have_text("待修")
    with page.expect_response(re.compile(r"/tiles/roads/")):
        page.locator(".upkeep").get_by_text("撤销").click()
    expect(page.locator(".sheet-header .state")).to_have_text("正常")


def test_the_shareable_map_opens_with_no_network(
    open_map: OpenMap, browser: Browser, tmp_path: Path
) -> None:
    page = open_map("viewer", "/zones/wuling").page
    with page.expect_download() as download:
        page.get_by_text("下载可分享地图").click()
    file = tmp_path / "zone.html"
    download.value.save_as(file)
    context = browser.new_context(offline=True)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    alone = context.new_page()
    alone.goto(file.as_uri())
    expect(alone.locator("path.leaflet-interactive")).to_have_count(37)
    assert asked == [file.as_uri()]
    context.close()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize(
    ("user", "path"),
    [
        ("maintainer", "/maintenance/"),
        ("viewer", "/projects/"),
        ("viewer", "/zones/"),
        ("viewer", "/zones/wuling"),
        (None, "/zones/wuling"),
        ("inspector", "/q/CODE"),
        ("inspector", "/q/CODE/plate"),
        (None, "/q/CODE"),
        (None, "/q/T999-9"),
    ],
)
def test_work_pages_are_accessible_and_fit_the_screen(
    open_map: OpenMap, scene: dict[str, int], user: str | None, path: str, *, phone: bool
) -> None:
    code = plate_of(LAYERS["water-works"], scene["water"])
    view = open_map(user, path.replace("CODE", code), phone=phone)
    assert violations(view) == []
    assert view.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
