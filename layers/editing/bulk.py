"""Many new features at once: one changeset and COPY, in the caller's hands as one transaction.

The rows have no entry in the journal each; the changeset's digest proves them all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.db import connection, transaction
from psycopg2 import sql

from layers import signals
from layers.access import policy
from layers.access.roles import Action
from layers.editing import loads, removal
from layers.editing.guard import declared_load
from layers.editing.indexes import built_at_the_end
from layers.models.access import User
from layers.models.journal import Changeset
from layers.registry.specification import Layer
from layers.sql_files import packaged_sql
from layers.turns import take_turn

READ_BYTES = 1 << 18


@transaction.atomic
def load(
    *,
    actor: User,
    layer: Layer,
    changeset: Changeset,
    columns: Sequence[str],
    chunks: Iterable[IO[bytes]],
    expected_rows: int = 0,
) -> int:
    """COPY CSV chunks (UTF-8, no header, columns as named) into the layer; returns the row count.

    `columns` are table columns (`division`, `geom` as EWKB hex, ...); those left out take the
    table's defaults, `changeset_id` is filled in by the caller's CSV. The caller has validated the
    rows; every division must be inside the actor's import grants, which is checked here over the
    loaded rows, so that nothing lands outside them. All or nothing.

    A caller who knows that many rows come says so in `expected_rows`: for a large load the indexes
    are built at its end (layers.editing.indexes), which locks the table until then.

    Loads of one layer take turns, so that the ids of each are a range of their own. The changeset
    is proven at the end (layers.editing.loads) and cannot be changed from then on.
    """
    scope = policy.require_somewhere(actor, Action.IMPORT)
    take_turn(f"load {layer.name}")
    before = _last_id(layer)
    statement = sql.SQL("COPY {table} ({columns}) FROM STDIN (FORMAT csv)").format(
        table=sql.Identifier(layer.table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
    )
    count = 0
    with (
        built_at_the_end(layer, expected_rows),
        declared_load(changeset.pk),
        connection.cursor() as cursor,
    ):
        for chunk in chunks:
            cursor.copy_expert(statement.as_string(cursor.cursor), chunk, READ_BYTES)
            count += cursor.rowcount
        # Before the indexes are built: what hears it may write every row once more.
        signals.features_loaded.send(
            sender=layer.model, layer=layer, changeset=changeset, columns=columns
        )
    _refuse_outsiders(actor, scope, layer, changeset)
    _prove(layer, changeset, count, before)
    return count


def _refuse_outsiders(actor: User, scope: policy.Scope, layer: Layer, changeset: Changeset) -> None:
    if scope.everything:
        return
    outside = layer.rows.filter(changeset=changeset).exclude(scope.q()).first()
    if outside is not None:
        policy.require(actor, Action.IMPORT, outside.division_id)


def _last_id(layer: Layer) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(layer.table))
        )
        return int(cursor.fetchone()[0])


def _prove(layer: Layer, changeset: Changeset, count: int, before: int) -> None:
    """`before` is an id below all of the load's: its range is found without reading the table."""
    statement = sql.SQL(
        "SELECT min(id), max(id), min(created_at) FROM {} WHERE id > %s AND changeset_id = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.format(sql.Identifier(layer.table)), [before, changeset.pk])
        first, last, loaded_at = cursor.fetchone()
    if first is None:
        return
    loads.prove(
        layer=layer.name,
        table=layer.table,
        changeset=changeset,
        rows=count,
        first=first,
        last=last,
        loaded_at=loaded_at,
    )


@dataclass(frozen=True, slots=True)
class Unloading:
    """What became of a load's rows: those removed, and those kept because they were edited since.

    What had been removed one by one before is in neither.
    """

    changeset: Changeset
    removed: int
    kept: int


@transaction.atomic
def unload(
    *, actor: User, layer: Layer, changeset: Changeset, undoing: Changeset | None = None
) -> Unloading:
    """Undo a load as a whole: remove its rows that nobody has edited since, each with its entry.

    The removal is a changeset of its own, which names the load in `undoes`; or `undoing`, which
    takes back the load's edits, too.
    """
    scope = policy.require_somewhere(actor, Action.IMPORT)
    undoing = undoing or undoing_changeset(actor, layer, changeset)
    removed = removal.remove_rows(
        actor=actor,
        layer=layer,
        changeset=undoing,
        condition=sql.SQL("changeset_id = {} AND version = 1 AND {}").format(
            sql.Literal(changeset.pk), _inside(scope)
        ),
    )
    undoing.rows = undoing.edits.count()
    Changeset.objects.filter(pk=undoing.pk).update(rows=undoing.rows)
    return Unloading(undoing, removed, _edited_since(layer, changeset))


def undoing_changeset(actor: User, layer: Layer, changeset: Changeset) -> Changeset:
    return Changeset.objects.create(
        kind=changeset.kind,
        author=actor,
        layer=layer.name,
        reason=f"undo of changeset {changeset.pk}",
        source_name=changeset.source_name,
        source_sha256=changeset.source_sha256,
        undoes=changeset,
    )


def _inside(scope: policy.Scope) -> sql.Composable:
    condition, bounds = scope.sql("division")
    return sql.SQL(condition.replace("%s", "{}")).format(*map(sql.Literal, bounds))


def _edited_since(layer: Layer, changeset: Changeset) -> int:
    """How many of a load's rows stand and have entries: in its range, and made by no entry."""
    load = loads.load_of(changeset)
    if load is None:
        return 0
    statement = sql.SQL(packaged_sql("edited_since_load", loads.SQL))
    bound: dict[str, Any] = {
        "layer": layer.name,
        "first": load.first_feature,
        "last": load.last_feature,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement.format(table=sql.Identifier(layer.table)), bound)
        return int(cursor.fetchone()[0])
