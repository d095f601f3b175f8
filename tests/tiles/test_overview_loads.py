"""Bulk loads, small ones and large ones, and what undoes them: the pyramid is the recount."""

import io
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from layers.editing import bulk, indexes
from layers.models import Changeset, User
from layers.registry import layer_named
from tests.conftest import IN_HUAYUAN
from tests.tiles.conftest import tile_over
from tiles.overview import watching
from tiles.overview.folding import fold

pytestmark = pytest.mark.django_db
TOILETS = layer_named("toilets")
COLUMNS = ["code", "division", "category", "toilet_type", "geom", "changeset_id"]


@pytest.fixture
def load(steward: User) -> Callable[..., Changeset]:
    """Loads toilets in chunks of two, some without a place; `large` as if they were thousands."""

    def make(count: int, *, prefix: str = "L", expected_rows: int = 0) -> Changeset:
        changeset = Changeset.objects.create(
            kind=Changeset.Kind.IMPORT, author=steward, layer="toilets"
        )
        rows = [
            f"{prefix}{number},433124000000,household,three_chamber,"
            + (f"SRID=4490;POINT(109.48{number} 28.57)" if number % 4 else "")
            + f",{changeset.pk}\n"
            for number in range(count)
        ]
        bulk.load(
            actor=steward,
            layer=TOILETS,
            changeset=changeset,
            columns=COLUMNS,
            chunks=[io.BytesIO("".join(rows[at : at + 2]).encode()) for at in range(0, count, 2)],
            expected_rows=expected_rows,
        )
        connection.check_constraints()
        return changeset

    return make


@pytest.fixture
def every_load_is_large(monkeypatch) -> None:
    monkeypatch.setattr(indexes, "SMALLEST_LOAD", 1)
    monkeypatch.setattr(indexes, "SHARE_OF_TABLE", 0.0)


def deltas() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tiles_cell_delta WHERE layer = 'toilets'")
        return cursor.fetchone()[0]


def triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'layers_toilet'::regclass")
        return {name for (name,) in cursor.fetchall()}


def test_a_small_load_is_counted_statement_by_statement(load, wrong_cells) -> None:
    load(9)
    assert wrong_cells() == []
    fold()
    assert wrong_cells() == []


def test_a_large_load_is_counted_once_at_its_end(
    load, make_feature, every_load_is_large, wrong_cells, monkeypatch
) -> None:
    make_feature("toilets", IN_HUAYUAN)
    fold()
    before = triggers()
    load(9, expected_rows=9)
    assert triggers() == before
    # Nothing was summed chunk by chunk, nor when the rows got their first due day.
    assert deltas() == len({tile_over(float(f"109.48{n}"), 28.57, 16) for n in range(9) if n % 4})
    assert TOILETS.rows.filter(code__startswith="L", upkeep_state="ok").count() == 9
    assert wrong_cells() == []
    make_feature("toilets", IN_HUAYUAN)
    assert wrong_cells() == []


def test_a_large_load_that_fails_leaves_table_and_triggers_as_they_were(
    load, every_load_is_large, wrong_cells, monkeypatch
) -> None:
    before = triggers()
    monkeypatch.setattr(bulk, "_prove", None)
    with pytest.raises(TypeError), transaction.atomic():
        load(4, expected_rows=4)
    assert (triggers(), deltas()) == (before, 0)
    assert wrong_cells() == []


def test_two_large_loads_in_one_transaction(load, every_load_is_large, wrong_cells) -> None:
    load(5, prefix="A", expected_rows=5)
    load(5, prefix="B", expected_rows=5)
    assert wrong_cells() == []


@pytest.mark.parametrize("large", [0, 9])
def test_a_load_that_is_undone(load, steward, every_load_is_large, wrong_cells, large) -> None:
    changeset = load(9, expected_rows=large)
    fold()
    assert bulk.unload(actor=steward, layer=TOILETS, changeset=changeset).removed == 9
    assert wrong_cells() == []
    fold()
    assert wrong_cells() == []


def test_a_watcher_hears_of_every_kind_of_write_again_after_a_large_load(
    load, make_feature, edit, every_load_is_large, wrong_cells
) -> None:
    load(3, expected_rows=3)
    one = make_feature("toilets")
    one.refresh_from_db()
    edit("toilets", "update", one, name="公厕")
    one.refresh_from_db()
    edit("toilets", "delete", one)
    assert wrong_cells() == []
    assert set(watching.TRIGGERS) <= triggers()
