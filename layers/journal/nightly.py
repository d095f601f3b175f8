"""Every night the head of the chain goes to the log, which is kept elsewhere than the database."""

import logging
from datetime import time

from django_tasks import task

from layers import nightly
from layers.journal.head import current_head

AT = time(0, 20)

logger = logging.getLogger(__name__)


@task()
def note_head() -> str:
    """Log "journal head POSITION:HASH", and come again the next night, also when this one fails."""
    schedule_note()
    head = str(current_head())
    logger.info("journal head %s", head)
    return head


def schedule_note(*, at_once: bool = False) -> bool:
    """Returns whether it was enqueued: not where it waits already."""
    return nightly.schedule(note_head, AT, at_once=at_once)
