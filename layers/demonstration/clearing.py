"""Removes the demonstration data, and nothing else."""

from django.db import transaction
from psycopg2 import sql

from layers.demonstration.accounts import seeder
from layers.demonstration.contributors import contributors
from layers.demonstration.seeding import SEAT_SOURCE
from layers.editing.removal import remove_rows
from layers.models.access import User
from layers.models.division import Division
from layers.models.journal import Changeset
from layers.registry import LAYERS, Layer


def demonstration_there() -> bool:
    return Division.objects.filter(seat_source=SEAT_SOURCE).exists() or any(
        layer.rows.filter(demonstration=True).exists() for layer in LAYERS.values()
    )


@transaction.atomic
def clear() -> dict[str, int]:
    """Returns the number of rows removed by kind.

    Changesets stay, and each removal adds one: the journal says what was there and that it went.
    Accounts stay too; people may have worked with them.
    """
    actor = seeder()
    removed: dict[str, int] = {}
    for contributor in reversed(contributors()):
        removed.update(contributor.clear(actor))
    for layer in LAYERS.values():
        removed[layer.name] = _remove(actor, layer)
    removed["seats"] = Division.objects.filter(seat_source=SEAT_SOURCE).update(
        seat=None, seat_source=""
    )
    return removed


def _remove(actor: User, layer: Layer) -> int:
    if not layer.rows.filter(demonstration=True).exists():
        return 0
    changeset = Changeset.objects.create(
        kind=Changeset.Kind.DEMONSTRATION,
        reason="清除演示数据",
        author=actor,
        layer=layer.name,
        source_name="seed_demo --clear",
    )
    count = remove_rows(
        actor=actor, layer=layer, changeset=changeset, condition=sql.SQL("demonstration")
    )
    Changeset.objects.filter(pk=changeset.pk).update(rows=count)
    return count
