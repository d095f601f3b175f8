"""The worker's side of packs: one task a pack, and one that clears away every night."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from layers.pulse import AlreadyUnderWay
from layers.turns import take_turn
from tiles.packs import expiry, jobs

AT = time(1, 40)
LOCK = "tiles.packs.nightly"


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
    return {"revived": expiry.revive(), "purged": expiry.purge()}


def next_night() -> datetime:
    now = timezone.localtime()
    return timezone.make_aware(datetime.combine(now.date() + timedelta(days=1), AT))


@transaction.atomic
def schedule_nightly(*, at_once: bool = False) -> bool:
    """Enqueue the task unless it waits already; returns whether it was enqueued."""
    take_turn(LOCK)
    waiting = DBTaskResult.objects.filter(
        task_path=nightly_packs.module_path, status=TaskResultStatus.READY
    )
    if waiting.exists():
        return False
    nightly_packs.using(run_after=None if at_once else next_night()).enqueue()
    return True
