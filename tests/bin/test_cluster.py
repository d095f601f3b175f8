"""A real cluster in a folder of its own: made, used, killed and recovered."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from setup import cluster, database, keys, machine, servers, state
from setup.cluster import Cluster
from setup.console import Failure, Step

pytestmark = pytest.mark.skipif(not servers.installed(), reason="no PostgreSQL with PostGIS here")


@pytest.fixture(scope="module")
def ours(open_folder) -> Iterator[Cluster]:
    place = state.opened(open_folder / "state")
    keys.ensure(place, Step("secrets"))
    # As an interrupted initdb would leave it.
    (place.root / "cluster.new").mkdir()
    (place.root / "cluster.new" / "half").touch()
    ours = cluster.chosen(place)
    start(ours)
    database.create(url(ours), Step("database"))
    yield ours
    if cluster.running(ours):
        cluster.stop(ours, Step("database server"))


def secrets(ours: Cluster) -> dict[str, str]:
    return keys.parse(ours.state.secrets.read_text())


def url(ours: Cluster) -> str:
    return cluster.url(ours, secrets(ours))


def start(ours: Cluster) -> None:
    cluster.ensure(ours, secrets(ours)["DATABASE_PASSWORD"], Step("database server"))


def ask(ours: Cluster, statement: str) -> str:
    code, rows, error = database.psql(url(ours), statement)
    assert code == 0, error
    return rows.strip()


def kill(ours: Cluster) -> None:
    for pid in machine.processes_in(ours.data):
        os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 5
    while machine.processes_in(ours.data) and time.monotonic() < until:
        time.sleep(0.05)


def test_it_is_made_with_checksums_utf8_and_our_settings(ours: Cluster) -> None:
    assert ask(ours, "SHOW data_checksums") == "on"
    assert ask(ours, "SHOW server_encoding") == "UTF8"
    assert ask(ours, "SELECT datcollate FROM pg_database WHERE datname = 'xiangcun'") == "C.UTF-8"
    assert ask(ours, "SHOW jit") == "off"
    assert ask(ours, "SHOW timezone") == "UTC"
    assert ask(ours, "SHOW fsync") == "on"
    assert not (ours.state.root / "cluster.new").exists()


def test_every_setting_that_is_written_is_in_force(ours: Cluster) -> None:
    wrong = "SELECT name FROM pg_file_settings WHERE NOT applied AND sourcefile LIKE '%/xiangcun.%'"
    assert ask(ours, wrong) == ""


def test_postgis_can_be_created_in_it(ours: Cluster) -> None:
    ask(ours, "CREATE EXTENSION IF NOT EXISTS postgis")
    assert ask(ours, "SELECT postgis_lib_version()") >= "3.3"


def test_its_socket_and_data_are_closed_to_others(ours: Cluster) -> None:
    for folder in (ours.data, ours.sockets):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_it_does_not_listen_on_the_network(ours: Cluster) -> None:
    assert ask(ours, "SHOW listen_addresses") == ""


def test_a_wrong_password_is_refused(ours: Cluster) -> None:
    wrong = url(ours).replace(secrets(ours)["DATABASE_PASSWORD"], "wrong")
    code, _, error = database.psql(wrong, "SELECT 1")
    assert code != 0
    assert "password" in error


def test_a_second_start_finds_it_running_and_leaves_it_alone(ours: Cluster) -> None:
    before = ask(ours, "SELECT pg_postmaster_start_time()")
    start(ours)
    assert ask(ours, "SELECT pg_postmaster_start_time()") == before


def test_committed_rows_survive_kill_9_of_every_server_process(ours: Cluster) -> None:
    ask(ours, "CREATE TABLE kept AS SELECT 42 AS answer")
    kill(ours)
    assert (ours.data / "postmaster.pid").exists()
    assert not cluster.running(ours)
    start(ours)
    assert ask(ours, "SELECT answer FROM kept") == "42"


def test_a_stale_pid_that_belongs_to_another_process_now_does_not_block_it(ours: Cluster) -> None:
    kill(ours)
    pid_file = ours.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    other = [sys.executable, "-c", "import time; time.sleep(60)"]
    # As on a machine that was started anew: the number is in use, by a process of our user's.
    become = {"user": ours.user, "group": ours.user} if ours.user else {}
    with subprocess.Popen(["/bin/sleep", "60"] if become else other, cwd="/", **become) as living:
        pid_file.write_text("\n".join([str(living.pid), *lines[1:]]) + "\n")
        start(ours)
        assert ask(ours, "SELECT 1") == "1"
        assert living.poll() is None
        living.kill()


def test_leftover_socket_files_do_not_block_it(ours: Cluster) -> None:
    cluster.stop(ours, Step("database server"))
    path = ours.sockets / ".s.PGSQL.5432"
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(path))
    (ours.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    start(ours)
    assert ask(ours, "SELECT 1") == "1"


def test_stopping_leaves_no_process_behind(ours: Cluster) -> None:
    assert machine.processes_in(ours.data)
    cluster.stop(ours, Step("database server"))
    assert not machine.processes_in(ours.data)
    start(ours)


def test_a_server_that_cannot_start_shows_its_own_log(ours: Cluster) -> None:
    cluster.stop(ours, Step("database server"))
    extra = ours.data / "conf.d" / "zz.conf"
    extra.write_text("shared_buffers = nonsense\n")
    ours.own(extra)
    try:
        with pytest.raises(Failure) as refused:
            start(ours)
        assert "nonsense" in refused.value.detail
    finally:
        extra.unlink()
        start(ours)


def test_data_of_a_version_that_is_not_installed_is_refused_with_a_way_out(open_folder) -> None:
    place = state.opened(open_folder / "older")
    (place.root / "cluster").mkdir()
    (place.root / "cluster" / "PG_VERSION").write_text("9\n")
    with pytest.raises(Failure) as refused:
        cluster.chosen(place)
    assert "PostgreSQL 9" in refused.value.cause
    assert "postgresql-9-postgis-3" in refused.value.remedy


def test_a_database_url_that_does_not_answer_is_refused_with_the_server_s_words() -> None:
    with pytest.raises(Failure) as refused:
        database.check("postgis://a:b@127.0.0.1:1/c", Step("database"))
    assert "DATABASE_URL" in refused.value.cause
    assert "refused" in refused.value.detail


def test_a_database_url_that_answers_is_told_with_its_postgis(ours: Cluster) -> None:
    step = Step("database")
    database.check(url(ours), step)
    assert "PostGIS 3." in step.result
