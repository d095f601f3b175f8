"""The nightly reckoning: due days come closer, and nobody has to look for the state to follow."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from gisapp.maintenance.reckoning import let_time_pass
from layers.turns import take_turn

AT = time(0, 10)
LOCK = "maintenance.nightly"


@task()
def nightly() -> dict[str, int]:
    """Let time pass, and come again the next night, also when this night fails."""
    schedule_nightly()
    return let_time_pass()


def next_night() -> datetime:
    now = timezone.localtime()
    return timezone.make_aware(datetime.combine(now.date() + timedelta(days=1), AT))


@transaction.atomic
def schedule_nightly(*, at_once: bool = False) -> bool:
    """Enqueue the task unless it waits already; returns whether it was enqueued.

    Workers that start at the same moment take turns, so that it waits once only.
    """
    take_turn(LOCK)
    waiting = DBTaskResult.objects.filter(
        task_path=nightly.module_path, status=TaskResultStatus.READY
    )
    if waiting.exists():
        return False
    nightly.using(run_after=None if at_once else next_night()).enqueue()
    return True
