"""Every night the head of the chain goes to the log, which is kept elsewhere than the database."""

import logging
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from layers.journal.head import current_head
from layers.turns import take_turn

AT = time(0, 20)
LOCK = "journal.nightly"

logger = logging.getLogger(__name__)


@task()
def note_head() -> str:
    """Log "journal head POSITION:HASH", and come again the next night, also when this one fails."""
    schedule_note()
    head = str(current_head())
    logger.info("journal head %s", head)
    return head


def next_night() -> datetime:
    now = timezone.localtime()
    return timezone.make_aware(datetime.combine(now.date() + timedelta(days=1), AT))


@transaction.atomic
def schedule_note(*, at_once: bool = False) -> bool:
    """Enqueue the task unless it waits already; returns whether it was enqueued."""
    take_turn(LOCK)
    waiting = DBTaskResult.objects.filter(
        task_path=note_head.module_path, status=TaskResultStatus.READY
    )
    if waiting.exists():
        return False
    note_head.using(run_after=None if at_once else next_night()).enqueue()
    return True
