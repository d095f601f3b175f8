"""Indexes that a large load drops are there again afterwards, and the table is as it was."""

import pytest
from django.db import connection, transaction

from layers.editing import indexes
from layers.editing.indexes import built_at_the_end, secondary_indexes, worth_rebuilding
from layers.registry import LAYERS

pytestmark = pytest.mark.django_db
TOILETS = LAYERS["toilets"]


def names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [TOILETS.table])
        return {name for (name,) in cursor.fetchall()}


def test_a_large_load_finds_no_index_but_the_primary_key_and_leaves_all() -> None:
    before, definitions = names(), secondary_indexes(TOILETS.table)
    with built_at_the_end(TOILETS, 10_000_000):
        assert names() == {"layers_toilet_pkey"}
    assert names() == before
    with built_at_the_end(TOILETS, 10_000_000):
        pass
    # Built again from its own description, an index is described the same for good.
    again = secondary_indexes(TOILETS.table)
    with built_at_the_end(TOILETS, 10_000_000):
        pass
    assert secondary_indexes(TOILETS.table) == again
    assert [index.name for index in again] == [index.name for index in definitions]


def test_a_failed_load_keeps_the_indexes() -> None:
    before = names()

    class Failed(Exception):
        pass

    with pytest.raises(Failed), transaction.atomic(), built_at_the_end(TOILETS, 10_000_000):
        raise Failed
    assert names() == before


def test_a_small_load_leaves_the_indexes_alone() -> None:
    before = names()
    with built_at_the_end(TOILETS, indexes.SMALLEST_LOAD - 1):
        assert names() == before


def test_a_load_is_small_beside_a_large_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "rows_in_pages", lambda _layer: 10_000_000)
    assert not worth_rebuilding(TOILETS, 400_000)
    assert worth_rebuilding(TOILETS, 600_000)


def test_memory_is_raised_for_the_transaction_only() -> None:
    def setting() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('maintenance_work_mem')")
            return str(cursor.fetchone()[0])

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '16MB'")
        with built_at_the_end(TOILETS, 10_000_000):
            pass
        assert setting() == "512MB"
