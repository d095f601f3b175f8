"""Decisions that depend on nothing but their arguments."""

import pytest
from setup import bench, database, environment, machine, packages, tuning
from setup.console import Failure
from setup.machine import Release
from setup.packages import Need

GIBIBYTE = 1024**3


@pytest.mark.parametrize(
    ("release", "package"),
    [
        (Release("debian", "12"), "postgresql-15-postgis-3"),
        (Release("debian", "13"), "postgresql-17-postgis-3"),
        (Release("debian", ""), "postgresql-postgis"),
        (Release("ubuntu", "24.04"), "postgresql-postgis"),
    ],
)
def test_each_release_gets_its_own_postgis_package(release: Release, package: str) -> None:
    names = packages.wanted(Need(server=True), release, has_server=False, has_venv=True)
    assert package in names
    assert "chromium" not in names


def test_a_database_elsewhere_needs_no_server_package() -> None:
    names = packages.wanted(
        Need(server=False), Release("debian", "12"), has_server=False, has_venv=True
    )
    assert not [name for name in names if "postgis" in name]


def test_a_server_that_is_there_is_used_whatever_its_package_is_called() -> None:
    names = packages.wanted(
        Need(server=True), Release("debian", "12"), has_server=True, has_venv=True
    )
    assert not [name for name in names if "postgis" in name]


def test_tests_ask_for_a_browser_and_chinese_fonts_and_a_bare_python_for_its_venv() -> None:
    need = Need(server=True, tests=True)
    names = packages.wanted(need, Release("debian", "12"), has_server=True, has_venv=False)
    assert {"chromium", "fonts-noto-cjk", "python3-venv"} <= set(names)


def test_os_release_is_read_with_and_without_quotes() -> None:
    text = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_ID="13"\nID=debian\n'
    assert machine.read_release(text) == Release("debian", "13")
    assert machine.read_release("ID=debian\n") == Release("debian", "")


def test_missing_packages_are_those_that_dpkg_does_not_know_as_installed() -> None:
    assert packages.missing(["dpkg", "no-such-package-anywhere"]) == ["no-such-package-anywhere"]


def test_a_container_limit_counts_as_the_memory() -> None:
    meminfo = "MemTotal:       16777216 kB\nMemFree: 1 kB\n"
    assert machine.memory_bytes(meminfo, []) == 16 * GIBIBYTE
    assert machine.memory_bytes(meminfo, ["max\n"]) == 16 * GIBIBYTE
    assert machine.memory_bytes(meminfo, [f"{2 * GIBIBYTE}\n"]) == 2 * GIBIBYTE


@pytest.mark.parametrize(
    ("gibibytes", "shared", "cache", "maintenance"),
    [
        (1, "256MB", "614MB", "64MB"),
        (8, "2048MB", "4915MB", "512MB"),
        (64, "4096MB", "39321MB", "512MB"),
    ],
)
def test_the_cluster_is_tuned_to_the_memory_within_bounds(
    gibibytes: int, shared: str, cache: str, maintenance: str
) -> None:
    values = tuning.settings(gibibytes * GIBIBYTE, "/run/x")
    assert values["shared_buffers"] == shared
    assert values["effective_cache_size"] == cache
    assert values["maintenance_work_mem"] == maintenance
    assert "fsync" not in values


def test_the_cluster_never_listens_on_the_network() -> None:
    assert tuning.settings(GIBIBYTE, "/run/x")["listen_addresses"] == "''"


def test_a_database_url_becomes_libpq_variables_with_its_escapes_undone() -> None:
    assert database.connection("postgis://ann:p%40ss@db.example:5433/gis") == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "ann",
        "PGPASSWORD": "p@ss",
        "PGDATABASE": "gis",
    }
    assert database.connection("postgis://ann:p@/gis?host=/run/x")["PGHOST"] == "/run/x"


def test_the_environment_of_another_lock_file_is_another_folder(tmp_path) -> None:
    from setup.state import State

    lock = tmp_path / "requirements.txt"
    lock.write_text("one")
    first = environment.folder(State(tmp_path), lock)
    lock.write_text("two")
    assert environment.folder(State(tmp_path), lock) != first


def test_an_environment_without_its_stamp_is_not_used(tmp_path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    assert not environment.usable(tmp_path)
    (tmp_path / environment.STAMP).touch()
    assert environment.usable(tmp_path)


def test_an_unknown_benchmark_is_refused_with_the_list_of_known_ones(tmp_path) -> None:
    folder = tmp_path / bench.FOLDER
    folder.mkdir(parents=True)
    for name in ("tiles.py", "editing.py", "_support.py", "__init__.py", "conftest.py"):
        (folder / name).touch()
    assert bench.chosen(tmp_path, []) == ["editing", "tiles"]
    assert bench.chosen(tmp_path, ["tiles"]) == ["tiles"]
    with pytest.raises(Failure) as refused:
        bench.chosen(tmp_path, ["rasters"])
    assert "editing tiles" in refused.value.remedy
