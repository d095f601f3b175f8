"""axe-core finds nothing to complain about, on a desk and on a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.mapview import MapPage

AXE = (Path(__file__).parent / "vendor" / "axe.js").read_text()

OpenMap = Callable[..., MapPage]


def violations(view: MapPage) -> list[Any]:
    view.page.evaluate(AXE)
    found = view.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found["violations"]
    ]


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_sign_in_page_is_accessible(open_map: OpenMap, *, phone: bool) -> None:
    assert violations(open_map(None, "/login/?next=/map/", phone=phone)) == []


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_map_with_a_sheet_is_accessible(
    open_map: OpenMap, scene: dict[str, int], *, phone: bool
) -> None:
    view = open_map("planner", f"/map/roads/{scene['road']}", phone=phone)
    expect(view.page.locator("#map-sheet .sheet-title")).to_be_visible()
    view.settle()
    assert violations(view) == []


def test_the_edit_form_is_accessible(open_map: OpenMap, scene: dict[str, int]) -> None:
    view = open_map("planner", f"/map/roads/{scene['road']}")
    view.page.click("[data-action=edit]")
    expect(view.page.locator("[data-edit=save]")).to_be_visible()
    assert violations(view) == []


def test_a_dialog_is_accessible(open_map: OpenMap, scene: dict[str, int]) -> None:
    view = open_map("planner", f"/map/roads/{scene['road']}")
    view.page.click("[data-action=delete]")
    expect(view.page.locator("dialog.ask")).to_be_visible()
    assert violations(view) == []


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize(
    "path",
    [
        "/account/",
        "/account/password/",
        "/administration/",
        "/administration/?q=nobody-at-all",
        "/administration/unmaskings",
        "/administration/accounts/new",
    ],
)
def test_the_pages_of_accounts_are_accessible(open_map: OpenMap, path: str, *, phone: bool) -> None:
    assert violations(open_map("administrator", path, phone=phone)) == []


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_an_accounts_page_is_accessible(open_map: OpenMap, *, phone: bool) -> None:
    view = open_map("administrator", "/administration/?q=planner", phone=phone)
    view.page.locator(".admin-item a").first.click()
    view.page.locator(".grant-new summary").click()
    expect(view.page.locator(".place-choice").first).to_be_visible()
    assert violations(view) == []
