"""Accounts and grants in a real browser: by keyboard, on a desk and on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.mapview import MapPage
from tests.e2e.test_accessibility import violations

OpenMap = Callable[..., MapPage]


def choose_place(page: Page, text: str, name: str) -> None:
    """Search and choose with the keyboard alone: Enter in the search does not send the form."""
    search = page.get_by_role("searchbox", name="按名称或代码搜索区划、片区")
    search.fill(text)
    search.press("Enter")
    choice = page.get_by_role("radio", name=name)
    expect(choice).to_have_count(1)
    choice.focus()
    page.keyboard.press("Space")
    expect(choice).to_be_checked()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_an_account_is_created_granted_revoked_disabled(open_map: OpenMap, *, phone: bool) -> None:
    view = open_map("administrator", "/administration/", phone=phone)
    page = view.page
    page.get_by_role("link", name="新建账号").click()
    username = f"zhang-{'phone' if phone else 'desk'}"
    page.get_by_label("用户名", exact=True).fill(username)
    page.get_by_label("姓名").fill("张三")
    page.locator("#id_role").select_option("planner")
    choose_place(page, "凤凰", "凤凰县 433123000000")
    page.get_by_role("button", name="创建账号").click()
    expect(page.locator(".admin-secret code")).to_have_text(re.compile(r"^(\w{4}-){3}\w{4}$"))
    assert violations(view) == []

    page.get_by_text("授予角色", exact=True).click()
    page.locator("#id_role").select_option("viewer")
    choose_place(page, "433124110226", "花垣县 双龙镇 十八洞村 433124110226")
    page.get_by_role("button", name="授予", exact=True).click()
    expect(page.locator(".admin-saved")).to_be_visible()
    expect(page.locator(".grant-list").first).to_contain_text("查看员 花垣县 双龙镇 十八洞村")

    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="撤销: 规划员 凤凰县").click()
    expect(page.locator(".grant-list").nth(1)).to_contain_text("规划员 凤凰县")
    page.get_by_role("button", name="停用", exact=True).click()
    expect(page.locator(".admin-sub")).to_contain_text("已停用")
    journal = page.locator(".event-list")
    for act in ("创建账号", "授予角色", "撤销授权", "停用账号"):
        expect(journal).to_contain_text(act)

    page.goto("/administration/")
    page.get_by_role("searchbox", name="搜索").fill(username)
    expect(page.locator(".admin-item")).to_have_count(1)
    expect(page.locator(".admin-item")).to_contain_text("已停用")
    expect(page).to_have_url(re.compile(f"q={username}"))


def test_a_token_is_shown_once_and_revoked(open_map: OpenMap) -> None:
    page = open_map("colleague", "/account/").page
    page.get_by_label("用途").fill("QGIS")
    page.get_by_role("button", name="新建令牌").click()
    secret = page.locator(".admin-secret code").inner_text()
    assert re.fullmatch(r"xc_[\w-]{43}", secret)
    page.reload()
    expect(page.locator("#tokens")).to_contain_text(secret[:11])
    expect(page.locator("body")).not_to_contain_text(secret)
    headers = {"Authorization": f"Bearer {secret}"}
    assert page.request.get("/api/layers", headers=headers).status == 200
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="撤销: QGIS").click()
    expect(page.locator("#tokens")).to_contain_text("还没有令牌。")
    assert page.request.get("/api/layers", headers=headers).status == 401
