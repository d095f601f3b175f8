"""The worker's side of exports: one task an export, and one that clears away every night."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from importers.exporting.expiry import purge
from importers.exporting.jobs import run
from layers.turns import take_turn

AT = time(1, 10)
LOCK = "importers.exporting.nightly"


@task()
def run_export(uid: str) -> None:
    run(UUID(uid))


@task()
def purge_exports() -> int:
    """Clear away, and come again the next night, also when this night fails."""
    schedule_purge()
    return purge()


def next_night() -> datetime:
    now = timezone.localtime()
    return timezone.make_aware(datetime.combine(now.date() + timedelta(days=1), AT))


@transaction.atomic
def schedule_purge(*, at_once: bool = False) -> bool:
    """Enqueue the task unless it waits already; returns whether it was enqueued."""
    take_turn(LOCK)
    waiting = DBTaskResult.objects.filter(
        task_path=purge_exports.module_path, status=TaskResultStatus.READY
    )
    if waiting.exists():
        return False
    purge_exports.using(run_after=None if at_once else next_night()).enqueue()
    return True
