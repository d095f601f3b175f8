"""The area of an offline pack drawn on the map: by mouse, by touch and by the keyboard alone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect
from pmtiles.reader import MemorySource, Reader

from tests.e2e.mapview import MapPage
from tests.e2e.scene import PLACES
from tests.e2e.test_accessibility import violations
from tests.e2e.test_exports import work

OpenMap = Callable[..., MapPage]
MIDDLE = (109.48, 28.575)
CORNERS = [(109.465, 28.565), (109.495, 28.565), (109.495, 28.585), (109.465, 28.585)]
"""Around the road, two water works and the workshop of the scene."""


def begin(
    open_map: OpenMap,
    at: tuple[float, float] = MIDDLE,
    zoom: float = 14,
    *,
    user: str = "viewer",
    phone: bool = False,
) -> MapPage:
    lon, lat = at
    view = open_map(user, f"/map/?draw=pack#{zoom}/{lat}/{lon}//state", phone=phone)
    view.settle()
    expect(view.page.locator("#map-hint")).to_be_visible()
    return view


def estimate(view: MapPage) -> Locator:
    return view.page.locator("#pack-estimate")


def touch(view: MapPage, lon: float, lat: float) -> None:
    view.page.touchscreen.tap(*view.pixel(lon, lat))
    # Two taps within a quarter of a second are one double tap.
    view.page.wait_for_timeout(350)


def draw(view: MapPage, *, phone: bool) -> None:
    for corner in CORNERS:
        (touch if phone else MapPage.click)(view, *corner)
    if phone:
        view.page.locator("#map-hint").get_by_role("button", name="完成").click()
    else:
        view.page.keyboard.press("Enter")


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_an_area_is_drawn_estimated_and_made(
    open_map: OpenMap, environment: dict[str, str], tmp_path: Path, *, phone: bool
) -> None:
    # Other tests count the packs of the viewer.
    view = begin(open_map, zoom=13 if phone else 14, user="inspector", phone=phone)
    page = view.page
    assert "draw=" not in page.url
    draw(view, phone=phone)
    expect(estimate(view)).to_contain_text(re.compile(r"面积 6\.5 平方公里，范围内有 \d+ 个要素"))
    expect(estimate(view)).to_contain_text("到第 14 级")
    page.locator(".edit-tools").get_by_role("button", name="撤销").click()
    expect(page.locator("#map-sheet")).to_be_hidden()
    draw(view, phone=phone)
    page.get_by_label("范围名称").fill("十八洞一带")
    page.get_by_text("图层、级别和大小").click()
    page.get_by_label("最高级别").select_option("11")
    expect(estimate(view)).to_contain_text("到第 11 级")
    assert violations(view) == []
    page.locator("[data-edit=save]").click()
    card = page.locator("#pack-card")
    expect(card).to_contain_text("排队中")
    work(environment)
    expect(card).to_contain_text("可下载")
    assert violations(view) == []
    with page.expect_download() as started:
        card.get_by_role("link", name="地图").click()
    started.value.save_as(tmp_path / "a.pmtiles")
    manifest = Reader(MemorySource((tmp_path / "a.pmtiles").read_bytes())).metadata()["xiangcun"]
    assert (manifest["area"]["kind"], manifest["area"]["name"]) == ("drawn", "十八洞一带")
    assert manifest["area"]["bounds"] == pytest.approx([*CORNERS[0], *CORNERS[2]], abs=0.0005)
    assert manifest["max_zoom"] == 11
    overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert page.evaluate(overflow) is False


def test_a_box_is_dragged_changed_taken_back_and_drawn_again(open_map: OpenMap) -> None:
    view = begin(open_map)
    page, hint = view.page, view.page.locator("#map-hint")
    hint.get_by_role("button", name="矩形").click()
    view.drag(CORNERS[0], CORNERS[2])
    expect(estimate(view)).to_contain_text("面积 6.5 平方公里")
    view.settle()
    view.drag(CORNERS[2], (109.490, 28.580))
    expect(estimate(view)).not_to_contain_text("6.5")
    expect(estimate(view)).to_contain_text("平方公里")
    page.locator("#map").focus()
    page.keyboard.press("Control+z")
    expect(estimate(view)).to_contain_text("面积 6.5 平方公里")
    page.get_by_role("button", name="重画").click()
    expect(page.locator("#map-sheet")).to_be_hidden()
    page.keyboard.press("Control+z")
    expect(estimate(view)).to_contain_text("面积 6.5 平方公里")
    # What was drawn is not thrown away unasked.
    page.locator("#map").focus()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="放弃修改").click()
    expect(page.locator("#map-sheet")).to_be_hidden()
    expect(hint).to_be_hidden()


def test_an_area_is_drawn_with_the_keyboard_alone(open_map: OpenMap) -> None:
    view = begin(open_map)
    page = view.page
    page.locator("#map").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    view.settle()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#map-notice")).to_contain_text("至少要有三个角点")
    page.keyboard.press("ArrowDown")
    view.settle()
    page.keyboard.press("Space")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    expect(page.locator("#map-sheet")).to_be_hidden()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(estimate(view)).to_contain_text("公顷")


REFUSED = {
    "crossing itself": ([CORNERS[0], CORNERS[2], CORNERS[1], CORNERS[3]], "自相交"),
    "too small": ([(109.48, 28.575), (109.4802, 28.575), (109.4802, 28.5752)], "不足 1 公顷"),
    "elsewhere": ([(x - 0.1 + 0.07, y - 0.65) for x, y in CORNERS], "不在您的管辖区划内"),
}


@pytest.mark.parametrize(("corners", "text"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_area_is_said_at_once_and_not_made(
    open_map: OpenMap, corners: list[tuple[float, float]], text: str
) -> None:
    view = begin(open_map, corners[0], 16 if "公顷" in text else 13)
    for corner in corners:
        view.click(*corner)
    view.page.keyboard.press("Enter")
    expect(estimate(view).get_by_role("alert")).to_contain_text(text)
    expect(view.page.locator("[data-edit=save]")).to_be_disabled()
    assert violations(view) == []


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_drawing_begins_from_the_exports_and_from_the_panel(
    open_map: OpenMap, *, phone: bool
) -> None:
    page = open_map("viewer", "/exports/", phone=phone).page
    page.locator("#packs").get_by_role("link", name="在地图上画范围").click()
    hint = page.locator("#map-hint")
    expect(hint).to_contain_text("角点")
    hint.get_by_role("button", name="取消").click()
    expect(hint).to_be_hidden()
    if phone:
        page.click("#map-panel-open")
    page.get_by_role("button", name="画范围制作离线包").click()
    expect(hint).to_contain_text("角点")
    expect(page.locator("#map-panel.is-open")).to_have_count(0)


def test_esc_leaves_the_drawing_and_the_map_works_again(
    open_map: OpenMap, scene: dict[str, int]
) -> None:
    view = begin(open_map)
    view.click(*CORNERS[0])
    view.page.keyboard.press("Escape")
    expect(view.page.locator("#map-hint")).to_be_hidden()
    view.click(*PLACES["water"])
    expect(view.page.locator("#map-sheet .sheet-title")).to_have_text("双龙供水站")
