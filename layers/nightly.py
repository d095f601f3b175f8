"""Tasks that come again every night, each at its own time of day."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from layers.turns import take_turn


@transaction.atomic
def schedule(task: Task[Any, Any], at: time, *, at_once: bool = False) -> bool:
    """Enqueue the task for the next night unless it waits already; returns whether it was enqueued.

    A task calls this before its work, so that it comes again also when the work fails. Workers that
    start at the same moment take turns, so that it waits once only.
    """
    take_turn(f"nightly {task.module_path}")
    waiting = DBTaskResult.objects.filter(task_path=task.module_path, status=TaskResultStatus.READY)
    if waiting.exists():
        return False
    task.using(run_after=None if at_once else next_night(at)).enqueue()
    return True


def next_night(at: time) -> datetime:
    tomorrow = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, at))
