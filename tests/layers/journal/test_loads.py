"""A bulk load is proven by a digest, and undone by entries."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from psycopg2 import sql

from layers.editing import bulk, loads
from layers.editing.removal import state_expression
from layers.editing.request import Outcome
from layers.editing.rows import state_of
from layers.history.as_of import relation_at
from layers.models import ChainLink, Changeset, Edit, Load, Toilet, User
from layers.models.feature import Feature
from layers.registry import LAYERS, layer_named
from tests.layers.history.test_as_of import assert_now_and_the_difference_are
from tests.layers.journal.conftest import findings

pytestmark = pytest.mark.django_db

TOILETS = layer_named("toilets")
Loader = Callable[..., Changeset]


def test_a_load_is_one_link_whatever_its_rows(load: Loader) -> None:
    changeset = load("A", "B", "C")
    proof = Load.objects.get()
    ids = list(Toilet.objects.order_by("id").values_list("id", flat=True))
    assert (proof.first_feature, proof.last_feature) == (ids[0], ids[-1])
    assert changeset.digest == hashlib.sha256(bytes(proof.blocks)).hexdigest()
    assert changeset.rows == 3
    assert list(ChainLink.objects.values_list("kind", "entry_id")) == [("load", proof.pk)]
    assert not Edit.objects.exists()


def test_blocks_are_the_digests_of_what_copy_writes(load: Loader, monkeypatch: Any) -> None:
    monkeypatch.setattr(loads, "BLOCK", 2)
    load("A", "B", "C")
    proof = Load.objects.get()
    assert proof.block == 2
    columns = ", ".join(proof.columns)
    blocks = b""
    with connection.cursor() as cursor:
        for low in (proof.first_feature, proof.first_feature + 2):
            cursor.execute(
                f"SELECT id, {columns} FROM layers_toilet WHERE id BETWEEN %s AND %s ORDER BY id",
                [low, low + 1],
            )
            lines = "".join("\t".join(map(_copied, row)) + "\n" for row in cursor.fetchall())
            blocks += hashlib.sha256(lines.encode()).digest()
    assert bytes(proof.blocks) == blocks
    assert findings() == []


def _copied(value: Any) -> str:
    """A value as COPY's text format writes it."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, memoryview):
        return "\\\\x" + bytes(value).hex()
    return str(value)


def test_the_digest_does_not_hang_on_the_sessions_settings(load: Loader) -> None:
    changeset = load("A", "B")
    with connection.cursor() as cursor:
        cursor.execute("SET extra_float_digits = -5; SET bytea_output = 'escape'")
        assert findings() == []
        cursor.execute("SELECT current_setting('extra_float_digits')")
        assert cursor.fetchone() == ("-5",)
        cursor.execute("RESET ALL")
    assert changeset.digest


def test_a_load_stays_proven_while_its_rows_live(scene: Any, edit: Callable[..., Outcome]) -> None:
    for _round in range(2):
        changed = Toilet.objects.get(code="LOADED-2")
        edit("toilets", "update", changed, code="ELSE-2", keeper="")
        edit("toilets", "delete", Toilet.objects.get(code="ELSE-2"))
        edit("toilets", "restore", changed, base_version=changed.version + 2)
        edit("toilets", "update", Toilet.objects.get(code="ELSE-2"), code="LOADED-2")
    connection.check_constraints()
    assert findings(full=True) == []


def test_features_made_between_the_rows_of_a_load_are_not_its_own(
    load: Loader, make_feature: Callable[..., Feature]
) -> None:
    """Ids come from one sequence: an edit can take one in the midst of a load's range."""
    load("A")
    between = make_feature("toilets")
    load("B")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM layers_load")
        cursor.execute("DELETE FROM layers_chain WHERE kind = 'load'")
        cursor.execute("SET session_replication_role = origin")
    first, last = Toilet.objects.order_by("id")[0].pk, Toilet.objects.order_by("-id")[0].pk
    assert first < between.pk < last
    columns = loads.journalled_columns(TOILETS.table)
    (before,) = loads.block_digests("toilets", TOILETS.table, columns, first, last, 10_000)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM layers_toilet WHERE id = %s", [between.pk])
        cursor.execute("SET session_replication_role = origin")
    (after,) = loads.block_digests("toilets", TOILETS.table, columns, first, last, 10_000)
    assert before == after


def test_an_undone_load_leaves_an_entry_a_row_and_keeps_what_was_edited(
    load: Loader, edit: Callable[..., Outcome], steward: User
) -> None:
    changeset = load("A", "B", "C", "D")
    a, b, c, _d = Toilet.objects.order_by("code")
    edit("toilets", "update", a, category="public")
    edit("toilets", "delete", b)
    state = state_of(TOILETS, c)
    undone = bulk.unload(actor=steward, layer=TOILETS, changeset=changeset)
    connection.check_constraints()
    assert (undone.removed, undone.kept) == (2, 1)
    assert (undone.changeset.undoes, undone.changeset.rows) == (changeset, 2)
    assert list(Toilet.objects.values_list("code", flat=True)) == ["A"]
    entry = Edit.objects.get(feature_id=c.pk)
    assert (entry.operation, entry.version, entry.new) == ("delete", 2, {})
    assert entry.old == state
    assert entry.changeset == undone.changeset
    assert findings(full=True) == []


def test_what_an_undone_load_took_can_be_restored_and_seen_in_the_past(
    load: Loader, edit: Callable[..., Outcome], steward: User
) -> None:
    changeset = load("A")
    loaded_at = Load.objects.get().loaded_at
    row = Toilet.objects.get()
    bulk.unload(actor=steward, layer=TOILETS, changeset=changeset)
    with connection.cursor() as cursor:
        statement = sql.SQL("SELECT code, version, created_at FROM {} AS past")
        cursor.execute(statement.format(relation_at(TOILETS, loaded_at)))
        assert cursor.fetchall() == [("A", 1, row.created_at)]
    for moment in (loaded_at, loaded_at - timedelta(days=1)):
        assert_now_and_the_difference_are(TOILETS, moment)
    edit("toilets", "restore", row)
    connection.check_constraints()
    assert state_of(TOILETS, Toilet.objects.get()) == state_of(TOILETS, row)
    assert findings() == []


def test_what_was_loaded_since_is_in_the_difference(
    load: Loader, make_feature: Callable[..., Feature], edit: Callable[..., Outcome]
) -> None:
    make_feature("toilets")
    before = timezone.now()
    load("A")
    load("B")
    edit("toilets", "update", Toilet.objects.get(code="B"), name="改名")
    for moment in (before, timezone.now(), before - timedelta(days=1)):
        assert_now_and_the_difference_are(TOILETS, moment)


@pytest.mark.parametrize("name", LAYERS)
def test_a_row_has_the_same_journal_form_in_sql_and_in_python(
    make_feature: Callable[..., Feature], name: str
) -> None:
    layer = layer_named(name)
    feature = make_feature(name)
    statement = sql.SQL("SELECT ({})::text FROM {} AS gone WHERE id = %s").format(
        state_expression(layer), sql.Identifier(layer.table)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [feature.pk])
        (found,) = cursor.fetchone()
    feature.refresh_from_db()
    assert json.loads(found) == state_of(layer, feature)


def test_a_load_of_nothing_needs_no_proof(load: Loader) -> None:
    changeset = load()
    assert (changeset.rows, changeset.digest) == (0, "")
    assert findings() == []
