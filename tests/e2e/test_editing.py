"""Changing the map as a planner: draw, move, edit, undo, conflicts, unsaved work."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.mapview import MapPage
from tests.e2e.scene import PLACES

OpenMap = Callable[..., MapPage]


def read(view: MapPage, layer: str, feature_id: int) -> dict[str, Any]:
    return view.page.request.get(f"/api/layers/{layer}/features/{feature_id}").json()


def start_drawing(view: MapPage, layer: str) -> None:
    view.page.click("#add-feature")
    view.page.click(f"[data-add={layer}]")
    expect(view.page.locator("#map-hint")).to_be_visible()


def opened(view: MapPage) -> int:
    """The id of the feature whose sheet is open after a save."""
    expect(view.page.locator("#map-sheet article.sheet")).to_be_visible()
    return int(view.page.url.split("#")[0].rsplit("/", 1)[1])


def test_a_drawn_point_is_saved_seen_undone_and_redone(open_map: OpenMap) -> None:
    at = (109.5250, 28.6150)
    view = open_map("planner")
    view.look_at(*at)
    start_drawing(view, "water-works")
    view.click(*at)
    view.page.fill("#field-name", "新建蓄水池")
    view.page.select_option("#field-kind", index=1)
    view.save()
    created = opened(view)
    record = read(view, "water-works", created)
    lon, lat = record["geometry"]["coordinates"]
    assert abs(lon - at[0]) < 0.0001
    assert abs(lat - at[1]) < 0.0001
    assert record["division"]["code"].startswith("433124")

    view.page.click("#sheet-close")
    view.settle()
    assert "新建蓄水池" in view.hover(*at)
    view.page.locator("#map").focus()
    view.page.keyboard.press("Control+z")
    expect(view.page.locator("[data-tool=redo]")).to_be_enabled()
    view.settle()
    assert view.hover(*at) == ""
    with view.page.expect_response("**/undo"):
        view.page.click("[data-tool=redo]")
    expect(view.page.locator("#map-sheet .sheet-title")).to_have_text("新建蓄水池")


def test_a_line_is_drawn_to_a_double_click_and_snaps_to_a_road(
    open_map: OpenMap, scene: dict[str, int]
) -> None:
    start, bend, road = (109.4700, 28.5650), (109.4750, 28.5660), PLACES["road"]
    view = open_map("planner")
    view.look_at(*road)
    start_drawing(view, "roads")
    # Snapping needs the neighbours, which are fetched when drawing starts.
    view.page.wait_for_selector("#map[data-snaps]")
    view.click(*start)
    view.click(*bend)
    x, y = view.pixel(*road)
    # Like a hand, in several steps: the first move after a click only ends that click.
    view.page.mouse.move(x + 5, y - 2, steps=5)
    view.page.mouse.dblclick(x + 5, y - 2)
    view.page.fill("#field-name", "连接线")
    view.page.select_option("#field-admin_class", "village")
    view.save()
    line = read(view, "roads", opened(view))["geometry"]["coordinates"][0]
    assert len(line) == 3
    # 5 px at zoom 15 are some 21 m; snapped it lies within a metre or two of the road's end.
    assert abs(line[-1][0] - road[0]) < 0.00003
    assert abs(line[-1][1] - road[1]) < 0.00003


def test_drawing_works_without_a_pointer(open_map: OpenMap) -> None:
    at = (109.5300, 28.6000)
    view = open_map("planner")
    view.look_at(*at)
    start_drawing(view, "assets")
    view.page.keyboard.press("Space")
    expect(view.page.locator("#field-position")).to_be_visible()
    position = view.page.locator("#field-position").input_value()
    lon, lat = (float(part) for part in position.split(","))
    assert abs(lon - at[0]) < 0.0001
    assert abs(lat - at[1]) < 0.0001
    view.page.keyboard.press("Escape")


def test_escape_ends_drawing_and_leaves_nothing(open_map: OpenMap) -> None:
    view = open_map("planner")
    view.look_at(109.5300, 28.6000)
    start_drawing(view, "roads")
    view.click(109.5290, 28.6000)
    view.page.keyboard.press("Escape")
    expect(view.page.locator("#map-hint")).to_be_hidden()
    expect(view.page.locator("#map-sheet")).to_be_hidden()


def test_a_dragged_point_is_moved_and_undo_brings_it_back(
    open_map: OpenMap, scene: dict[str, int]
) -> None:
    there = (109.4740, 28.5770)
    view = open_map("planner")
    view.look_at(*PLACES["asset"])
    view.click(*PLACES["asset"])
    view.page.click("[data-action=move]")
    view.settle()
    view.drag(PLACES["asset"], there)
    view.save()
    opened(view)
    lon, _lat = read(view, "assets", scene["asset"])["geometry"]["coordinates"]
    assert abs(lon - there[0]) < 0.0002
    with view.page.expect_response("**/undo"):
        view.page.click("[data-tool=undo]")
    lon, _lat = read(view, "assets", scene["asset"])["geometry"]["coordinates"]
    assert abs(lon - PLACES["asset"][0]) < 0.000001


def test_a_draft_is_undone_before_it_is_saved(open_map: OpenMap, scene: dict[str, int]) -> None:
    view = open_map("planner", f"/map/water-works/{scene['pair_water']}")
    view.page.click("[data-action=edit]")
    view.page.fill("#field-name", "改名")
    view.page.locator("#field-name").blur()
    view.page.click("[data-tool=undo]")
    expect(view.page.locator("#field-name")).to_have_value("同址水厂")
    view.page.click("[data-tool=redo]")
    expect(view.page.locator("#field-name")).to_have_value("改名")


def test_what_is_wrong_is_said_at_the_field(open_map: OpenMap, scene: dict[str, int]) -> None:
    view = open_map("planner", f"/map/water-works/{scene['pair_water']}")
    view.page.click("[data-action=edit]")
    taken = read(view, "water-works", scene["water"])["code"]
    view.page.fill("#field-code", taken)
    view.save()
    expect(view.page.locator("#problem-code")).to_be_visible()
    view.page.fill("#field-name", "")
    view.page.click("[data-edit=save]")
    expect(view.page.locator("#problem-name")).to_be_visible()


def test_two_who_change_the_same_field_choose_which_value_stands(
    open_map: OpenMap, scene: dict[str, int]
) -> None:
    path = f"/map/assets/{scene['pair_asset']}"
    mine, theirs = open_map("planner", path), open_map("colleague", path)
    for view, keeper in ((mine, "县农业农村局"), (theirs, "村民委员会")):
        view.page.click("[data-action=edit]")
        view.page.fill("#field-keeper", keeper)
    theirs.save()
    opened(theirs)
    mine.save()
    row = mine.page.locator("dialog tr[data-field=keeper]")
    expect(row).to_contain_text("—")
    expect(row).to_contain_text("村民委员会")
    expect(row).to_contain_text("县农业农村局")
    row.locator("input[value=mine]").check()
    with mine.page.expect_response("**/api/edits"):
        mine.page.click("dialog button[value=chosen]")
    opened(mine)
    record = read(mine, "assets", scene["pair_asset"])
    assert record["properties"]["keeper"] == "县农业农村局"


def test_unsaved_changes_are_asked_about(open_map: OpenMap, scene: dict[str, int]) -> None:
    view = open_map("planner", f"/map/roads/{scene['road']}")
    view.page.click("[data-action=edit]")
    view.page.fill("#field-name", "未保存")
    view.page.click("#sheet-close")
    dialog = view.page.locator("dialog.ask")
    expect(dialog).to_be_visible()
    dialog.locator("button[value='']").click()
    expect(view.page.locator("#field-name")).to_have_value("未保存")
    view.page.click("#sheet-close")
    dialog.locator("button[value=discard]").click()
    expect(view.page.locator("#map-sheet")).to_be_hidden()
    assert read(view, "roads", scene["road"])["name"] == "十八洞旅游路"


def test_nothing_typed_is_lost_while_the_network_is_down(
    open_map: OpenMap, scene: dict[str, int]
) -> None:
    view = open_map("planner", f"/map/roads/{scene['road']}")
    view.page.click("[data-action=edit]")
    view.page.fill("#field-keeper", "村委会")
    view.page.context.set_offline(True)
    view.page.click("[data-edit=save]")
    expect(view.page.locator(".edit-problem")).to_be_visible()
    view.page.context.set_offline(False)
    view.save()
    opened(view)
    assert read(view, "roads", scene["road"])["properties"]["keeper"] == "村委会"


def test_a_deletion_is_confirmed_and_can_be_undone(
    open_map: OpenMap, scene: dict[str, int]
) -> None:
    view = open_map("planner", f"/map/water-works/{scene['water']}")
    view.page.click("[data-action=delete]")
    with view.page.expect_response("**/api/edits"):
        view.page.click("dialog button[value=yes]")
    expect(view.page.locator("#map-sheet")).to_be_hidden()
    url = f"/api/layers/water-works/features/{scene['water']}"
    assert view.page.request.get(url).status == 404
    with view.page.expect_response("**/undo"):
        view.page.locator("#map-notice button").click()
    expect(view.page.locator("#map-sheet .sheet-title")).to_have_text("双龙供水站")
