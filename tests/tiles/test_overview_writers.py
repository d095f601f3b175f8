"""Real connections at once: writers, a fold, readers, and processes that are killed."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import mapbox_vector_tile
import psycopg2
import pytest
from django.db import connection
from psycopg2 import sql

from layers.editing.upkeep import record_upkeeps
from layers.models import UpkeepState
from layers.registry import layer_named
from tests.conftest import IN_FENGHUANG, IN_HUAYUAN, place
from tests.tiles import interleaving
from tests.tiles.conftest import tile_over
from tests.tiles.together import Together
from tiles import serving
from tiles.coordinates import Tile
from tiles.overview import folding
from tiles.overview.building import rebuild
from tiles.overview.folding import FOLD, fold, fold_for_ever
from tiles.overview.sql_files import FOLD_LOCK

pytestmark = pytest.mark.django_db(transaction=True)
TOILETS = layer_named("toilets")
EDITS = 12
PAUSE_S = 0.005


@contextmanager
def another_connection() -> Iterator[Any]:
    """A connection of its own to the test's database."""
    own = psycopg2.connect(**connection.get_connection_params())
    try:
        yield own
    finally:
        own.close()


def test_while_two_write_and_two_fold_every_snapshot_is_the_recount(
    make_feature, edit, steward, wrong_cells
) -> None:
    mine, yours = make_feature("toilets", IN_HUAYUAN), make_feature("toilets", IN_FENGHUANG)
    done = threading.Event()
    writing = threading.Semaphore(0)

    def write(feature: Any) -> Callable[[], None]:
        def body() -> None:
            try:
                for number in range(EDITS):
                    feature.refresh_from_db()
                    at = (109.48 + number / 500, 28.57)
                    edit("toilets", "update", feature, geometry=place("toilets", *at))
                    make_feature("toilets", at)
            finally:
                writing.release()

        return body

    def fold_all_the_time() -> None:
        while not done.wait(PAUSE_S):
            fold()

    def look() -> None:
        try:
            for _writer in range(2):
                while not writing.acquire(timeout=PAUSE_S):
                    assert wrong_cells() == []
        finally:
            done.set()

    Together().run(write(mine), write(yours), fold_all_the_time, fold_all_the_time, look)
    fold()
    assert wrong_cells() == []
    body = serving.serve("toilets", Tile(0, 0, 0), steward).body
    assert len(mapbox_vector_tile.decode(body)["toilets"]["features"]) == 2 + 2 * EDITS


def test_no_read_after_a_commit_gets_a_tile_from_before_it(make_feature, edit, steward) -> None:
    feature = make_feature("toilets", IN_HUAYUAN)
    tile = tile_over(*IN_HUAYUAN, 14)
    stop = threading.Event()

    def edit_and_read() -> None:
        try:
            for number in range(2 * EDITS):
                tag = serving.serve("toilets", tile, steward).tag
                feature.refresh_from_db()
                edit("toilets", "update", feature, name=f"公厕{number}")
                after = serving.serve("toilets", tile, steward, {tag})
                assert after.body is not None
                assert f"公厕{number}".encode() in after.body
        finally:
            stop.set()

    def fold_all_the_time() -> None:
        while not stop.wait(PAUSE_S):
            fold()

    Together().run(edit_and_read, fold_all_the_time)


def test_of_a_hundred_thousand_reads_after_a_commit_none_gets_a_tile_from_before_it(
    steward, wrong_cells
) -> None:
    """Of edits, upkeep, loads, loads undone and rollbacks by two at once, with two folds."""
    found = interleaving.run(steward, writers=2, tiles=400, pairs=100_000)
    assert found.read >= 100_000
    assert found.recounted
    fold()
    assert wrong_cells() == []


@contextmanager
def open_write() -> Iterator[Any]:
    """Another connection whose transaction has changed every toilet, and has not ended."""
    with another_connection() as writer, writer.cursor() as cursor:
        cursor.execute("SELECT set_config('layers.writer', pg_current_xact_id()::text, true)")
        cursor.execute("UPDATE layers_toilet SET upkeep_state = 'defective'")
        yield writer


def end_backend(victim: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [victim.info.backend_pid])
        assert cursor.fetchone() == (True,)


def test_who_is_killed_before_the_commit_has_done_nothing(make_feature, wrong_cells) -> None:
    make_feature("toilets")
    with another_connection() as victim, victim.cursor() as cursor:
        cursor.execute(FOLD)
        assert cursor.fetchone() == (2,)
        end_backend(victim)
    assert wrong_cells() == []
    with open_write() as victim:
        end_backend(victim)
    assert fold() == 2
    assert wrong_cells() == []


def test_what_is_committed_after_a_fold_or_a_recount_began_keeps_its_delta(
    make_feature, wrong_cells
) -> None:
    make_feature("toilets")
    for state, carry in {"ok": fold, "none": recount}.items():
        record_upkeeps(
            TOILETS,
            dict.fromkeys(TOILETS.rows.values_list("pk", flat=True), (None, UpkeepState(state))),
        )
        with open_write() as late:
            carry()
            assert wrong_cells() == []
            late.commit()
        assert wrong_cells() == []
        assert fold() == 1
        assert wrong_cells() == []


def recount() -> int:
    return rebuild(layer=TOILETS.name, table=TOILETS.table)


@pytest.mark.parametrize("carry", [fold, recount])
def test_whoever_writes_cells_waits_for_whoever_does(make_feature, wrong_cells, carry) -> None:
    make_feature("toilets")
    with another_connection() as first, first.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT pg_advisory_xact_lock({})").format(FOLD_LOCK))
        cursor.execute(FOLD)

        def release() -> None:
            try:
                wait_until_somebody_waits()
            finally:
                first.commit()

        Together().run(carry, release)
    assert wrong_cells() == []


def wait_until_somebody_waits() -> None:
    waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"
    for _look in range(1000):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone() == (True,):
                return
        time.sleep(PAUSE_S)
    raise AssertionError("nobody waits for the fold's lock")


def test_the_endless_fold_survives_its_connection_and_ends_when_told(
    make_feature, wrong_cells, monkeypatch
) -> None:
    monkeypatch.setattr(folding, "EVERY_S", 0.01)
    monkeypatch.setattr(folding, "RETRY_S", 0.01)
    monkeypatch.setattr(folding, "VACUUM_AFTER", 1)
    stop, folded = threading.Event(), threading.Semaphore(0)
    real = folding.fold

    def killed_once() -> int:
        if not killed:
            killed.append(True)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        count = real()
        if count:
            folded.release()
        return count

    killed: list[bool] = []
    monkeypatch.setattr(folding, "fold", killed_once)
    make_feature("toilets")

    def watch() -> None:
        try:
            assert folded.acquire(timeout=20)
        finally:
            stop.set()

    Together().run(lambda: fold_for_ever(stop), watch)
    assert killed
    assert wrong_cells() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tiles_cell_delta")
        assert cursor.fetchone() == (0,)
