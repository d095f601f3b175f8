"""Loading a delivery: asked for, watched, stopped, undone; started again where a worker died."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from importers.deliveries import kept
from importers.deliveries.access import visible_one
from importers.deliveries.corrections import Corrections
from importers.deliveries.questions import open_count, questions_of
from importers.deliveries.rasters import carrying as rasters
from importers.deliveries.rasters.reading import RASTERS
from importers.models import Delivery, ImportRun
from layers.access import policy
from layers.access.roles import Action
from layers.errors import Conflict, NotFound, Rejected
from layers.models.access import User
from layers.pulse import STALE_SECONDS, alive

MOST_ATTEMPTS = 3
State = ImportRun.State


@transaction.atomic
def start(*, actor: User, uid: UUID, dry_run: bool, skip_rejected: bool = False) -> ImportRun:
    """Queue a run of what is understood now. Raises Rejected while questions are open, Conflict
    while another run is under way or the delivery is loaded already."""
    delivery = Delivery.objects.select_for_update().get(pk=visible_one(actor, uid).pk)
    if delivery.state not in (Delivery.State.OPEN, Delivery.State.UNDONE):
        raise _not_now()
    settled = rasters.ready(actor, delivery) if delivery.layer == RASTERS else _settled(delivery)
    run = ImportRun.objects.create(
        delivery=delivery,
        actor=actor,
        layer=delivery.layer,
        interpretation=settled,
        dry_run=dry_run,
        skip_rejected=skip_rejected,
        heartbeat=timezone.now(),
    )
    _stand(delivery, Delivery.State.RUNNING)
    _enqueue(run)
    return run


def _settled(delivery: Delivery) -> dict[str, Any]:
    """What is understood of a file of rows."""
    proposal = kept.kept_proposal(delivery.uid)
    if proposal is None:
        raise _not_now()
    corrections = Corrections.from_json(delivery.corrections)
    waiting = open_count(questions_of(proposal, corrections))
    if waiting:
        raise Rejected(
            _("%(count)d questions about the file are still open.") % {"count": waiting},
            remedy=_("Answer them first; they are marked red."),
        )
    return corrections.on(proposal.interpretation).as_json()


def _not_now() -> Conflict:
    return Conflict(
        _("This delivery cannot be loaded as it stands now."), remedy=_("Reload the page.")
    )


@transaction.atomic
def cancel(*, actor: User, uid: UUID, run: UUID) -> ImportRun:
    """Ask a run to stop; one that still waits stops at once. One that is over stays what it is."""
    found = _locked(actor, uid, run)
    if found.state == State.QUEUED:
        end(found, State.CANCELLED)
    elif found.state == State.RUNNING:
        found.cancel_requested = True
        found.save(update_fields=["cancel_requested"])
    return found


@transaction.atomic
def undo(*, actor: User, uid: UUID, run: UUID) -> ImportRun:
    """Take a load back as a whole, in the background. Twice is once."""
    found = _locked(actor, uid, run)
    policy.require(actor, Action.IMPORT, found.delivery.division_id)
    if found.state in (State.UNDOING, State.UNDONE):
        return found
    wrote = found.changeset_id is not None or found.layer == RASTERS
    if found.state != State.DONE or found.dry_run or not wrote:
        raise Conflict(_("This run wrote nothing that could be taken back."))
    found.state, found.undone_by, found.attempts = State.UNDOING, actor, 0
    found.heartbeat, found.progress = timezone.now(), {}
    found.save(update_fields=["state", "undone_by", "attempts", "heartbeat", "progress"])
    _stand(found.delivery, Delivery.State.RUNNING)
    _enqueue(found)
    return found


def end(run: ImportRun, state: ImportRun.State) -> None:
    """Put down how a run ended, and where its delivery stands then; saves all of the run."""
    run.state, run.ended_at, run.progress = state, timezone.now(), {}
    run.save()
    _stand(run.delivery, _standing(run.delivery))


def _standing(delivery: Delivery) -> Delivery.State:
    """Loaded while one of its loads stands; undone when the last one was taken back."""
    earnest = delivery.runs.filter(dry_run=False).order_by("-pk")
    if earnest.filter(state=State.DONE).exists():
        return Delivery.State.LOADED
    return Delivery.State.UNDONE if earnest.filter(state=State.UNDONE) else Delivery.State.OPEN


def revive() -> int:
    """Start again whatever a worker left behind when it died; returns how many.

    Work whose process lives holds its lock (layers.pulse), however long it is quiet.
    """
    stale = timezone.now() - timedelta(seconds=STALE_SECONDS)
    runs = ImportRun.objects.filter(
        state__in=[State.RUNNING, State.UNDOING], heartbeat__lt=stale, attempts__gt=0
    )
    readings = Delivery.objects.filter(state=Delivery.State.READING, heartbeat__lt=stale)
    return sum(_revive_run(run) for run in runs) + sum(_revive_reading(each) for each in readings)


@transaction.atomic
def _revive_run(run: ImportRun) -> bool:
    locked = ImportRun.objects.select_for_update(skip_locked=True).filter(pk=run.pk).first()
    if locked is None or locked.heartbeat != run.heartbeat or alive(run.uid):
        return False
    if locked.attempts >= MOST_ATTEMPTS:
        locked.problem = {"attempts": locked.attempts}
        # A load that was to be taken back still stands.
        end(locked, State.DONE if locked.state == State.UNDOING else State.FAILED)
        return False
    locked.heartbeat = timezone.now()
    locked.save(update_fields=["heartbeat"])
    _enqueue(locked)
    return True


@transaction.atomic
def _revive_reading(delivery: Delivery) -> bool:
    from importers.tasks import read_delivery, waits

    rows = Delivery.objects.select_for_update(skip_locked=True)
    locked = rows.filter(pk=delivery.pk, heartbeat=delivery.heartbeat).first()
    if locked is None or alive(delivery.uid) or waits(read_delivery, delivery.uid):
        return False
    locked.heartbeat = timezone.now()
    locked.save(update_fields=["heartbeat"])
    read_delivery.enqueue(str(delivery.uid))
    return True


def _locked(actor: User, uid: UUID, run: UUID) -> ImportRun:
    delivery = visible_one(actor, uid)
    found = delivery.runs.select_for_update().filter(uid=run).first()
    if found is None:
        raise NotFound(_("The delivery has no such run."))
    return found


def _stand(delivery: Delivery, state: Delivery.State) -> None:
    delivery.state = state
    delivery.save(update_fields=["state"])


def _enqueue(run: ImportRun) -> None:
    from importers.tasks import carry_out

    carry_out.enqueue(str(run.uid))
