"""The pages of the OGC interface in a browser: they draw their map and please axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.mapview import MapPage
from tests.e2e.test_accessibility import violations

OpenMap = Callable[..., MapPage]

PAGES = (
    "/ogc/",
    "/ogc/conformance",
    "/ogc/api",
    "/ogc/collections",
    "/ogc/collections/roads",
    "/ogc/collections/roads/queryables",
    "/ogc/collections/water-works/items?limit=2",
    "/ogc/collections/water-works/items?filter=name%20%3D",
)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_pages_are_accessible_and_fit(open_map: OpenMap, *, phone: bool) -> None:
    view = open_map("planner", PAGES[0], phone=phone)
    found = {}
    for path in PAGES:
        view.page.goto(path)
        width = view.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found[path] = violations(view) + ([f"{width} px too wide"] if width > 0 else [])
    assert not {path: problems for path, problems in found.items() if problems}


def test_a_page_of_features_has_a_map_and_leads_on(
    open_map: OpenMap, scene: dict[str, int]
) -> None:
    # Others' tests add water works: of the scene's three there are always two pages.
    names = "name IN ('双龙供水站','补抽水厂','同址水厂')"
    view = open_map("planner", f"/ogc/collections/water-works/items?limit=2&filter={names}")
    expect(view.page.locator("#ogc-map canvas").first).to_be_visible()
    expect(view.page.locator(".ogc-table tbody tr")).to_have_count(2)
    view.page.click("a[rel=next]")
    expect(view.page.locator(".ogc-table tbody tr")).to_have_count(1)
    view.page.click("a[rel=prev]")
    expect(view.page.locator(".ogc-table tbody tr")).to_have_count(2)
    view.page.fill("#filter", "name = '双龙供水站'")
    view.page.press("#filter", "Enter")
    view.page.click(".ogc-table tbody a")
    expect(view.page.locator("h1")).to_have_text("双龙供水站")
    expect(view.page.locator("#ogc-map canvas").first).to_be_visible()
    expect(view.page.locator(".ogc-map-failure")).to_have_count(0)
