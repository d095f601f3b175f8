"""Looking at the map: layers, links, search, phones, and what each visitor may see."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.mapview import MapPage
from tests.e2e.scene import PLACES

OpenMap = Callable[..., MapPage]


def test_the_map_draws_the_layers_and_names_what_the_pointer_is_over(open_map: OpenMap) -> None:
    view = open_map("viewer")
    view.look_at(*PLACES["water"])
    assert "双龙供水站" in view.hover(*PLACES["water"])
    assert view.hover(109.4860, 28.5825) == ""


def test_the_legend_counts_what_is_in_view(open_map: OpenMap) -> None:
    view = open_map("viewer")
    view.look_at(*PLACES["water"], zoom=17, layers="water-works")
    in_view = view.page.locator("#legend tbody td:nth-child(2)")
    expect(in_view).to_have_text(["1", "0", "0", "0", "0"])


def test_colours_can_show_the_class_and_the_choice_is_in_the_address(open_map: OpenMap) -> None:
    view = open_map("viewer")
    view.settle()
    view.page.locator("input[name=colouring][value=class]").check(force=True)
    expect(view.page.locator("#legend .legend-classes").first).to_be_visible()
    assert view.page.evaluate("window.location.hash").endswith("/class")


def test_a_click_opens_the_sheet_and_back_closes_it(
    open_map: OpenMap, scene: dict[str, int]
) -> None:
    view = open_map("viewer")
    view.look_at(*PLACES["water"])
    view.click(*PLACES["water"])
    expect(view.page.locator("#map-sheet .sheet-title")).to_have_text("双龙供水站")
    assert f"/map/water-works/{scene['water']}" in view.page.url
    view.page.go_back()
    expect(view.page.locator("#map-sheet")).to_be_hidden()
    view.page.go_forward()
    expect(view.page.locator("#map-sheet .sheet-title")).to_have_text("双龙供水站")


def test_a_deep_link_opens_and_shows_its_feature(open_map: OpenMap, scene: dict[str, int]) -> None:
    view = open_map("viewer", f"/map/roads/{scene['road']}")
    expect(view.page.locator("#map-sheet .sheet-title")).to_have_text("十八洞旅游路")
    view.settle()
    assert view.zoom() > 12


def test_a_link_to_what_one_may_not_see_says_so(open_map: OpenMap) -> None:
    view = open_map("viewer", "/map/roads/999999")
    expect(view.page.locator("#map-sheet [role=alert]")).to_be_visible()


def test_several_features_under_one_click_are_offered_as_a_list(open_map: OpenMap) -> None:
    view = open_map("viewer")
    view.look_at(*PLACES["pair"])
    view.click(*PLACES["pair"])
    choices = view.page.locator("#map-sheet .choice-list button")
    expect(choices).to_have_count(2)
    choices.filter(has_text="同址广场").click()
    expect(view.page.locator("#map-sheet .sheet-title")).to_have_text("同址广场")


def test_search_works_from_the_keyboard_alone(open_map: OpenMap) -> None:
    view = open_map("viewer")
    view.settle()
    view.page.keyboard.press("/")
    view.page.keyboard.type("苗绣")
    expect(view.page.locator("#search-results [role=option]").first).to_contain_text("苗绣工坊")
    view.page.keyboard.press("ArrowDown")
    expect(view.page.locator("#search-result-0")).to_have_attribute("aria-selected", "true")
    view.page.keyboard.press("Enter")
    expect(view.page.locator("#map-sheet .sheet-title")).to_have_text("苗绣工坊")


def test_search_goes_to_coordinates_in_either_order(open_map: OpenMap) -> None:
    view = open_map("viewer")
    view.settle()
    view.page.fill("#search-input", "28.5800，109.4820")
    view.page.locator("#search-result-0").click()
    view.settle()
    x, y = view.pixel(109.4820, 28.5800)
    box = view.page.locator("#map").bounding_box()
    assert box
    assert abs(x - box["x"] - box["width"] / 2) < 30
    assert abs(y - box["y"] - box["height"] / 2) < 40


def test_the_view_comes_back_after_a_reload(open_map: OpenMap) -> None:
    view = open_map("viewer")
    view.look_at(109.60, 28.40, zoom=13.5)
    view.page.goto("/login/")
    view.page.goto("/map/")
    view.settle()
    assert abs(view.zoom() - 13.5) < 0.01


def test_a_zone_button_shows_the_zone(open_map: OpenMap) -> None:
    view = open_map("viewer")
    view.look_at(109.60, 28.40, zoom=15)
    view.page.click("[data-zone=wuling]")
    view.settle()
    assert 6 < view.zoom() < 9


def test_without_an_account_only_boundaries_and_zones_are_there(open_map: OpenMap) -> None:
    asked: list[str] = []
    view = open_map(None)
    view.page.on("request", lambda request: asked.append(request.url))
    view.look_at(*PLACES["water"], zoom=12)
    expect(view.page.locator("[data-zone=wuling]")).to_be_visible()
    expect(view.page.locator("[data-layer]")).to_have_count(0)
    expect(view.page.locator("#map-toolbar")).to_be_hidden()
    assert asked
    tiles = {url.split("/tiles/")[1].split("/")[0] for url in asked if "/tiles/" in url}
    assert tiles <= {"divisions", "zones"}


def test_a_viewer_sees_no_way_to_edit(open_map: OpenMap, scene: dict[str, int]) -> None:
    view = open_map("viewer", f"/map/water-works/{scene['water']}")
    expect(view.page.locator("#map-sheet .sheet-title")).to_be_visible()
    expect(view.page.locator("#map-toolbar")).to_be_hidden()
    for action in ("edit", "move", "delete"):
        expect(view.page.locator(f"[data-action={action}]")).to_have_count(0)


def test_failing_tiles_are_said_and_can_be_asked_for_again(open_map: OpenMap) -> None:
    view = open_map("viewer")
    view.settle()
    view.page.route("**/tiles/roads/**", lambda route: route.fulfill(status=500))
    view.look_at(109.60, 28.20, zoom=12)
    notice = view.page.locator("#map-notice")
    expect(notice).to_be_visible()
    view.page.unroute("**/tiles/roads/**")
    with view.page.expect_response("**/tiles/roads/**"):
        notice.locator("button").click()
    expect(notice).to_be_hidden()


def test_a_phone_shows_sheet_below_and_panel_on_demand(
    open_map: OpenMap, scene: dict[str, int]
) -> None:
    view = open_map("planner", f"/map/water-works/{scene['water']}", phone=True)
    sheet = view.page.locator("#map-sheet")
    expect(sheet.locator(".sheet-title")).to_have_text("双龙供水站")
    box = sheet.bounding_box()
    assert box
    assert box["width"] == 390
    assert box["y"] > 844 * 0.3
    view.page.click("#sheet-close")
    view.page.click("#map-panel-open")
    expect(view.page.locator("#layer-list [data-layer=roads]")).to_be_visible()
    assert view.page.evaluate("document.documentElement.scrollWidth") == 390


def test_touch_targets_on_a_phone_are_large_enough(open_map: OpenMap) -> None:
    view = open_map("planner", phone=True)
    view.settle()
    small = view.page.evaluate(
        """[...document.querySelectorAll('.map-stage button, .shell-header button')]
            .filter(node => node.offsetParent !== null)
            .filter(node => node.getBoundingClientRect().height < 44)
            .map(node => node.id || node.outerHTML.slice(0, 80))"""
    )
    assert small == []
