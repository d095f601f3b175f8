"""Two people and a plan; a conflict, decided: in a real browser, in Chinese."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.mapview import MapPage
from tests.e2e.scene import PLACES
from tests.e2e.test_accessibility import violations

OpenMap = Callable[..., MapPage]


def post(page: Page, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What the map sends when somebody draws: this is about the pages after that."""
    token = page.locator("meta[name=csrf-token]").get_attribute("content") or ""
    answer = page.request.post(path, data=body, headers={"X-CSRFToken": token})
    return answer.json()


def edit(layer: str, feature: int, version: int, **more: Any) -> dict[str, Any]:
    return {
        "uid": str(uuid.uuid4()),
        "layer": layer,
        "operation": "update",
        "feature_id": feature,
        "base_version": version,
        "captured_at": datetime.now(UTC).isoformat(),
        **more,
    }


def version_of(page: Page, layer: str, feature: int) -> int:
    return int(page.request.get(f"/api/layers/{layer}/features/{feature}").json()["version"])


def moved(name: str, east: float) -> dict[str, Any]:
    lon, lat = PLACES[name]
    return {"type": "Point", "coordinates": [lon + east, lat]}


@pytest.fixture
def draft(open_map: OpenMap, scene: dict[str, int]) -> tuple[Page, str]:
    """A plan started on its page, with one edit as the map adds it."""
    page = open_map("planner", "/plans/new").page
    page.get_by_label("标题").fill("供水站改造")
    page.get_by_label("市州或区县").select_option("433124000000")
    expect(page.get_by_label("乡镇")).to_be_visible()
    page.get_by_role("button", name="创建方案").click()
    expect(page.locator("h1")).to_have_text("供水站改造")
    number = page.url.rstrip("/").rsplit("/", 1)[-1]
    version = version_of(page, "water-works", scene["water"])
    planned = edit(
        "water-works", scene["water"], version, properties={"people_served": 1860 + version}
    )
    post(page, f"/api/plans/{number}/edits", {"edits": [planned]})
    page.reload()
    return page, f"/plans/{number}/"


def test_a_plan_goes_from_draft_to_applied_by_two_people(
    open_map: OpenMap, draft: tuple[Page, str], scene: dict[str, int]
) -> None:
    author, _path = draft
    expect(author.locator(".edit-card")).to_contain_text("供水人口")
    author.get_by_role("button", name="提交审核").click()
    expect(author.locator(".plan-state")).to_have_text("审核中")

    review = open_map("reviewer", "/plans/").page
    review.locator(".desk-row", has_text="供水站改造").first.get_by_role("link").click()
    expect(review.locator("#minimap canvas").first).to_be_visible()
    review.locator("#comment-text").fill("请核对人数")
    review.get_by_role("button", name="发表意见").click()
    expect(review.locator(".discussion-list")).to_contain_text("请核对人数")
    review.get_by_label("审核意见").fill("同意实施")
    review.get_by_role("button", name="同意", exact=True).click()
    expect(review.locator(".plan-state")).to_have_text("已同意")

    author.reload()
    author.get_by_text("实施…").click()
    author.get_by_role("button", name="实施方案").click()
    expect(author.locator(".plan-state")).to_have_text("已实施")
    expect(author.locator(".discussion-list")).to_contain_text("同意实施")
    author.get_by_role("link", name="查看变更与撤销").click()
    author.get_by_text("全部撤销…").click()
    author.get_by_role("button", name="全部撤销", exact=True).click()
    expect(author.locator(".plan-state")).to_have_text("已撤销")


def test_a_conflict_is_decided_field_by_field_from_the_keyboard(
    open_map: OpenMap, scene: dict[str, int]
) -> None:
    feature = scene["asset"]
    theirs = open_map("colleague", "/plans/").page
    version = version_of(theirs, "assets", feature)
    away = {"name": f"苗绣工坊一馆{version}"}
    sent = edit("assets", feature, version, properties=away, geometry=moved("asset", 0.001))
    post(theirs, "/api/edits", sent)
    page = open_map("planner", "/plans/").page
    wanted = {"name": f"苗绣工坊二馆{version}"}
    late = edit("assets", feature, version, properties=wanted, geometry=moved("asset", -0.001))
    post(page, "/api/edits", late)

    page.goto("/conflicts/")
    page.locator(".desk-row", has_text="苗绣工坊一馆").get_by_role("link").click()
    expect(page.locator("#minimap canvas").first).to_be_visible()
    expect(page.locator("#sides-count")).to_contain_text("2")
    # The place: theirs. Down to the name, and right to mine.
    page.locator(".sides-row input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#sides-count")).to_have_text("")
    page.get_by_role("button", name="确定").click()
    expect(page.locator(".settled")).to_contain_text("苗绣工坊二馆")
    place = page.request.get(f"/api/layers/assets/features/{feature}").json()
    assert place["name"] == wanted["name"]
    assert place["geometry"]["coordinates"][0] == pytest.approx(PLACES["asset"][0] + 0.001)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_pages_are_accessible_and_fit_the_screen(
    open_map: OpenMap, draft: tuple[Page, str], scene: dict[str, int], *, phone: bool
) -> None:
    author, path = draft
    feature = scene["pair_water"]
    version = version_of(author, "water-works", feature)
    for place, name in ((0.0005, "甲"), (-0.0005, "乙")):
        sent = edit(
            "water-works",
            feature,
            version,
            properties={"name": f"同址水厂{name}{version}"},
            geometry=moved("pair", place),
        )
        conflict = post(author, "/api/edits", sent)["uid"]
    plan_edit = {"edits": [edit("water-works", feature, version, properties={"name": "丙"})]}
    post(author, f"/api{path}edits".replace("//", "/"), plan_edit)
    for user, address in (
        ("planner", "/plans/?tab=all"),
        ("planner", "/plans/new"),
        ("planner", path),
        ("reviewer", path),
        ("planner", "/conflicts/"),
        ("planner", f"/conflicts/{conflict}/"),
        ("planner", f"/map/water-works/{feature}/history"),
        ("viewer", f"/map/water-works/{feature}/history"),
    ):
        view = open_map(user, address, phone=phone)
        assert violations(view) == [], address
        assert view.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
