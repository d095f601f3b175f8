"""An import in one transaction: told while it runs, stopped, broken, repeated, two at once."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from django.utils import translation

from importers.comparison.existing import Existing
from importers.loading import (
    AlreadyImported,
    Cancelled,
    RowsRejected,
    changeset_of,
    import_file,
    watch,
)
from importers.report import Phase
from layers.errors import Rejected
from layers.models import Changeset, Toilet, User
from tests.importers import files
from tests.importers.loading.conftest import TOILETS, at, boxed, interpretation_of, rows, table

ROOT = Path(__file__).resolve().parents[3]


def places(count):
    return [at(number) for number in range(1, count + 1)]


@pytest.fixture
def started(in_memory, tmp_path):
    """Imports of rows in threads of their own, all of them begun before any of them goes on."""

    def start(actor, *told, key=("code",), runs=()):
        together = threading.Barrier(len(told))
        results = [None] * len(told)

        def one(number):
            found = table(told[number], places(len(told[number])))

            def content():
                opened = boxed(found)

                def batches():
                    together.wait(30)
                    yield from opened.batches

                return replace(opened, batches=batches())

            path = in_memory(tmp_path / f"{number}.json", content)
            run = runs[number] if runs else None
            try:
                results[number] = import_file(
                    actor=actor,
                    layer=TOILETS,
                    path=path,
                    interpretation=interpretation_of(found, key),
                    run=run,
                )
            except Rejected as refusal:
                results[number] = refusal
            except AlreadyImported as refusal:
                results[number] = refusal
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=[number]) for number in range(len(told))]
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
        return results

    return start


@pytest.mark.django_db
def test_a_dry_run_reports_what_the_run_then_does(deliver, edit):
    deliver(rows(4, 管护="甲"))
    edit("toilets", "update", Toilet.objects.get(code="T-2"), keeper="乙")
    told = rows(6, 管护="丙")[1:]
    told.append({**told[0], "编号": "T-7", "类别": "3"})
    told[1] |= {"管护": "甲"}
    dry = deliver(told, dry_run=True, skip_rejected=True).as_json()
    assert not Toilet.objects.filter(code="T-5").exists()
    assert Changeset.objects.filter(kind="import").count() == 1
    wet = deliver(told, skip_rejected=True).as_json()
    counted = ("read", "new", "changed", "unchanged", "conflicting", "missing", "rejected")
    assert [wet[name] for name in counted] == [6, 2, 1, 1, 1, 1, 1]
    told_of = ("rejected_rows", "changed_rows", "conflicting_rows", "missing_rows", *counted)
    assert {name: dry[name] for name in told_of} == {name: wet[name] for name in told_of}
    assert dry["changeset"] is None
    assert wet["changeset"]


@pytest.mark.django_db
def test_batches_know_of_each_other(deliver):
    told = [*rows(5), *rows(1)]
    with pytest.raises(RowsRejected) as refusal:
        deliver(told, batch_rows=2)
    assert [each.number for each in refusal.value.report.rejected_rows] == [6]
    assert deliver(rows(5), batch_rows=2).new == 5
    assert deliver(rows(7), batch_rows=2).unchanged == 5


@pytest.mark.django_db
def test_an_import_that_has_no_end_is_cancelled_and_leaves_nothing(
    chief, in_memory, tmp_path, monkeypatch
):
    monkeypatch.setattr(watch, "INTERVAL", 0.05)
    seen = []

    def content():
        number = 0
        opened = boxed(table(rows(1), places(1)))

        def batches():
            nonlocal number
            while True:
                number += 1
                found = table([{**rows(1)[0], "编号": f"T-{number}"}], places(1))
                yield from found.to_batches()

        return replace(opened, batches=batches())

    with pytest.raises(Cancelled):
        import_file(
            actor=chief,
            layer=TOILETS,
            path=in_memory(tmp_path / "endless", content),
            interpretation=interpretation_of(table(rows(1), places(1))),
            progress=lambda report: seen.append((threading.current_thread(), report.read)),
            cancelled=lambda: bool(seen) and seen[-1][1] > 0,
        )
    assert seen[0][0] is not threading.current_thread()
    assert not Toilet.objects.exists()
    assert not Changeset.objects.exists()
    assert not [each for each in threading.enumerate() if each.name.startswith("import-")]


@pytest.mark.django_db
def test_who_is_told_of_progress_and_fails_stops_the_import(deliver):
    def progress(report):
        raise ValueError("no room on the page")

    with pytest.raises(ValueError, match="no room"):
        deliver(rows(1), progress=progress)
    assert not Toilet.objects.exists()


@pytest.mark.django_db
def test_what_is_told_last_is_the_end(deliver):
    told = []
    deliver(rows(3), progress=lambda report: told.append(report.progress()))
    assert told[-1]["phase"] == Phase.DONE
    assert (told[-1]["read"], told[-1]["total"], told[-1]["remaining"]) == (3, 3, 0)


@pytest.mark.django_db
def test_a_run_is_carried_out_once(deliver):
    run = uuid.uuid4()
    assert changeset_of(run) is None
    deliver(rows(2), run=run, dry_run=True)
    report = deliver(rows(2), run=run)
    with pytest.raises(AlreadyImported) as done:
        deliver(rows(2), run=run)
    assert done.value.changeset == report.changeset == changeset_of(run)
    assert Toilet.objects.count() == 2


@pytest.mark.django_db
def test_a_code_that_somebody_takes_in_between_refuses_the_file(deliver, monkeypatch):
    deliver(rows(1))
    monkeypatch.setattr(Existing, "holders", lambda *_asked: {})
    with translation.override("en"), pytest.raises(Rejected, match="refused the rows"):
        deliver(rows(2), key=())
    assert Toilet.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_take_turns_and_see_what_the_other_brought(started):
    chief = User.objects.create_user("chief", is_superuser=True)
    one, other = started(chief, rows(3), rows(4))
    assert sorted((each.new, each.unchanged) for each in (one, other)) in (
        [(1, 3), (3, 0)],
        [(0, 3), (4, 0)],
    )
    assert Toilet.objects.count() == 4
    results = started(chief, rows(5), rows(5), key=())
    assert all(isinstance(each, RowsRejected) for each in results)
    fresh = [{**row, "编号": f"N-{at}"} for at, row in enumerate(rows(2), start=1)]
    results = started(chief, fresh, fresh, key=())
    assert sorted(type(each).__name__ for each in results) == ["Report", "RowsRejected"]
    assert Toilet.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_the_same_run_twice_at_once_is_one(started):
    chief = User.objects.create_user("chief", is_superuser=True)
    run = uuid.uuid4()
    results = started(chief, rows(2), rows(2), runs=(run, run))
    assert sorted(type(each).__name__ for each in results) == ["AlreadyImported", "Report"]
    assert Changeset.objects.count() == 1


def command(path: Path) -> "subprocess.Popen[bytes]":
    """The command itself, on the test's database."""
    database = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@/{NAME}?host={HOST}&port={PORT}".format(**database)
    environment = {**os.environ, "DATABASE_URL": url}
    columns = [
        f"--map={name}={column}" for name, column in (("code", "编号"), ("category", "类别"))
    ]
    arguments = ["import_layer", "toilets", str(path), "--user=chief", "--key=code", *columns]
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *arguments, "--language=en"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def waiting_for_a_lock() -> list[int]:
    with connection.cursor() as cursor:
        # Within a transaction the view would not change.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def wait_until(holds) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_an_import_killed_when_its_rows_are_copied_leaves_nothing_and_runs_again(
    tmp_path, started, sign
):
    """It stands still before the edit of a row that somebody else has locked."""
    chief = User.objects.create_user("chief", is_superuser=True)
    told = rows(4, 村组="二组")
    started(chief, rows(1))
    path = files.geopackage(tmp_path / "2.gpkg", told, places(4))
    with transaction.atomic():
        list(Toilet.objects.select_for_update())
        running = command(path)
        wait_until(waiting_for_a_lock)
        [backend] = waiting_for_a_lock()
        running.send_signal(sign)
        output = running.communicate(timeout=60)
    wait_until(lambda: not _alive(backend))
    if sign is signal.SIGINT:
        assert running.returncode == 130
        assert b"nothing was written" in output[1]
    assert (Toilet.objects.count(), Changeset.objects.count()) == (1, 1)
    [report] = started(chief, told)
    assert (report.new, report.changed) == (3, 1)


def _alive(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = %s)", [pid])
        return bool(cursor.fetchone()[0])
