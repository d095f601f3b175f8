"""A file as a county sends it: dropped in, corrected, tried, loaded, seen, taken back."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from shapely import Point

from tests.e2e.conftest import ROOT
from tests.e2e.mapview import MapPage
from tests.e2e.test_accessibility import violations
from tests.importers import files
from tests.importers.rasters import files as rasters

OpenMap = Callable[..., MapPage]
UNDERSTANDS = 60_000
"""Milliseconds that a worker may need for a small file on a busy machine."""


@pytest.fixture(scope="module", autouse=True)
def worker(environment: dict[str, str], server: str) -> Iterator[None]:
    """Works off what the pages ask for."""
    arguments = ["db_worker", "--queue-name", "*", "--interval", "0.1", "--no-startup-delay"]
    running = subprocess.Popen(
        [sys.executable, "manage.py", *arguments, "--no-reload"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield
    running.terminate()
    running.wait(timeout=15)


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """GBK without .cpg, plane ordinates without .prj, a word nobody knows, a row that cannot be."""
    rows = [
        {**files.SITE, "安置点名称": f"安置点{number}", "安置方式": word, "安置户数": households}
        for number, word, households in ((1, "城镇安置", 10), (2, "农村安置", 20), (3, "进城", -1))
    ]
    places = [Point(37_351_000 + number * 400, 3_162_000) for number in range(3)]
    parts = files.shapefile(tmp_path / "parts", rows, places, without=("cpg", "prj"))
    return files.zipped(parts, tmp_path / "花垣县安置点.zip")


def upload(page: Page, *paths: Path, subject: str = "resettlement-sites") -> None:
    page.get_by_label("数据类别").select_option(subject)
    page.get_by_label("所属地区").select_option("433124000000")
    page.set_input_files("#upload-files", [str(path) for path in paths])
    page.get_by_role("button", name="上传", exact=True).click()
    page.wait_for_url("**/imports/*-*/")


def saved(page: Page, act: Callable[[], Any]) -> None:
    with page.expect_response("**/corrections"):
        act()
    expect(page.locator("#saved")).to_have_text("已保存")


def test_a_messy_file_comes_onto_the_map_and_is_taken_back(open_map: OpenMap, messy: Path) -> None:
    page = open_map("steward", "/imports/").page
    upload(page, messy)
    expect(page.locator("#understood")).to_contain_text("GB18030", timeout=UNDERSTANDS)
    expect(page.get_by_role("button", name="试运行")).to_be_disabled()
    expect(page.locator("#load")).to_contain_text("个问题待确认")

    saved(page, lambda: page.get_by_label("CGCS2000 3 度带第 37 带").check())
    expect(page.locator("#places-told")).to_contain_text("3 行位置正常")
    expect(page.locator("#places-map canvas").first).to_be_visible()
    saved(page, lambda: page.get_by_label("进城").select_option(label="城镇安置"))
    page.get_by_role("button", name="试运行").click()
    expect(page.locator("#result")).to_contain_text("试运行结果", timeout=UNDERSTANDS)
    expect(page.locator(".imp-count-new dd")).to_have_text("2")
    expect(page.locator(".imp-count-rejected dd")).to_have_text("1")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载退回表").click()
    assert download.value.suggested_filename == "花垣县安置点-退回.xlsx"

    page.get_by_label("退回有问题的行，其余照常载入").check()
    page.get_by_role("button", name="载入", exact=True).click()
    expect(page.locator(".plan-state")).to_have_text("已载入", timeout=UNDERSTANDS)
    page.get_by_role("link", name="在地图上查看").click()
    view = MapPage(page)
    view.settle()
    assert page.evaluate("location.hash").split("/")[3] == "resettlement-sites"

    page.go_back()
    page.get_by_text("全部撤回…").click()
    page.get_by_role("button", name="全部撤回", exact=True).click()
    expect(page.locator(".plan-state")).to_have_text("已撤销", timeout=UNDERSTANDS)
    expect(page.locator("#result")).to_contain_text("删除 2 行")


def test_a_raster_comes_onto_the_map_and_is_taken_off(open_map: OpenMap, tmp_path: Path) -> None:
    """Heights without a datum: asked for, shown where they would be, converted in the box."""
    path = rasters.raster(tmp_path / "heights.tif", rasters.slope().astype("float32"), crs=None)
    view = open_map("steward", "/imports/")
    page = view.page
    upload(page, path, subject="rasters")
    expect(page.locator("#understood")).to_contain_text("200 × 200", timeout=UNDERSTANDS)
    expect(page.get_by_role("button", name="载入地图")).to_be_disabled()
    assert violations(view) == []
    page.get_by_role("button", name="CGCS2000 经纬度").click()
    expect(page.locator("#places-told")).to_contain_text("109.4500°")
    # The run must not start from what was said before the title was changed.
    page.get_by_label("地图上的标题").fill("花垣县高程")
    page.get_by_role("button", name="载入地图").click()
    expect(page.locator(".plan-state")).to_have_text("已载入", timeout=UNDERSTANDS)
    expect(page.locator("#title")).to_have_value("花垣县高程")
    assert violations(view) == []
    page.get_by_text("从地图上移除…").click()
    page.get_by_role("button", name="从地图上移除", exact=True).click()
    expect(page.locator(".plan-state")).to_have_text("已撤销", timeout=UNDERSTANDS)
    expect(page.locator("#result")).to_contain_text("文件已删除")


def test_an_upload_goes_on_where_it_broke_off(open_map: OpenMap, tmp_path: Path) -> None:
    """The line breaks after the first piece; the page is loaded again, the same file chosen."""
    path = tmp_path / "大文件.geojson"
    path.write_bytes(b'{"type": "FeatureCollection", "features": []}'.ljust(3 << 20))
    page = open_map("steward", "/imports/").page
    sent: list[str] = []
    page.on("request", lambda each: sent.append(each.url) if each.method == "PUT" else None)
    page.route("**/files/1?offset=1048576", lambda route: route.abort())
    page.get_by_label("数据类别").select_option("resettlement-sites")
    page.get_by_label("所属地区").select_option("433124000000")
    page.set_input_files("#upload-files", str(path))
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.locator("#upload-problem")).to_contain_text("自动继续")
    page.get_by_role("button", name="暂停").click()
    expect(page.get_by_role("button", name="继续")).to_be_visible()
    page.unroute("**/files/1?offset=1048576")
    sent.clear()
    page.reload()
    upload(page, path)
    assert sent[0].endswith("offset=1048576")


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_pages_are_accessible_and_fit_the_screen(
    open_map: OpenMap, messy: Path, *, phone: bool
) -> None:
    view = open_map("steward", "/imports/", phone=phone)
    upload(view.page, messy)
    address = view.page.url
    expect(view.page.locator("#understood")).to_be_visible(timeout=UNDERSTANDS)
    for path in ("/imports/", "/imports/?layer=roads", address):
        view.page.goto(path)
        view.page.wait_for_load_state("networkidle")
        assert violations(view) == [], path
        assert view.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_who_may_not_import_finds_no_entry_and_no_page(open_map: OpenMap) -> None:
    page = open_map("viewer", "/map/").page
    expect(page.get_by_role("link", name="数据导入")).to_have_count(0)
    assert page.goto("/imports/").status == 403
