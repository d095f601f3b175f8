"""The container files and the operator's documents say what the code does, and nothing else."""

import os
import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import resolve
from setup import tuning

from gisapp import environment as service_environment

from .conftest import PROJECT

COMPOSE = (PROJECT / "docker-compose.yml").read_text()
DOCKERFILE = (PROJECT / "bin" / "docker" / "Dockerfile").read_text()
CADDYFILE = (PROJECT / "bin" / "docker" / "Caddyfile").read_text()
OPERATION = (PROJECT / "docs" / "operation.md").read_text()
EXAMPLE = (PROJECT / "docs" / "environment.example").read_text()

# Read by the database's and the proxy's own images, or by the tests and the shell.
OTHERS = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS"}
COMPOSE_ONLY = {"SITE_HOST", "DATABASE_PASSWORD"}


class Recorder(dict[str, str]):
    """An environment that remembers which names it was asked for."""

    asked: set[str]

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.asked = set()

    def get(self, name, default=None):  # type: ignore[override]
        self.asked.add(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return super().__getitem__(name)


@pytest.fixture
def settings_names(monkeypatch) -> set[str]:
    """Every variable that the service's settings read."""
    recorder = Recorder({"PROFILE": "development"})
    monkeypatch.setattr(os, "environ", recorder)
    service_environment.read_environment(PROJECT)
    monkeypatch.undo()
    return recorder.asked


def setup_names() -> set[str]:
    """Every variable that bin/setup reads, its own way of asking for numbers included."""
    asked = r"""environ(?:\.get\(|\[)"([A-Z][A-Z_]+)"(?!\] = )|_number\("([A-Z_]+)\""""
    text = "".join(path.read_text() for path in (PROJECT / "bin" / "setup").glob("*.py"))
    launcher = (PROJECT / "bin" / "setup" / "launch").read_text()
    found = {name for pair in re.findall(asked, text) for name in pair if name}
    return found | set(re.findall(r"\$\{([A-Z]+):-", launcher))


def example_names() -> set[str]:
    return set(re.findall(r"^#([A-Z][A-Z_]+)=", EXAMPLE, re.M))


def compose_environment() -> set[str]:
    """Names under every `environment:` of docker-compose.yml."""
    blocks = re.findall(r"^( +)environment:.*\n((?:\1  .+\n)+)", COMPOSE, re.M)
    return {name for _, block in blocks for name in re.findall(r"^ +([A-Z][A-Z_]+): ", block, re.M)}


def test_the_example_environment_names_exactly_what_is_read(settings_names: set[str]) -> None:
    read = settings_names | setup_names() | COMPOSE_ONLY | {"CHROMIUM"}
    assert example_names() == read


def test_the_example_environment_sets_nothing_by_itself() -> None:
    assert [line for line in EXAMPLE.splitlines() if line and not line.startswith("#")] == []


def test_containers_are_given_only_what_the_settings_read(settings_names: set[str]) -> None:
    given = compose_environment()
    assert {"DATABASE_URL", "SECRET_KEY", "FIELD_KEY", "POSTGRES_PASSWORD"} <= given
    assert given - OTHERS - {"SITE_HOST"} - set(tuning.ALLOCATION) <= settings_names


def test_both_databases_keep_their_memory_between_tiles() -> None:
    given = dict(re.findall(r'^ +(MALLOC_[A-Z_]+): "(\d+)"', COMPOSE, re.M))
    assert given == tuning.ALLOCATION


def test_every_variable_that_compose_takes_from_outside_is_explained() -> None:
    taken = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE + CADDYFILE))
    assert taken <= example_names()


def test_secrets_have_no_default_in_compose() -> None:
    for name in ("SECRET_KEY", "FIELD_KEY", "DATABASE_PASSWORD", "SITE_HOST"):
        uses = re.findall(rf"\$\{{{name}(.)", COMPOSE)
        assert uses
        assert set(uses) == {":"}, f"{name} must be required wherever it is used"
        assert f"${{{name}:-" not in COMPOSE


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_the_probes_lead_to_views(path: str) -> None:
    assert resolve(path).func
    assert path in COMPOSE + CADDYFILE
    assert path in OPERATION


def test_no_other_path_is_probed() -> None:
    probed = set(re.findall(r"http://localhost:\d+(/\w+)", COMPOSE))
    assert probed == {"/healthz", "/readyz"}


def test_only_the_proxy_publishes_ports() -> None:
    services = re.split(r"^  (?=\w+:$)", COMPOSE.split("\nservices:\n")[1], flags=re.M)
    publishing = [text.split(":")[0] for text in services if re.search(r"^    ports:", text, re.M)]
    assert publishing == ["proxy"]


def test_web_proxy_and_health_check_agree_on_the_port() -> None:
    served = re.search(r'"--port", "(\d+)"', DOCKERFILE)
    assert served
    assert f"reverse_proxy web:{served[1]}" in CADDYFILE
    assert f"http://localhost:{served[1]}/readyz" in COMPOSE


def test_the_proxy_hides_what_is_for_the_operator_only() -> None:
    hidden = re.search(r"@inside path (.+)\n\s*respond @inside 404", CADDYFILE)
    assert hidden
    assert hidden[1].split() == ["/metrics", "/readyz"]


def commands_in(text: str) -> set[str]:
    """Management commands that a text runs or tells a reader to run."""
    return set(re.findall(r"""(?:manage\.py"?,?|bin/manage)\s+"?([a-z_]+)""", text))


@pytest.mark.parametrize(
    "path",
    ["docker-compose.yml", "bin/docker/Dockerfile", "docs/operation.md", "bin/setup/cluster.py"],
)
def test_every_management_command_that_is_named_exists(path: str) -> None:
    named = commands_in((PROJECT / path).read_text())
    assert named
    assert named <= set(get_commands())


def test_every_management_command_that_set_up_runs_exists() -> None:
    text = "".join(path.read_text() for path in (PROJECT / "bin" / "setup").glob("*.py"))
    named = set(re.findall(r'_?manage\((?:ready, current, )?\s*"([a-z_]+)"', text))
    assert {"migrate", "load_reference", "seed_demo", "demo_accounts", "db_worker"} <= named
    assert named <= set(get_commands())


def test_links_of_the_operator_s_guide_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", OPERATION):
        assert (PROJECT / "docs" / Path(target)).exists(), target


def test_files_that_containers_mount_and_build_from_exist() -> None:
    for target in re.findall(r"(bin/docker/\w+)", COMPOSE):
        assert (PROJECT / target).exists(), target
