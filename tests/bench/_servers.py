"""Servers that a benchmark compares: ours and the peers', on loopback, on the same database."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from django.conf import settings

PROJECT = Path(__file__).resolve().parents[2]
LOCK = PROJECT / "requirements-peers.txt"
HOME = Path(os.environ.get("PEERS_HOME", PROJECT / "var" / "peers"))
LONGEST_START_S = 90


def peers_python() -> Path:
    """The peers' own Python environment, made on first use from the lock file."""
    python = HOME / "bin" / "python"
    done = HOME / "installed.txt"
    if not done.exists() or done.read_text() != LOCK.read_text():
        subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
        install = ["-m", "pip", "install", "-q", "--require-hashes", "-r", str(LOCK)]
        subprocess.run([str(python), *install], check=True)
        done.write_text(LOCK.read_text())
    return python


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(command: list[str], port: int, path: str, **environ: str) -> Iterator[str]:
    """Runs a server until the body ends; gives its address. Raises RuntimeError with its output."""
    log = HOME.with_name(f"bench-{port}.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env={**os.environ, **environ}, stdout=output, stderr=output, cwd=PROJECT
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, address + path, log)
        yield address
    finally:
        process.terminate()
        process.wait(20)
        log.unlink()


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + LONGEST_START_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=20):
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None:
                break
            time.sleep(0.3)
    raise RuntimeError(log.read_text(errors="replace")[-2000:])


@contextmanager
def ours(*, workers: int = 1, threads: int = 2, **environ: str) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--no-ws", "--workers", str(workers)]
    command += ["--blocking-threads", str(threads)]
    with server([*command, "gisapp.wsgi:application"], port, "/healthz", **environ) as address:
        yield address


@contextmanager
def titiler() -> Iterator[str]:
    """titiler.core, with the GDAL settings that its documentation recommends."""
    port = free_port()
    command = [str(peers_python()), "-m", "uvicorn", "tests.bench._titiler:app"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    more = {
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_CACHEMAX": "200",
        "GDAL_INGESTED_BYTES_AT_OPEN": "32768",
        "VSI_CACHE": "TRUE",
        "VSI_CACHE_SIZE": "5000000",
    }
    with server(command, port, "/healthz", **more) as address:
        yield address


@contextmanager
def tipg(table: str) -> Iterator[str]:
    """The items address of a table in tipg."""
    port = free_port()
    command = [str(peers_python()), "-m", "uvicorn", "tipg.main:app", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--log-level", "warning"]
    more = {
        "DATABASE_URL": url_with_host(),
        "TIPG_MAX_FEATURES_PER_QUERY": "10000",
        "TIPG_DB_ONLY_SPATIAL_TABLES": "TRUE",
    }
    with server(command, port, f"/collections/public.{table}", **more) as address:
        yield f"{address}/collections/public.{table}/items"


@contextmanager
def pygeoapi(table: str) -> Iterator[str]:
    """The items address of a table in pygeoapi, through its PostgreSQL provider."""
    port = free_port()
    config, openapi = HOME / "pygeoapi.yml", HOME / "openapi.yml"
    python = peers_python()
    config.write_text(json.dumps(_pygeoapi_config(table, port)))
    environ = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    generate = [str(HOME / "bin" / "pygeoapi"), "openapi", "generate", str(config)]
    subprocess.run(
        [*generate, "--output-file", str(openapi)],
        check=True,
        env={**os.environ, **environ},
        capture_output=True,
    )
    command = [str(python), "-m", "uvicorn", "pygeoapi.starlette_app:APP", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--log-level", "warning"]
    with server(command, port, f"/collections/{table}?f=json", **environ) as address:
        yield f"{address}/collections/{table}/items"


def libpq_url() -> str:
    database = settings.DATABASES["default"]
    host = str(database.get("HOST") or "")
    user, password = str(database.get("USER") or ""), str(database.get("PASSWORD") or "")
    port = str(database.get("PORT") or "5432")
    secret = f":{password}" if password else ""
    return f"postgresql://{user}{secret}@/{database['NAME']}?host={host}&port={port}"


def django_url() -> str:
    """The DATABASE_URL of the database that is in use, a scratch one too."""
    return libpq_url().replace("postgresql://", "postgis://", 1)


def url_with_host() -> str:
    """The same for those who insist on a host: a socket's folder in its place."""
    url = urlsplit(libpq_url())
    place = {key: values[0] for key, values in parse_qs(url.query).items()}
    return (
        f"postgresql://{url.netloc}{quote(place['host'], safe='')}{url.path}?port={place['port']}"
    )


def _pygeoapi_config(table: str, port: int) -> dict[str, object]:
    url = urlsplit(libpq_url())
    place = {key: values[0] for key, values in parse_qs(url.query).items()}
    words = {"en": table}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "language": "en-US",
            "limits": {"default_items": 10, "max_items": 10000},
            "map": {"url": "http://127.0.0.1/", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": words,
                "description": words,
                "keywords": {"en": [table]},
                "keywords_type": "theme",
                "terms_of_service": "none",
                "url": "http://127.0.0.1/",
            },
            "license": {"name": "none", "url": "http://127.0.0.1/"},
            "provider": {"name": "none", "url": "http://127.0.0.1/"},
            "contact": {"name": "none"},
        },
        "resources": {
            table: {
                "type": "collection",
                "title": words,
                "description": words,
                "keywords": {"en": [table]},
                "extents": {"spatial": {"bbox": [108, 24, 115, 31]}},
                "providers": [
                    {
                        "type": "feature",
                        "name": "PostgreSQL",
                        "data": {
                            "host": place["host"],
                            "port": place["port"],
                            "dbname": url.path.lstrip("/"),
                            "user": url.username or "",
                            "password": url.password or "",
                            "search_path": ["public"],
                        },
                        "id_field": "id",
                        "table": table,
                        "geom_field": "geom",
                    }
                ],
            }
        },
    }
