"""Many new features at once: one changeset and COPY, in the caller's hands as one transaction."""

from collections.abc import Iterable, Sequence
from typing import IO

from django.db import connection, transaction
from psycopg2 import sql

from layers import signals
from layers.access import policy
from layers.access.roles import Action
from layers.editing.guard import declare_writer
from layers.editing.indexes import built_at_the_end
from layers.models.access import User
from layers.models.journal import Changeset
from layers.registry.specification import Layer

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
    """
    scope = policy.require_somewhere(actor, Action.IMPORT)
    declare_writer()
    statement = sql.SQL("COPY {table} ({columns}) FROM STDIN (FORMAT csv)").format(
        table=sql.Identifier(layer.table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
    )
    count = 0
    with built_at_the_end(layer, expected_rows), connection.cursor() as cursor:
        for chunk in chunks:
            cursor.copy_expert(statement.as_string(cursor.cursor), chunk, READ_BYTES)
            count += cursor.rowcount
    _refuse_outsiders(actor, scope, layer, changeset)
    Changeset.objects.filter(pk=changeset.pk).update(rows=count)
    signals.features_loaded.send(sender=layer.model, layer=layer, changeset=changeset)
    return count


def _refuse_outsiders(actor: User, scope: policy.Scope, layer: Layer, changeset: Changeset) -> None:
    if scope.everything:
        return
    outside = layer.rows.filter(changeset=changeset).exclude(scope.q()).first()
    if outside is not None:
        policy.require(actor, Action.IMPORT, outside.division_id)


@transaction.atomic
def unload(*, actor: User, layer: Layer, changeset: Changeset) -> int:
    """Undo a load as a whole: remove its rows that nobody has edited since. Returns the count.

    The removal is a changeset of its own, which names the load and counts the rows.
    """
    scope = policy.require_somewhere(actor, Action.IMPORT)
    declare_writer()
    count, _by_model = layer.rows.filter(scope.q(), changeset=changeset).delete()
    Changeset.objects.create(
        kind=changeset.kind,
        author=actor,
        layer=layer.name,
        reason=f"undo of changeset {changeset.pk}",
        rows=count,
        source_name=changeset.source_name,
        source_sha256=changeset.source_sha256,
    )
    return count
