"""A real server on a database of its own, for real clients to talk to."""

import base64
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from django.db import connection

from tests.layers.ogc.clients.scene import PASSWORD
from tests.template import copy_template, drop

ROOT = Path(__file__).resolve().parents[4]
START_LIMIT_S = 40


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marked, so that the test database is made even where nothing else is run."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.django_db)


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
def environment(template: str, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """Of programs that work on a database of their own, which has the reference data."""
    name = f"{template}_clients_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with django_db_blocker.unblock():
        copy_template(template, name)
    yield {**os.environ, "DATABASE_URL": _address(name), "PROFILE": "development"}
    with django_db_blocker.unblock():
        drop(name)


@pytest.fixture(scope="session")
def scene(environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.layers.ogc.clients.scene"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        pytest.fail(f"The scene was not made:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="session")
def server(
    environment: dict[str, str], scene: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a running server, on loopback only."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
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
    found = log.read_text()
    assert "Internal Server Error" not in found, found[found.index("Internal Server") :][:8000]


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
def ogc(server: str) -> str:
    return f"{server}/ogc/"


def basic(name: str) -> dict[str, str]:
    pair = base64.b64encode(f"{name}:{PASSWORD}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}
