"""Offline packs on the page of exports, on a desk and on a phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pmtiles.reader import MemorySource, Reader

from tests.e2e.mapview import MapPage
from tests.e2e.test_accessibility import violations
from tests.e2e.test_exports import work

OpenMap = Callable[..., MapPage]


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_pack_is_estimated_made_and_downloaded(
    open_map: OpenMap, environment: dict[str, str], tmp_path: Path, *, phone: bool
) -> None:
    view = open_map("viewer", "/exports/", phone=phone)
    page = view.page
    panel = page.locator("#packs")
    panel.get_by_label("区划或示范区").fill("花垣县")
    panel.get_by_label("最高级别").select_option("9")
    panel.get_by_role("button", name="估算大小").click()
    expect(panel.locator("#pack-estimate")).to_contain_text("到第 9 级")
    assert violations(view) == []
    panel.get_by_role("button", name="制作离线包").click()
    line = panel.locator(".export-lines > li").first
    expect(line).to_contain_text("花垣县")
    expect(line).to_contain_text("排队中")
    work(environment)
    expect(line).to_contain_text("可下载")
    assert violations(view) == []
    with page.expect_download() as started:
        line.get_by_role("link", name="地图").click()
    started.value.save_as(tmp_path / "a.pmtiles")
    header = Reader(MemorySource((tmp_path / "a.pmtiles").read_bytes())).header()
    assert (header["min_zoom"], header["max_zoom"]) == (0, 9)
    overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert page.evaluate(overflow) is False
    line.get_by_role("button", name="删除").click()
    expect(panel.locator(".export-lines > li")).to_have_count(0)


def test_a_refused_form_keeps_what_was_sent(open_map: OpenMap) -> None:
    view = open_map("viewer", "/exports/")
    panel = view.page.locator("#packs")
    panel.get_by_label("区划或示范区").fill("凤凰县")
    panel.get_by_label("最高级别").select_option("10")
    panel.get_by_role("button", name="制作离线包").click()
    expect(view.page.get_by_role("alert")).to_be_visible()
    expect(view.page.get_by_label("区划或示范区")).to_have_value("凤凰县")
    expect(view.page.get_by_label("最高级别")).to_have_value("10")
    assert violations(view) == []
