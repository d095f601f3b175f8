"""Work in the background: reading deliveries, loading them, and removing old files at night."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from importers.deliveries import carrying, purging, reading, runs
from layers.pulse import AlreadyUnderWay
from layers.turns import take_turn

AT = time(2, 40)
LOCK = "importers.nightly"


@task()
def read_delivery(uid: str) -> str:
    """Its new state."""
    try:
        return reading.read(UUID(uid))
    except AlreadyUnderWay:
        return "elsewhere"


@task()
def carry_out(uid: str) -> str:
    """The state of the run."""
    try:
        return carrying.carry_out(UUID(uid))
    except AlreadyUnderWay:
        return "elsewhere"


@task()
def nightly() -> dict[str, int]:
    """Remove files whose time is over, and start again what was left behind."""
    schedule_nightly()
    return {"purged": purging.purge_due(), "revived": runs.revive()}


def waits(one: Any, uid: UUID) -> bool:
    """Whether a task for this uid is still in the queue."""
    waiting = DBTaskResult.objects.filter(task_path=one.module_path, status=TaskResultStatus.READY)
    return waiting.filter(args_kwargs__args__0=str(uid)).exists()


def next_night() -> datetime:
    now = timezone.localtime()
    return timezone.make_aware(datetime.combine(now.date() + timedelta(days=1), AT))


@transaction.atomic
def schedule_nightly(*, at_once: bool = False) -> bool:
    """Enqueue the nightly task unless it waits already; returns whether it was enqueued."""
    take_turn(LOCK)
    waiting = DBTaskResult.objects.filter(
        task_path=nightly.module_path, status=TaskResultStatus.READY
    )
    if waiting.exists():
        return False
    nightly.using(run_after=None if at_once else next_night()).enqueue()
    return True
