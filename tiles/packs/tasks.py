"""The worker's side of packs: one task a pack, and one that clears away every night."""

from datetime import time
from uuid import UUID

from django_tasks import task

from layers import nightly
from layers.orders.course import purge
from layers.pulse import AlreadyUnderWay
from tiles.models import Pack
from tiles.packs import jobs
from tiles.packs.revival import revive

AT = time(1, 40)


@task()
def make_pack(uid: str) -> str:
    try:
        jobs.run(UUID(uid))
    except AlreadyUnderWay:
        return "elsewhere"
    return "over"


@task()
def nightly_packs() -> dict[str, int]:
    """Clear away, and come again the next night, also when this night fails."""
    schedule_nightly()
    return {"revived": revive(), "purged": purge(Pack)}


def schedule_nightly(*, at_once: bool = False) -> bool:
    """Returns whether it was enqueued: not where it waits already."""
    return nightly.schedule(nightly_packs, AT, at_once=at_once)
