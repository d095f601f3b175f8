"""Work in the background: reading deliveries, loading them, and removing old files at night."""

from datetime import time
from typing import Any
from uuid import UUID

from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from importers.deliveries import carrying, purging, reading, runs
from layers import nightly as every_night
from layers.pulse import AlreadyUnderWay

AT = time(2, 40)


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


def schedule_nightly(*, at_once: bool = False) -> bool:
    """Returns whether it was enqueued: not where it waits already."""
    return every_night.schedule(nightly, AT, at_once=at_once)
