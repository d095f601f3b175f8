"""Removing the files of deliveries when their time is over; what was done with them stays told."""

import logging
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from importers.deliveries import storage
from importers.deliveries.access import visible_one
from importers.models import Delivery
from layers.errors import Conflict
from layers.models.access import User

log = logging.getLogger(__name__)
UNFINISHED_DAYS = 7
"""An upload that nobody continued for so long is given up."""
BUSY = (Delivery.State.READING, Delivery.State.RUNNING)


def purge_due() -> int:
    """Every delivery whose day has come, and uploads that were given up; returns how many."""
    today = timezone.localdate()
    kept = Delivery.objects.filter(purged_at__isnull=True).exclude(state__in=BUSY)
    abandoned = timezone.now() - timedelta(days=UNFINISHED_DAYS)
    given_up = kept.filter(state=Delivery.State.RECEIVING, created_at__lt=abandoned)
    due = kept.filter(purge_on__lte=today)
    uids = {each.uid for each in (*due.only("uid"), *given_up.only("uid"))}
    for uid in uids:
        _purge(uid)
    return len(uids)


def discard(*, actor: User, uid: UUID) -> Delivery:
    """Remove the files now, because a person wants it. Raises Conflict while they are in use."""
    delivery = visible_one(actor, uid)
    if delivery.state in BUSY:
        raise Conflict(
            _("The files are in use just now."), remedy=_("Wait for the run to end, or cancel it.")
        )
    _purge(delivery.uid)
    delivery.refresh_from_db(fields=["state", "purged_at"])
    return delivery


@transaction.atomic
def _purge(uid: UUID) -> None:
    """The files go only when the record is sure to say so."""
    locked = Delivery.objects.select_for_update().get(uid=uid)
    if locked.purged_at is None and locked.state not in BUSY:
        locked.purged_at = timezone.now()
        locked.save(update_fields=["purged_at"])
        transaction.on_commit(partial(storage.remove, uid))
        log.info("the files of delivery %s are removed", uid)
