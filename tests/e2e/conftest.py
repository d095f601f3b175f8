"""A real server on a database of its own, and Debian's Chromium to look at it with.

The browser tests need committed rows; their own database keeps those away from every other test.
Database and server are started once for each test process: a package's would be ended and started
anew whenever another module's tests come in between. The browser is a package's, since Django
refuses to work while Playwright's event loop runs in the same thread.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.mapview import MapPage
from tests.e2e.scene import PASSWORD
from tests.template import copy_template, drop

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
START_LIMIT_S = 40


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


def _address(name: str) -> str:
    """The DATABASE_URL of another database on the server that the tests use."""
    known = connection.settings_dict
    user, password = quote(known["USER"] or ""), quote(known["PASSWORD"] or "")
    login = f"{user}:{password}@" if password else f"{user}@" if user else ""
    host = str(known["HOST"] or "")
    if host.startswith("/") or not host:
        return f"postgis://{login}/{quote(name)}" + (f"?host={host}" if host else "")
    port = f":{known['PORT']}" if known["PORT"] else ""
    return f"postgis://{login}{host}{port}/{quote(name)}"


@pytest.fixture(scope="session")
def database(template: str, django_db_blocker: Any) -> Iterator[str]:
    """The address of a database with the reference data, dropped at the end."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    name = f"{template}_e2e_{worker}"
    with django_db_blocker.unblock():
        copy_template(template, name)
    yield _address(name)
    with django_db_blocker.unblock():
        drop(name)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_alive(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{address}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"The server did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def environment(database: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": database, "PROFILE": "development"}


@pytest.fixture(scope="session")
def scene(environment: dict[str, str]) -> dict[str, int]:
    """Ids of the features that the tests look at, by name; see scene.py."""

    command = [sys.executable, "-m", "tests.e2e.scene"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        pytest.fail(f"{command} failed:\n{done.stderr}")
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="session")
def server(
    environment: dict[str, str],
    scene: dict[str, int],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address of a running server, on loopback only."""
    port = _free_port()
    log = tmp_path_factory.mktemp("server") / "log.txt"
    command = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", *command, "--blocking-threads", "4", "gisapp.wsgi:application"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_until_alive(address, running, log)
            yield address
        finally:
            running.terminate()
            running.wait(timeout=15)


@pytest.fixture(scope="package")
def browser(server: str) -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium is missing: apt-get install chromium, or leave out -m e2e")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def sessions(server: str) -> dict[str, Any]:
    """Cookies by account, so that each signs in through the page only once."""
    return {}


@pytest.fixture
def open_map(
    browser: Browser, server: str, sessions: dict[str, Any]
) -> Iterator[Callable[..., MapPage]]:
    """Opens an address as an account: `open_map("planner", "/map/", phone=True)`.

    Fails the test if the page threw an error or logged one.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(user: str | None, path: str = "/map/", *, phone: bool = False) -> MapPage:
        context = browser.new_context(
            base_url=server,
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            storage_state=sessions.get(user) if user else None,
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        if user and user not in sessions:
            sign_in(page, user)
            sessions[user] = context.storage_state()
            # The map's view was remembered on the way; each test starts afresh.
            page.evaluate("localStorage.clear()")
            sessions[user] = context.storage_state()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        return MapPage(page)

    yield make
    for context in contexts:
        context.close()
    assert errors == []


def sign_in(page: Page, user: str) -> None:
    page.goto("/login/")
    page.fill("#id_username", user)
    page.fill("#id_password", PASSWORD)
    page.click(".login-card button[type=submit]")
    page.wait_for_url("**/map/**")
