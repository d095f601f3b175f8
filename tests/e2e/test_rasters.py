"""Rasters on the map: switched on, drawn otherwise, seen through, by keyboard and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.mapview import MapPage
from tests.e2e.terrain import HEIGHTS
from tests.e2e.test_accessibility import violations

OpenMap = Callable[..., MapPage]
PLACE = "/map/#13/28.57/109.48/-/state"

COLOURS_IN_THE_MIDDLE = """() => {
    const canvases = [...document.querySelectorAll('#map canvas')];
    const found = new Set();
    for (const canvas of canvases) {
        const [x, y] = [canvas.width / 2 - 60, canvas.height / 2 - 60];
        const bytes = canvas.getContext('2d').getImageData(x, y, 120, 120).data;
        for (let at = 0; at < bytes.length; at += 4) found.add(bytes.slice(at, at + 3).join());
    }
    return found.size;
}"""


@pytest.fixture
def shown(open_map: OpenMap) -> Callable[..., MapPage]:
    """The map with the raster switched on, on a desk by the keyboard."""

    def make(*, phone: bool = False) -> MapPage:
        view = open_map("viewer", PLACE, phone=phone)
        view.settle()
        box = view.page.locator(f"[data-raster={HEIGHTS}]")
        expect(box).not_to_be_checked()
        if phone:
            view.page.click("#map-panel-open")
            box.check()
        else:
            with view.page.expect_response(f"**/rasters/{HEIGHTS}/**"):
                box.press("Space")
        view.settle()
        return view

    return make


def test_heights_are_drawn_where_they_are_switched_on(shown: Callable[..., MapPage]) -> None:
    view = shown()
    assert view.page.evaluate(COLOURS_IN_THE_MIDDLE) > 100
    expect(view.page.locator("#map-attribution")).to_contain_text("演示数据")
    view.page.locator(f"[data-raster={HEIGHTS}]").press("Space")
    view.settle()
    assert view.page.evaluate(COLOURS_IN_THE_MIDDLE) < 100
    expect(view.page.locator("#map-attribution")).not_to_contain_text("演示数据")


def test_how_they_are_drawn_and_how_opaque_is_chosen_by_keyboard(
    shown: Callable[..., MapPage],
) -> None:
    view = shown()
    choice = view.page.locator(f"[data-raster-render={HEIGHTS}]")
    choice.focus()
    with view.page.expect_response("**/*render=hillshade*"):
        view.page.keyboard.press("ArrowDown")
    expect(view.page.locator(".raster-classes")).to_be_hidden()
    with view.page.expect_response("**/*render=slope*"):
        view.page.keyboard.press("ArrowDown")
    expect(view.page.locator(".raster-classes li").last).to_have_text("25° 以上")
    opacity = view.page.locator(f"[data-raster-opacity={HEIGHTS}]")
    opacity.focus()
    for _step in range(8):
        view.page.keyboard.press("ArrowLeft")
    expect(view.page.locator(".raster-controls output")).to_have_text("60%")


def test_a_copied_address_shows_the_same_rasters(
    shown: Callable[..., MapPage], open_map: OpenMap
) -> None:
    view = shown()
    view.page.select_option(f"[data-raster-render={HEIGHTS}]", "slope")
    view.page.locator(f"[data-raster-opacity={HEIGHTS}]").fill("60")
    address = view.page.evaluate("location.pathname + location.hash")
    assert address.endswith(f"/state/{HEIGHTS}:slope:60")
    other = open_map("planner", address)
    expect(other.page.locator(f"[data-raster={HEIGHTS}]")).to_be_checked()
    expect(other.page.locator(f"[data-raster-render={HEIGHTS}]")).to_have_value("slope")
    expect(other.page.locator(".raster-classes")).to_be_visible()
    expect(other.page.locator(".raster-controls output")).to_have_text("60%")
    expect(other.page.locator("#map-attribution")).to_contain_text("演示数据")
    other.settle()
    assert other.page.evaluate("location.hash") == view.page.evaluate("location.hash")
    # One that is typed over it has no raster: it is off again, and the address stays without.
    other.look_at(109.48, 28.57, zoom=13, layers="-")
    expect(other.page.locator(f"[data-raster={HEIGHTS}]")).not_to_be_checked()
    assert HEIGHTS not in other.page.evaluate("location.hash")


@pytest.mark.parametrize("name", [HEIGHTS, "no-such-raster"])
def test_a_raster_that_the_visitor_may_not_see_is_told_like_one_that_is_not_there(
    open_map: OpenMap, name: str
) -> None:
    view = open_map(None, f"{PLACE}/{name}")
    view.settle()
    expect(view.page.locator("#map-notice")).to_have_text(
        "此视图包含的影像或地形不存在，或您无权查看。"
    )


@pytest.mark.parametrize(("status", "told"), [(204, False), (500, True)])
def test_an_empty_tile_is_no_failure_and_a_failure_is_told(
    shown: Callable[..., MapPage], *, status: int, told: bool
) -> None:
    view = shown()
    view.page.route("**/rasters/**", lambda route: route.fulfill(status=status))
    with view.page.expect_response(f"**/rasters/{HEIGHTS}/**"):
        view.look_at(109.48, 28.57, zoom=14, layers="-", rasters=HEIGHTS)
    view.settle()
    expect(view.page.locator("#map-notice")).to_be_visible(visible=told)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_section_is_accessible(shown: Callable[..., MapPage], *, phone: bool) -> None:
    view = shown(phone=phone)
    view.page.select_option(f"[data-raster-render={HEIGHTS}]", "slope")
    view.settle()
    assert violations(view) == []


def test_who_may_see_none_is_offered_none(open_map: OpenMap) -> None:
    view = open_map(None, PLACE)
    view.settle()
    expect(view.page.locator("#raster-section")).to_be_hidden()
