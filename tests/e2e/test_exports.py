"""The page of exports in a real browser: by keyboard, on a desk and on a phone."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ROOT
from tests.e2e.mapview import MapPage
from tests.e2e.test_accessibility import violations

OpenMap = Callable[..., MapPage]


def work(environment: dict[str, str]) -> None:
    """A worker does what waits, and ends."""
    command = [sys.executable, "manage.py", "db_worker", "--queue-name", "*", "--batch"]
    subprocess.run([*command, "--no-reload"], cwd=ROOT, env=environment, check=True, timeout=60)


def choose_division(page: Page, text: str, name: str) -> None:
    """With the keyboard alone: Enter in the search does not send the form."""
    search = page.get_by_role("searchbox", name="按名称或代码搜索区划")
    with page.expect_response("**/exports/places?*place_search*"):
        search.fill(text)
    search.press("Enter")
    choice = page.get_by_role("radio", name=name)
    expect(choice).to_have_count(1)
    choice.focus()
    page.keyboard.press("Space")
    expect(choice).to_be_checked()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_layer_is_exported_and_downloaded(
    open_map: OpenMap, environment: dict[str, str], tmp_path: Path, *, phone: bool
) -> None:
    view = open_map("viewer", "/exports/", phone=phone)
    page = view.page
    page.get_by_label("图层", exact=True).select_option("roads")
    expect(page.locator("#export-format option[value=gpx]")).to_have_count(0)
    choose_division(page, "花垣", "花垣县 433124000000")
    page.get_by_label("格式").select_option("csv")
    page.get_by_label("坐标基准").select_option("EPSG:4545")
    assert violations(view) == []
    page.get_by_role("button", name="开始导出").click()
    line = page.locator(".export-lines > li").first
    expect(line).to_contain_text("农村公路")
    expect(line).to_contain_text("排队中")
    assert violations(view) == []
    work(environment)
    expect(line).to_contain_text("可下载")
    with page.expect_download() as started:
        line.get_by_role("link", name="下载").click()
    file = started.value
    assert file.suggested_filename.startswith("农村公路_花垣县_EPSG4545_")
    file.save_as(tmp_path / "a.csv")
    assert "十八洞旅游路" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert page.evaluate(overflow) is False
    line.get_by_role("button", name="删除").click()
    expect(page.locator(".export-lines > li")).to_have_count(0)


def test_personal_data_are_offered_only_where_they_may_be_seen(open_map: OpenMap) -> None:
    page = open_map("viewer", "/exports/?layer=toilets").page
    expect(page.locator("[name=personal]")).to_have_count(0)
    view = open_map("administrator", "/exports/?layer=toilets")
    expect(view.page.locator("[name=personal]")).to_have_count(1)
    expect(view.page.locator("#personal-warning")).to_be_visible()
    view.page.locator(".export-fields summary").click()
    assert violations(view) == []
    view.page.locator("[name=personal]").check()
    view.page.get_by_role("button", name="开始导出").click()
    expect(view.page.get_by_role("alert")).to_contain_text("理由")
    expect(view.page.locator("[name=personal]")).to_be_checked()


def test_a_template_is_downloaded(open_map: OpenMap) -> None:
    page = open_map("viewer", "/exports/").page
    with page.expect_download() as started:
        page.get_by_role("link", name="农村公路：中文模板").click()
    assert started.value.suggested_filename == "农村公路_模板.xlsx"
