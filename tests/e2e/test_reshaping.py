"""Changing shapes as a planner: split, merge, move several; and what comes of conflicts."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import APIResponse, expect

from tests.conftest import ATTRIBUTES
from tests.e2e.mapview import MapPage
from tests.e2e.test_accessibility import violations
from tests.e2e.test_editing import opened, read, start_drawing

OpenMap = Callable[..., MapPage]
Position = tuple[float, float]

# West of what the other tests draw, in 花垣县.
WEST, MIDDLE, EAST = (109.3400, 28.5000), (109.3500, 28.5000), (109.3600, 28.5000)


def send(view: MapPage, path: str, body: dict[str, Any]) -> APIResponse:
    token = view.page.locator("meta[name=csrf-token]").get_attribute("content")
    headers = {"X-CSRFToken": token or "", "Referer": view.page.url}
    return view.page.request.post(path, data=body, headers=headers)


def edit(view: MapPage, layer: str, operation: str, **more: Any) -> dict[str, Any]:
    """An edit as another client of the same account sends it."""
    body = {"uid": str(uuid.uuid4()), "layer": layer, "operation": operation, **more}
    answer = send(view, "/api/edits", body)
    assert answer.ok, answer.text()
    return answer.json()


def road(view: MapPage, name: str, *line: Position) -> int:
    geometry = {"type": "LineString", "coordinates": line}
    properties = {**ATTRIBUTES["roads"], "name": name, "length_m": 1000}
    return edit(view, "roads", "create", geometry=geometry, properties=properties)["feature_id"]


def water(view: MapPage, name: str, at: Position) -> int:
    geometry = {"type": "Point", "coordinates": at}
    properties = {**ATTRIBUTES["water-works"], "name": name}
    created = edit(view, "water-works", "create", geometry=geometry, properties=properties)
    return created["feature_id"]


def remove(view: MapPage, layer: str, *ids: int) -> None:
    for each in ids:
        version = read(view, layer, each)["version"]
        edit(view, layer, "delete", feature_id=each, base_version=version)


def settled(view: MapPage, uid: str) -> str:
    return view.page.request.get(f"/api/conflicts/{uid}").json()["settlement"]


def test_a_road_is_cut_where_it_is_clicked_and_undo_makes_it_whole(open_map: OpenMap) -> None:
    view = open_map("planner")
    whole = road(view, "待分割路", WEST, EAST)
    view.page.goto(f"/map/roads/{whole}")
    view.look_at(*MIDDLE, zoom=16)
    view.page.click("[data-tool=split]")
    view.click(MIDDLE[0] - 0.00205, MIDDLE[1])
    pieces = view.page.locator(".piece-list li")
    expect(pieces).to_have_count(2)
    # A degree of longitude is 97.904 km on the ellipsoid here; a pixel is 2 m.
    expect(pieces.first).to_contain_text("1.18")
    expect(pieces.last).to_contain_text(re.compile("77[6-9]|780"))
    assert violations(view) == []
    with view.page.expect_response("**/api/edits") as answer:
        view.page.keyboard.press("Enter")
    assert answer.value.json()["outcome"] == "applied"
    opened(view)
    kept = read(view, "roads", whole)["geometry"]["coordinates"][0]
    assert kept[0] == pytest.approx([MIDDLE[0] - 0.00205, MIDDLE[1]], abs=0.0001)
    assert kept[-1] == pytest.approx(EAST)
    with view.page.expect_response("**/undo"):
        view.page.click("[data-tool=undo]")
    opened(view)
    restored = read(view, "roads", whole)
    assert restored["geometry"]["coordinates"] == [[list(WEST), list(EAST)]]
    assert float(restored["properties"]["length_m"]) == 1000
    remove(view, "roads", whole)


def test_a_line_drawn_across_cuts_and_one_beside_is_refused(open_map: OpenMap) -> None:
    view = open_map("planner")
    whole = road(view, "横切路", WEST, EAST)
    view.page.goto(f"/map/roads/{whole}")
    view.look_at(*MIDDLE)
    view.page.click("[data-tool=split]")
    for beside in ((109.3480, 28.5020), (109.3520, 28.5020)):
        view.click(*beside)
    view.page.keyboard.press("Enter")
    expect(view.page.locator("#map-notice")).to_be_visible()
    expect(view.page.locator(".piece-list")).to_have_count(0)
    for across in ((109.3520, 28.4980), (109.3520, 28.5020)):
        view.click(*across)
    view.page.keyboard.press("Enter")
    expect(view.page.locator(".piece-list li")).to_have_count(2)
    view.page.keyboard.press("Escape")
    expect(view.page.locator("#map-sheet article.sheet")).to_be_visible()
    assert read(view, "roads", whole)["version"] == 1
    remove(view, "roads", whole)


def test_a_point_cannot_be_split_and_the_button_says_so(
    open_map: OpenMap, scene: dict[str, int]
) -> None:
    view = open_map("planner", f"/map/assets/{scene['asset']}")
    expect(view.page.locator("#map-sheet article.sheet")).to_be_visible()
    split = view.page.locator("[data-tool=split]")
    expect(split).to_have_attribute("aria-disabled", "true")
    split.click(force=True)
    expect(view.page.locator("#map-notice")).to_contain_text("点不能分割")


def test_merged_roads_keep_the_chosen_record_and_undo_brings_both_back(open_map: OpenMap) -> None:
    view = open_map("planner")
    longer = road(view, "长段", WEST, MIDDLE)
    shorter = road(view, "短段", MIDDLE, (109.3550, 28.5000))
    view.look_at(*MIDDLE)
    view.page.click("[data-tool=merge]")
    view.page.keyboard.down("Shift")
    view.drag((109.3380, 28.5030), (109.3580, 28.4970))
    view.page.keyboard.up("Shift")
    rows = view.page.locator(".piece-list li")
    expect(rows).to_have_count(2)
    expect(view.page.locator("[data-merge='1']")).to_be_visible()
    expect(view.page.locator(f"input[name=merge-stays][value='{longer}']")).to_be_checked()
    assert violations(view) == []
    view.page.check(f"input[name=merge-stays][value='{shorter}']")
    view.save()
    assert opened(view) == shorter
    merged = read(view, "roads", shorter)
    assert merged["name"] == "短段"
    assert len(merged["geometry"]["coordinates"]) == 1
    assert float(merged["properties"]["length_m"]) == 2000
    assert view.page.request.get(f"/api/layers/roads/features/{longer}").status == 404
    with view.page.expect_response("**/undo"):
        view.page.click("[data-tool=undo]")
    opened(view)
    assert read(view, "roads", longer)["name"] == "长段"
    remove(view, "roads", longer, shorter)


def test_several_features_move_by_the_same_distance_at_once(open_map: OpenMap) -> None:
    view = open_map("planner")
    first, second = water(view, "甲站", WEST), water(view, "乙站", (109.3420, 28.5010))
    view.look_at(*WEST)
    view.page.click("[data-tool=several]")
    for at in (WEST, (109.3420, 28.5010)):
        view.click(*at)
        view.page.wait_for_timeout(300)
    expect(view.page.locator(".piece-list li")).to_have_count(2)
    view.page.fill("#move-0", "100")
    view.page.locator("#move-0").blur()
    with view.page.expect_response("**/api/changesets") as answer:
        view.page.click("[data-edit=save]")
    assert answer.value.ok
    for each, lon in ((first, WEST[0]), (second, 109.3420)):
        moved = read(view, "water-works", each)["geometry"]["coordinates"]
        assert moved[0] - lon == pytest.approx(0.1 / 97.904, abs=0.0000002)
    remove(view, "water-works", first, second)


def test_what_somebody_deleted_comes_back_with_my_changes(open_map: OpenMap) -> None:
    view = open_map("planner")
    gone = water(view, "被删水厂", WEST)
    view.page.goto(f"/map/water-works/{gone}")
    view.page.click("[data-action=edit]")
    view.page.fill("#field-name", "留下的水厂")
    remove(view, "water-works", gone)
    with view.page.expect_response("**/api/edits") as answer:
        view.page.click("[data-edit=save]")
    refused = answer.value.json()
    assert refused["deleted"]
    expect(view.page.locator("dialog.ask")).to_be_visible()
    assert violations(view) == []
    with view.page.expect_response("**/api/changesets"):
        view.page.click("dialog button[value=restore]")
    assert opened(view) == gone
    assert read(view, "water-works", gone)["name"] == "留下的水厂"
    assert settled(view, refused["uid"]) == "applied"
    remove(view, "water-works", gone)


def test_giving_way_to_theirs_closes_the_record(open_map: OpenMap) -> None:
    view = open_map("planner")
    disputed = water(view, "争议水厂", WEST)
    view.page.goto(f"/map/water-works/{disputed}")
    view.page.click("[data-action=edit]")
    view.page.fill("#field-name", "我的名字")
    edit(
        view, "water-works", "update",
        feature_id=disputed, base_version=1, properties={"name": "别人的名字"},
    )  # fmt: skip
    with view.page.expect_response("**/api/edits") as answer:
        view.page.click("[data-edit=save]")
    uid = answer.value.json()["uid"]
    assert settled(view, uid) == ""
    with view.page.expect_response("**/dismiss"):
        view.page.click("dialog button[value=theirs]")
    expect(view.page.locator("#map-sheet .sheet-title")).to_have_text("别人的名字")
    assert settled(view, uid) == "dismissed"
    remove(view, "water-works", disputed)


def test_a_new_road_follows_an_old_one_and_a_vertex_goes_by_the_delete_key(
    open_map: OpenMap,
) -> None:
    bends = [(109.3420, 28.5000), (109.3460, 28.5020), (109.3500, 28.5000), (109.3540, 28.5020)]
    view = open_map("planner")
    old = road(view, "老路", *bends)
    view.look_at(*MIDDLE)
    start_drawing(view, "roads")
    view.page.wait_for_selector("#map[data-snaps]:not([data-snaps='0'])")
    view.page.keyboard.press("t")
    view.click(*bends[0])
    for bend in bends[1:]:
        view.page.mouse.move(*view.pixel(*bend), steps=5)
    view.click(*bends[-1])
    view.page.keyboard.press("Enter")
    expect(view.page.locator("#field-name")).to_be_visible()
    view.page.mouse.move(*view.pixel(*bends[1]), steps=3)
    view.page.locator("#map").focus()
    view.page.keyboard.press("Delete")
    view.page.fill("#field-name", "新路")
    view.page.select_option("#field-admin_class", "village")
    view.save()
    new = opened(view)
    (line,) = read(view, "roads", new)["geometry"]["coordinates"]
    assert line == [pytest.approx(list(bends[each]), abs=1e-7) for each in (0, 2, 3)]
    remove(view, "roads", old, new)
