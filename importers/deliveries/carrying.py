"""Carrying out a run in the background.

The load, the run's own row and the delivery's state change in one transaction: after a crash a run
is either done or untouched, so starting it again loads nothing twice.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from importers.deliveries import kept, profiles, storage
from importers.deliveries.rasters import carrying as rasters
from importers.deliveries.rasters.reading import RASTERS
from importers.deliveries.reading import paths_of
from importers.deliveries.reporting import told
from importers.deliveries.runs import State, end
from importers.interpretation import Interpretation
from importers.loading import Cancelled, RowsRejected, import_file, undo_import
from importers.models import ImportRun
from importers.phrases import in_both
from importers.report import Report
from layers.errors import Rejected, ServiceError
from layers.pulse import Pulse
from layers.registry import layer_named

log = logging.getLogger(__name__)


def carry_out(uid: UUID) -> str:
    """Do what the run is for, and return its state. An unexpected error is put down, and raised."""
    run = ImportRun.objects.select_related("delivery", "actor").get(uid=uid)
    if not run.active:
        return run.state
    with Pulse(ImportRun, uid) as pulse:
        run = _claimed(run)
        if run.state == State.RUNNING:
            _attempt(run, lambda: _load(run, pulse))
        elif run.state == State.UNDOING:
            _attempt(run, lambda: _undo(run, pulse))
    log.info("run %s of delivery %s: %s", uid, run.delivery.uid, run.state)
    return run.state


@transaction.atomic
def _claimed(run: ImportRun) -> ImportRun:
    """The run as it is now, under way."""
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    if locked.state == State.QUEUED:
        locked.state, locked.started_at = State.RUNNING, timezone.now()
    if locked.active:
        locked.attempts += 1
        locked.heartbeat = timezone.now()
        locked.save(update_fields=["state", "started_at", "attempts", "heartbeat"])
    return locked


def _attempt(run: ImportRun, work: Callable[[], None]) -> None:
    """Whatever `work` wrote is gone when it raises; the run says why."""
    undoing = run.state == State.UNDOING
    try:
        with transaction.atomic():
            work()
        return
    except Cancelled:
        ended = State.CANCELLED
    except RowsRejected as refusal:
        ended, run.problem = State.REFUSED, _problem(refusal)
        run.report = told(refusal.report)
    except ServiceError as refusal:
        ended, run.problem = State.REFUSED, _problem(refusal)
    except Exception:
        run.changeset = run.changeset if undoing else None
        run.problem = {"unexpected": True}
        end(run, State.DONE if undoing else State.FAILED)
        raise
    run.changeset = run.changeset if undoing else None
    run.has_rejects = _rejects(run).exists()
    # A load that could not be taken back still stands.
    end(run, State.DONE if undoing else ended)


def _load(run: ImportRun, pulse: Pulse) -> None:
    delivery = run.delivery
    if delivery.purged_at is not None:
        raise Rejected(
            _("The files of this delivery have been removed."), remedy=_("Deliver them again.")
        )
    if run.layer == RASTERS:
        run.report = rasters.put_on_the_map(run, paths_of(delivery), pulse)
        end(run, State.DONE)
        return
    interpretation = Interpretation.from_json(run.interpretation)
    report = _imported(run, interpretation, _Progress(run, pulse), pulse.cancelled)
    run.report, run.has_rejects = told(report), _rejects(run).exists()
    run.changeset = report.changeset if report.committed else None
    end(run, State.DONE)
    sample = kept.kept_sample(delivery.uid)
    if report.committed and sample is not None:
        profiles.remember(
            actor=run.actor,
            delivery=delivery,
            description=sample.description,
            interpretation=interpretation,
        )
        profiles.used(run.actor, delivery, sample.description)


class _Progress:
    """Tells the pulse the counts, and since when the phase goes on.

    A table that does not say how many rows it has was perhaps counted by a run before.
    """

    def __init__(self, run: ImportRun, pulse: Pulse) -> None:
        self._pulse = pulse
        self._phase, self._started = "", 0.0
        before = run.delivery.runs.filter(state=State.DONE).first()
        same = before and before.interpretation.get("table") == run.interpretation.get("table")
        self._total = before.report.get("read") if before and same else None

    def __call__(self, report: Report) -> None:
        if report.phase != self._phase:
            self._phase, self._started = report.phase, time.time()
        counts = told(report, brief=True)
        total = counts["total"] or self._total
        self._pulse.tell({**counts, "total": total, "started": self._started})


def _imported(
    run: ImportRun,
    interpretation: Interpretation,
    progress: Callable[[Report], None],
    cancelled: Callable[[], bool],
) -> Report:
    """The loading itself. A dry run goes on past rejected rows, to count them all."""
    return import_file(
        actor=run.actor,
        layer=layer_named(run.layer),
        path=paths_of(run.delivery),
        interpretation=interpretation,
        name=run.delivery.name,
        dry_run=run.dry_run,
        skip_rejected=run.skip_rejected or run.dry_run,
        rejects=_rejects(run),
        run=run.uid,
        progress=progress,
        cancelled=cancelled,
    )


def _undo(run: ImportRun, pulse: Pulse) -> None:
    pulse.tell({"phase": "undoing", "started": time.time()})
    if run.layer == RASTERS:
        run.report = rasters.take_off_the_map(run)
        end(run, State.UNDONE)
        return
    if run.undone_by is None or run.changeset is None:
        raise RuntimeError(f"run {run.uid} has nothing to undo")
    undone = undo_import(actor=run.undone_by, changeset=run.changeset)
    run.report = {
        **run.report,
        "undone": {
            "removed": undone.removed,
            "reverted": undone.reverted,
            "kept": undone.kept,
            "kept_features": [asdict(each) for each in undone.kept_features],
        },
    }
    end(run, State.UNDONE)


def _rejects(run: ImportRun) -> Path:
    where = storage.run_folder(run.delivery.uid, run.uid)
    where.mkdir(mode=storage.FOLDER_MODE, parents=True, exist_ok=True)
    return where / "rejects.xlsx"


def _problem(error: ServiceError) -> dict[str, Any]:
    return {
        "text": asdict(in_both(lambda: str(error.message))),
        "remedy": asdict(in_both(lambda: str(error.remedy))),
    }
