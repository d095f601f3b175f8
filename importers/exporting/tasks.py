"""The worker's side of exports: one task an export, and one that clears away every night."""

from datetime import time
from uuid import UUID

from django_tasks import task

from importers.exporting.jobs import run
from importers.exporting.silence import give_up_silent
from importers.models.export import Export
from layers import nightly
from layers.orders.course import purge

AT = time(1, 10)


@task()
def run_export(uid: str) -> None:
    run(UUID(uid))


@task()
def purge_exports() -> int:
    """Clear away, and come again the next night, also when this night fails."""
    schedule_purge()
    give_up_silent()
    return purge(Export)


def schedule_purge(*, at_once: bool = False) -> bool:
    """Returns whether it was enqueued: not where it waits already."""
    return nightly.schedule(purge_exports, AT, at_once=at_once)
