"""What a worker that died has left goes on, some times."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.orders import course
from layers.pulse import STALE_SECONDS, alive
from tiles.models import Pack
from tiles.packs import jobs

MOST_ATTEMPTS = 3


def revive() -> int:
    """Make again what a worker that died has left; returns how many."""
    stale = timezone.now() - timedelta(seconds=STALE_SECONDS)
    left = Pack.objects.filter(state=Pack.State.RUNNING, heartbeat__lt=stale)
    return sum(_revive(pack) for pack in left)


@transaction.atomic
def _revive(pack: Pack) -> bool:
    rows = Pack.objects.select_for_update(skip_locked=True)
    locked = rows.filter(pk=pack.pk, heartbeat=pack.heartbeat, state=Pack.State.RUNNING).first()
    if locked is None or alive(locked.uid):
        return False
    if locked.attempts >= MOST_ATTEMPTS or locked.cancel_requested:
        _give_up(locked)
        return False
    locked.heartbeat = timezone.now()
    locked.save(update_fields=["heartbeat"])
    transaction.on_commit(lambda: jobs.enqueue(locked))
    return True


def _give_up(pack: Pack) -> None:
    if pack.cancel_requested:
        course.finish(pack, Pack.State.CANCELLED)
        return
    problem = course.told(
        _("The worker stopped before the pack was done, each time it was tried."),
        _("Make a smaller one, or tell the administrator."),
    )
    course.finish(pack, Pack.State.FAILED, problem=problem)
