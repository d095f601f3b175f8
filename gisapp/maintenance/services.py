"""Reporting upkeep, taking a mistaken report back, closing a defect.

Each is permission (Action.MAINTAIN in the feature's division) + transaction, and leaves a record
that is never deleted.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gisapp.maintenance.models import Defect, Severity, UpkeepOutcome, UpkeepRecord
from gisapp.maintenance.reckoning import reckon, settle
from gisapp.maintenance.schedule import last_done, rules_in_force, tasks_of
from layers.access import policy
from layers.access.roles import Action
from layers.errors import Forbidden, NotFound, Rejected
from layers.models import Feature, User
from layers.photos import CheckedPhoto, keep
from layers.registry import Layer, layer_named

OLDEST_REPORT = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Report:
    """What a person says was done. `rule` is a rule's code, empty for the most pressing task.

    `repaired` are the ids of open defects that were put right.
    """

    uid: UUID
    done_on: date
    rule: str = ""
    outcome: UpkeepOutcome = UpkeepOutcome.DONE
    note: str = ""
    severity: Severity = Severity.MINOR
    repaired: tuple[int, ...] = ()
    position: Point | None = None
    accuracy_m: float | None = None


@transaction.atomic
def report_upkeep(
    *, actor: User, layer: Layer, feature_id: int, report: Report, photo: CheckedPhoto | None = None
) -> UpkeepRecord:
    """Record upkeep and set the feature's next due day. The same uid again changes nothing.

    Raises LoginRequired, Forbidden, NotFound, or Rejected with the problems by field.
    """
    feature = _locked(actor, layer, feature_id)
    policy.require(actor, Action.MAINTAIN, feature.division_id)
    earlier = UpkeepRecord.objects.filter(uid=report.uid).first()
    if earlier is not None:
        return _first_outcome(earlier, actor, layer, feature)
    _check(report)
    record = _record(actor, layer, feature, report, photo)
    _settle_defects(actor, layer, feature, report, record)
    reckon(layer, [feature])
    return record


@transaction.atomic
def undo_report(*, actor: User, uid: UUID) -> UpkeepRecord:
    """Take back one's own report of the same day: what it opened, closed and set is as before.

    Undoing twice changes nothing. Raises NotFound, Forbidden or Rejected.
    """
    record = UpkeepRecord.objects.filter(uid=uid).first()
    if record is None:
        raise NotFound(_("There is no such report."))
    layer = layer_named(record.layer)
    feature = _locked(actor, layer, record.feature_id)
    policy.require(actor, Action.MAINTAIN, feature.division_id)
    record.refresh_from_db()
    if record.undone_at is not None:
        return record
    if not may_undo(actor, record):
        raise Rejected(
            _("Only your own report can be undone, on the day you sent it."),
            remedy=_("Send a new report that says what is right."),
        )
    now = timezone.now()
    record.undone_at, record.undone_by = now, actor
    record.save(update_fields=["undone_at", "undone_by"])
    record.defects.filter(state=Defect.State.OPEN).update(
        state=Defect.State.WITHDRAWN, closed_by=actor, closed_at=now
    )
    record.repaired.filter(state=Defect.State.CLOSED).update(
        state=Defect.State.OPEN, closed_by=None, closed_at=None, closing_record=None
    )
    if _is_latest(record):
        settle(layer, [feature], {feature.pk: record.due_before})
    else:
        reckon(layer, [feature])
    return record


def may_undo(actor: policy.Actor, record: UpkeepRecord) -> bool:
    today = timezone.localdate()
    return (
        record.author_id == actor.pk
        and record.undone_at is None
        and timezone.localdate(record.received_at) == today
    )


@transaction.atomic
def close_defect(*, actor: User, defect_id: int, note: str) -> Defect:
    """Close an open defect; when it was the last, the feature's state follows its due day again."""
    defect = Defect.objects.filter(pk=defect_id).first()
    if defect is None:
        raise NotFound(_("There is no such defect."))
    layer = layer_named(defect.layer)
    feature = _locked(actor, layer, defect.feature_id)
    policy.require(actor, Action.MAINTAIN, feature.division_id)
    defect.refresh_from_db()
    if defect.state == Defect.State.OPEN:
        defect.state, defect.closed_by = Defect.State.CLOSED, actor
        defect.closed_at, defect.closing_note = timezone.now(), note.strip()[:500]
        defect.save(update_fields=["state", "closed_by", "closed_at", "closing_note"])
        settle(layer, [feature], {feature.pk: feature.upkeep_due_on})
    return defect


def _locked(actor: User, layer: Layer, feature_id: int) -> Feature:
    """The feature, if the actor may see it; reports about one feature take turns."""
    visible = layer.rows.filter(policy.scope(actor).q(), pk=feature_id)
    feature = visible.select_for_update().first()
    if feature is None:
        raise NotFound(_("There is no such feature, or it is outside your divisions."))
    return feature


def _first_outcome(
    earlier: UpkeepRecord, actor: User, layer: Layer, feature: Feature
) -> UpkeepRecord:
    same = earlier.layer == layer.name and earlier.feature_id == feature.pk
    if earlier.author_id != actor.pk or not same:
        raise Forbidden(
            _("This report's uid belongs to another report."),
            remedy=_("Reload the page and report again."),
        )
    return earlier


def _check(report: Report) -> None:
    today = timezone.localdate()
    problems = []
    if report.done_on > today:
        problems.append(("done_on", _("The day has not come yet.")))
    elif report.done_on < today - OLDEST_REPORT:
        problems.append(("done_on", _("The day is more than a year ago.")))
    if report.outcome == UpkeepOutcome.DEFECT and not report.note.strip():
        problems.append(("note", _("Say what the defect is.")))
    if problems:
        raise Rejected(
            _("The report is not complete."),
            remedy=_("Correct the marked fields and send it again."),
            detail={"problems": [{"field": name, "message": text} for name, text in problems]},
        )


def _record(
    actor: User, layer: Layer, feature: Feature, report: Report, photo: CheckedPhoto | None
) -> UpkeepRecord:
    done = last_done(layer, [feature.pk]).get(feature.pk, {})
    tasks = tasks_of(feature, rules_in_force(layer), done)
    chosen = next((task for task in tasks if task.rule.code == report.rule), None)
    if report.rule and chosen is None:
        problem = _("This feature has no such task.")
        raise Rejected(problem, detail={"problems": [{"field": "rule", "message": problem}]})
    rule = (chosen or tasks[0]).rule if tasks else None
    stored = keep(photo) if photo else None
    return UpkeepRecord.objects.create(
        uid=report.uid,
        layer=layer.name,
        feature_id=feature.pk,
        division=feature.division_id,
        rule=rule,
        done_on=report.done_on,
        outcome=report.outcome,
        note=report.note.strip()[:500],
        due_before=feature.upkeep_due_on,
        position=report.position,
        accuracy_m=report.accuracy_m,
        author=actor,
        **(
            {
                "photo_name": stored.name,
                "photo_type": stored.content_type,
                "photo_sha256": stored.sha256,
            }
            if stored
            else {}
        ),
    )


def _settle_defects(
    actor: User, layer: Layer, feature: Feature, report: Report, record: UpkeepRecord
) -> None:
    Defect.objects.filter(
        layer=layer.name, feature_id=feature.pk, state=Defect.State.OPEN, pk__in=report.repaired
    ).update(
        state=Defect.State.CLOSED,
        closed_by=actor,
        closed_at=timezone.now(),
        closing_record=record,
        closing_note=record.note,
    )
    if report.outcome == UpkeepOutcome.DEFECT:
        Defect.objects.create(
            layer=layer.name,
            feature_id=feature.pk,
            division=feature.division_id,
            severity=report.severity,
            description=record.note,
            record=record,
            reported_by=actor,
        )


def _is_latest(record: UpkeepRecord) -> bool:
    return not UpkeepRecord.objects.filter(
        layer=record.layer,
        feature_id=record.feature_id,
        pk__gt=record.pk,
        undone_at__isnull=True,
    ).exists()
