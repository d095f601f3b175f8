"""The map of a past day: the tiles of then, a bar that says so, nothing to edit, a way back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.mapview import MapPage
from tests.e2e.scene import PLACES
from tests.e2e.test_accessibility import violations

OpenMap = Callable[..., MapPage]
LONG_AGO = "2024-03-01"


def today(page: Page) -> str:
    return page.get_attribute("#past-date", "max") or ""


def choose(view: MapPage, date: str) -> None:
    """By the keyboard: the day is filled in and Enter sent."""
    view.page.fill("#past-date", date)
    with view.page.expect_response(f"**/tiles/**/*.mvt?at={date}"):
        view.page.press("#past-date", "Enter")
    view.settle()


def test_a_past_day_shows_what_there_was_and_leads_back(open_map: OpenMap) -> None:
    view = open_map("planner")
    view.look_at(*PLACES["water"], zoom=14.5)
    assert "双龙供水站" in view.hover(*PLACES["water"])
    choose(view, LONG_AGO)
    banner = view.page.locator("#past-banner")
    expect(banner).to_contain_text(f"正在看 {LONG_AGO} 的地图")
    expect(banner).to_contain_text(f"当时尚无数据，记录始于 {today(view.page)}")
    assert f"?at={LONG_AGO}" in view.page.url
    assert view.hover(*PLACES["water"]) == ""
    expect(view.page.locator("[data-count=roads]")).to_have_text("")
    view.page.click("[data-past-tool=leave]")
    expect(banner).to_be_hidden()
    view.settle()
    assert "双龙供水站" in view.hover(*PLACES["water"])
    assert "?at=" not in view.page.url


def test_nothing_is_edited_while_a_past_day_is_shown(open_map: OpenMap) -> None:
    view = open_map("planner")
    view.look_at(*PLACES["water"], zoom=14.5)
    choose(view, today(view.page))
    expect(view.page.locator("#past-banner")).to_contain_text("管护状态")
    expect(view.page.locator("#add-feature")).to_be_disabled()
    view.click(*PLACES["water"])
    sheet = view.page.locator("#map-sheet")
    expect(sheet.locator(".sheet-title")).to_have_text("双龙供水站")
    expect(sheet.locator("[data-action]")).to_have_count(0)
    sheet.locator("[data-past-tool=today]").click()
    expect(sheet.locator("[data-action=edit]")).to_be_visible()
    expect(view.page.locator("#past-banner")).to_be_hidden()
    expect(view.page.locator("#add-feature")).to_be_enabled()


def test_the_address_leads_to_the_day_and_the_browser_s_back_leaves_it(open_map: OpenMap) -> None:
    view = open_map("planner", f"/map/?at={LONG_AGO}#14/28.58/109.48//state")
    expect(view.page.locator("#past-banner")).to_contain_text(LONG_AGO)
    view.settle()
    view.page.click("[data-past-tool=leave]")
    expect(view.page.locator("#past-banner")).to_be_hidden()
    view.page.go_back()
    expect(view.page.locator("#past-banner")).to_contain_text(LONG_AGO)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_map_of_a_past_day_is_accessible(open_map: OpenMap, *, phone: bool) -> None:
    view = open_map("planner", f"/map/?at={LONG_AGO}", phone=phone)
    expect(view.page.locator("#past-banner")).to_be_visible()
    view.settle()
    if phone:
        view.page.click("#map-panel-open")
        expect(view.page.locator("#past-date")).to_be_visible()
    assert violations(view) == []
