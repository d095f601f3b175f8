"""A plan over the live map: drawn into, looked at, left; the live data stay as they are."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.mapview import MapPage
from tests.e2e.scene import HUAYUAN, PLACES
from tests.e2e.test_accessibility import violations
from tests.e2e.test_editing import read, start_drawing
from tests.e2e.test_reshaping import send

OpenMap = Callable[..., MapPage]

FREE = (109.4760, 28.5840)


@pytest.fixture
def planning(open_map: OpenMap) -> Iterator[tuple[MapPage, int]]:
    """The planner on the map, in a new plan, and the plan's number."""
    view = open_map("planner")
    body = {"title": "双龙镇供水改造", "division": HUAYUAN}
    number = int(send(view, "/api/plans", body).json()["id"])
    view.page.goto(f"/map/?plan={number}")
    view.look_at(*PLACES["water"], zoom=14.5)
    expect(view.page.locator("#plan-banner a")).to_have_text("双龙镇供水改造")
    yield view, number
    send(view, f"/api/plans/{number}/withdraw", {})


def save_into_plan(view: MapPage) -> None:
    with view.page.expect_response("**/api/plans/*/edits") as answer:
        view.page.click("[data-edit=save]")
    assert answer.value.status == 201, answer.value.text()


def planned(view: MapPage, number: int) -> list[dict[str, Any]]:
    return view.page.request.get(f"/api/plans/{number}/features").json()["features"]


def draw_water_work(view: MapPage) -> None:
    start_drawing(view, "water-works")
    view.click(*FREE)
    view.page.fill("#field-name", "规划水厂")
    view.page.select_option("#field-kind", index=1)
    save_into_plan(view)
    expect(view.page.locator("[data-planned=created]")).to_be_visible()


def test_a_plan_is_started_from_the_toolbar_and_left_with_one_click(open_map: OpenMap) -> None:
    view = open_map("planner")
    view.look_at(*PLACES["water"], zoom=14.5)
    view.page.click("#plan-chooser")
    view.page.click("[data-plan=new]")
    expect(view.page.locator("#plan-division")).to_have_value(HUAYUAN)
    view.page.click("dialog button[value=start]")
    expect(view.page.locator("#plan-title")).to_be_focused()
    view.page.fill("#plan-title", "工具栏里的方案")
    view.page.click("dialog button[value=start]")
    banner = view.page.locator("#plan-banner")
    expect(banner).to_contain_text("工具栏里的方案")
    assert "plan=" in view.page.url
    view.page.click("[data-plan-tool=leave]")
    expect(banner).to_be_hidden()
    assert "plan=" not in view.page.url
    view.page.go_back()
    expect(banner).to_contain_text("工具栏里的方案")


def test_what_is_drawn_in_a_plan_stays_out_of_the_live_data_until_it_is_taken_out(
    planning: tuple[MapPage, int],
) -> None:
    view, number = planning
    draw_water_work(view)
    assert violations(view) == []
    (created,) = planned(view, number)
    assert created["properties"]["name"] == "规划水厂"
    found = view.page.request.get("/api/search?q=规划水厂").json()["results"]
    assert found == []
    view.page.click("#sheet-close")
    view.click(*FREE)
    with view.page.expect_response("**/api/plans/*/edits/*"):
        view.page.click("[data-plan-action=out]")
    expect(view.page.locator("#plan-banner [data-plan-tool=all]")).to_be_disabled()
    assert planned(view, number) == []


def test_a_move_in_a_plan_shows_before_and_after_and_undo_takes_it_out(
    planning: tuple[MapPage, int], scene: dict[str, int]
) -> None:
    view, number = planning
    view.click(*PLACES["water"])
    view.page.click("[data-action=move]")
    view.drag(PLACES["water"], FREE)
    save_into_plan(view)
    expect(view.page.locator("[data-planned=changed] table")).to_be_visible()
    expect(view.page.locator("#plan-legend [data-change=changed] .count")).to_have_text("1")
    lon, _lat = read(view, "water-works", scene["water"])["geometry"]["coordinates"]
    assert lon == pytest.approx(PLACES["water"][0])
    view.page.reload()
    view.settle()
    assert [each["properties"]["side"] for each in planned(view, number)] == ["before", "after"]
    view.click(*FREE)
    expect(view.page.locator("[data-planned=changed]")).to_be_visible()


def test_a_deletion_in_a_plan_is_undone_by_taking_it_out(
    planning: tuple[MapPage, int], scene: dict[str, int]
) -> None:
    view, number = planning
    view.click(*PLACES["water"])
    view.page.click("[data-action=delete]")
    view.page.click("dialog button[value=yes]")
    expect(view.page.locator("[data-planned=deleted]")).to_be_visible()
    assert read(view, "water-works", scene["water"])["version"] >= 1
    with view.page.expect_response("**/api/plans/*/edits/*"):
        view.page.click("[data-tool=undo]")
    expect(view.page.locator("#plan-legend [data-change=deleted] .count")).to_have_text("0")
    assert planned(view, number) == []


def test_a_colleague_sees_a_plan_over_the_map_and_cannot_change_it(
    planning: tuple[MapPage, int], open_map: OpenMap, scene: dict[str, int]
) -> None:
    view, number = planning
    record = read(view, "water-works", scene["water"])
    change = {
        "uid": str(uuid.uuid4()), "layer": "water-works", "operation": "delete",
        "feature_id": record["id"], "base_version": record["version"],
    }  # fmt: skip
    assert send(view, f"/api/plans/{number}/edits", {"edits": [change]}).ok
    other = open_map("colleague", f"/map/?plan={number}", phone=True)
    other.look_at(*PLACES["water"], zoom=14.5)
    expect(other.page.locator("#plan-legend [data-change=deleted] .count")).to_have_text("1")
    other.page.touchscreen.tap(*other.pixel(*PLACES["water"]))
    expect(other.page.locator("[data-planned=deleted]")).to_be_visible()
    expect(other.page.locator("[data-plan-action=out]")).to_have_count(0)
    expect(other.page.locator("#add-feature")).to_be_disabled()
    assert violations(other) == []


def test_what_is_only_planned_is_edited_on_within_the_plan(planning: tuple[MapPage, int]) -> None:
    view, number = planning
    draw_water_work(view)
    view.page.click("[data-plan-action=edit]")
    view.page.fill("#field-name", "规划水厂（二期）")
    save_into_plan(view)
    expect(view.page.locator("[data-planned=created] .sheet-title")).to_have_text(
        "规划水厂（二期）"
    )
    assert planned(view, number)[-1]["properties"]["name"] == "规划水厂（二期）"
