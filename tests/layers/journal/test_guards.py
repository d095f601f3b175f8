"""The database lets no row and its journal part, whoever asks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from layers.editing.guard import declare_writer, declared_load
from layers.editing.loads import NOT_JOURNALLED, journalled_columns
from layers.editing.rows import journalled_names
from layers.editing.upkeep import record_upkeep
from layers.models import Changeset, Submission, User
from layers.models.feature import Feature, UpkeepState
from layers.registry import LAYERS, layer_named

pytestmark = pytest.mark.django_db


def attempted(statement: str, *values: Any) -> str:
    """What the database says at commit to a writer who has declared itself."""
    connection.check_constraints()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            declare_writer()
            cursor.execute(statement, values)
            connection.check_constraints()
    except DatabaseError as refusal:
        return str(refusal).splitlines()[0]
    return ""


@pytest.fixture
def toilet(make_feature: Callable[..., Feature]) -> Feature:
    return make_feature("toilets")


def test_a_row_without_an_entry_is_refused() -> None:
    refusal = attempted(
        "INSERT INTO layers_toilet (code, division, changeset_id) VALUES ('X', '433124000000', 1)"
    )
    assert "has no entry in the journal" in refusal


def test_a_change_without_an_entry_is_refused(toilet: Feature) -> None:
    changed = "UPDATE layers_toilet SET keeper = 'x', version = version + 1 WHERE id = %s"
    assert "has no entry" in attempted(changed, toilet.pk)
    unversioned = "UPDATE layers_toilet SET keeper = 'x' WHERE id = %s"
    assert "changed without a new version" in attempted(unversioned, toilet.pk)
    moved = "UPDATE layers_toilet SET geom = ST_Translate(geom, 1e-9, 0) WHERE id = %s"
    assert "changed without a new version" in attempted(moved, toilet.pk)


@pytest.mark.parametrize("column", ["id", "created_at", "updated_at", "changeset_id", "version"])
def test_what_a_row_says_of_its_edit_does_not_change_alone(toilet: Feature, column: str) -> None:
    value = "now() - interval '1 year'" if column.endswith("_at") else f"{column} + 1000"
    statement = f"UPDATE layers_toilet SET {column} = {value} WHERE id = %s"
    assert "no entry" in attempted(statement, toilet.pk) or "without a new version" in attempted(
        statement, toilet.pk
    )


def test_a_removal_without_an_entry_is_refused(toilet: Feature) -> None:
    assert "delete of row" in attempted("DELETE FROM layers_toilet WHERE id = %s", toilet.pk)


def test_a_write_that_changes_nothing_or_upkeep_alone_passes(toilet: Feature) -> None:
    assert not attempted("UPDATE layers_toilet SET name = name WHERE id = %s", toilet.pk)
    layer = layer_named("toilets")
    record_upkeep(layer=layer, feature_id=toilet.pk, due_on=None, state=UpkeepState.OVERDUE)
    connection.check_constraints()


def test_a_declared_load_covers_its_own_rows_only(steward: User) -> None:
    changeset = Changeset.objects.create(kind=Changeset.Kind.IMPORT, author=steward)
    insert = "INSERT INTO layers_toilet (code, division, changeset_id) VALUES (%s, %s, %s)"
    division = "433124000000"
    with declared_load(changeset.pk), connection.cursor() as cursor:
        cursor.execute(insert, ["A", division, changeset.pk])
        connection.check_constraints()
    declared = "SELECT set_config('layers.load', %s, true); "
    other = (str(changeset.pk), "B", division, changeset.pk + 1)
    assert "no entry" in attempted(declared + insert, *other)
    assert "no entry" in attempted(insert, "C", division, changeset.pk)


@pytest.mark.parametrize(
    "table",
    [
        *(layer.table for layer in LAYERS.values()),
        "layers_edit",
        "layers_unmasking",
        "layers_chain",
        "layers_load",
        "layers_submission",
        "layers_changeset",
    ],
)
def test_no_table_of_the_journal_is_emptied(table: str) -> None:
    assert "is never emptied" in attempted(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    "table", ["layers_edit", "layers_unmasking", "layers_chain", "layers_load"]
)
def test_the_journal_is_append_only(scene: Any, table: str) -> None:
    column = "position" if table == "layers_chain" else "id"
    assert "append-only" in attempted(f"UPDATE {table} SET {column} = {column}")
    assert "append-only" in attempted(f"DELETE FROM {table}")


def test_no_link_is_made_by_hand() -> None:
    assert "journal's triggers only" in attempted(
        "INSERT INTO layers_chain (position, kind, entry_id, digest, hash)"
        " VALUES (999, 'edit', 1, '', '')"
    )


@pytest.mark.parametrize(
    "change",
    ["digest = ''", "rows = 1", "source_sha256 = 'x'", "author_id = NULL", "reason = 'x'"],
)
def test_a_proven_load_says_the_same_for_good(load: Callable[..., Changeset], change: str) -> None:
    changeset = load("A", "B")
    statement = f"UPDATE layers_changeset SET {change} WHERE id = %s"
    assert "is proven and cannot be changed" in attempted(statement, changeset.pk)


def test_who_edited_and_why_is_said_for_good(toilet: Feature) -> None:
    connection.check_constraints()
    statement = "UPDATE layers_changeset SET reason = 'x' WHERE id = %s"
    assert "is proven and cannot be changed" in attempted(statement, toilet.changeset_id)


def test_a_submission_is_kept_and_settled_once(steward: User) -> None:
    submission = Submission.objects.create(
        uid="00000000-0000-4000-8000-000000000001",
        kind=Submission.Kind.HELD,
        layer="toilets",
        operation="update",
        request={},
        author=steward,
    )
    settle = "UPDATE layers_submission SET settlement = %s WHERE id = %s"
    assert not attempted(settle, "dismissed", submission.pk)
    assert "is settled" in attempted(settle, "applied", submission.pk)
    assert "append-only" in attempted("DELETE FROM layers_submission")


def test_every_column_is_either_journalled_or_known_not_to_be() -> None:
    """A column that a migration adds must come under guard: SELECT layers_guard_table(…)."""
    for layer in LAYERS.values():
        assert set(journalled_columns(layer.table)) == set(journalled_names(layer))
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT attname FROM pg_trigger, unnest(tgattr) AS number
                JOIN pg_attribute ON attnum = number
                WHERE tgname = 'journalled_update' AND tgrelid = %s::regclass
                    AND attrelid = tgrelid
                """,
                [layer.table],
            )
            guarded = {name for (name,) in cursor.fetchall()}
        wanted = {*journalled_names(layer), *NOT_JOURNALLED} - {"upkeep_state", "upkeep_due_on"}
        assert guarded == wanted
