"""Recording a visit: permission (Action.INSPECT where the feature is) + transaction + evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gisapp.verification.models import Photo, PositionSource, Verdict, Visit
from layers import signals
from layers.access import policy
from layers.access.roles import Action
from layers.crs import CGCS2000
from layers.distance import metres_from
from layers.errors import Forbidden, NotFound, Rejected
from layers.models import Feature, User
from layers.photos import MAX_EACH, CheckedPhoto, StoredPhoto, keep
from layers.registry import Layer
from layers.turns import take_turn

CLOCK_SKEW = timedelta(minutes=10)
"""Phones' clocks differ from ours by less, or are wrong."""
OLDEST = timedelta(days=60)
"""What was captured offline longer ago than this is no evidence of the present state."""
WORST_ACCURACY_M = 100_000


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees in CGCS2000 (a phone's WGS 84 is within centimetres), and how they are known."""

    longitude: float
    latitude: float
    source: PositionSource
    accuracy_m: float | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """A visit as the inspector sends it."""

    uid: UUID
    verdict: Verdict
    captured_at: datetime
    notes: str = ""
    position: Position | None = None


@transaction.atomic
def record_visit(
    *,
    actor: User,
    layer: Layer,
    feature_id: int,
    findings: Findings,
    photos: Sequence[CheckedPhoto] = (),
) -> Visit:
    """Keep a visit for ever. The same uid again is the first visit, and changes nothing.

    Raises LoginRequired, Forbidden, NotFound, or Rejected with the problems by field.
    """
    feature = layer.rows.filter(policy.scope(actor).q(), pk=feature_id).first()
    if feature is None:
        raise NotFound(_("There is no such feature, or it is outside your divisions."))
    policy.require(actor, Action.INSPECT, feature.division_id)
    # Copies that arrive at once: the second finds the first's row.
    take_turn(str(findings.uid))
    earlier = Visit.objects.filter(uid=findings.uid).first()
    if earlier is not None:
        return _first_outcome(earlier, actor, layer, feature)
    _check(findings, photos)
    visit = _keep(actor, layer, feature, findings)
    Photo.objects.bulk_create(_photo_rows(visit, [keep(photo) for photo in photos]))
    if findings.verdict == Verdict.DEFECT:
        signals.defect_found.send(
            sender=Visit,
            layer=layer,
            feature=feature,
            actor=actor,
            uid=visit.uid,
            description=visit.notes,
        )
    return visit


def _first_outcome(earlier: Visit, actor: User, layer: Layer, feature: Feature) -> Visit:
    same = earlier.layer == layer.name and earlier.feature_id == feature.pk
    if earlier.inspector_id != actor.pk or not same:
        raise Forbidden(
            _("This visit's uid belongs to another visit."),
            remedy=_("Reload the page and send it again."),
        )
    return earlier


def _check(findings: Findings, photos: Sequence[CheckedPhoto]) -> None:
    now = timezone.now()
    problems = []
    if findings.captured_at > now + CLOCK_SKEW:
        problems.append(("captured_at", _("The device's clock is ahead of time.")))
    elif findings.captured_at < now - OLDEST:
        problems.append(("captured_at", _("The visit was too long ago.")))
    if findings.verdict == Verdict.DEFECT and not findings.notes.strip():
        problems.append(("notes", _("Say what is wrong.")))
    if len(photos) > MAX_EACH:
        problems.append(("photos", _("Send at most %(count)s photos.") % {"count": MAX_EACH}))
    if findings.position is not None:
        problems.extend(("position", text) for text in position_problems(findings.position, now))
    if problems:
        raise Rejected(
            _("The visit cannot be kept as it was sent."),
            remedy=_("Correct what is marked and send it again."),
            detail={"problems": [{"field": name, "message": text} for name, text in problems]},
        )


def position_problems(position: Position, now: datetime) -> list[str]:
    """What is wrong with a position; 0°, 0° is what devices say that know nothing."""
    longitude, latitude, accuracy = position.longitude, position.latitude, position.accuracy_m
    placed = isfinite(longitude) and isfinite(latitude)
    if not placed or abs(longitude) > 180 or abs(latitude) > 90 or (longitude, latitude) == (0, 0):
        return [_("This position is not a place on the earth.")]
    problems = []
    if position.source == PositionSource.DEVICE:
        if accuracy is None or not 0 <= accuracy <= WORST_ACCURACY_M:
            problems.append(_("The position comes without a usable accuracy."))
        if position.taken_at is None or position.taken_at > now + CLOCK_SKEW:
            problems.append(_("The position comes without a usable time."))
    return problems


def _keep(actor: User, layer: Layer, feature: Feature, findings: Findings) -> Visit:
    position = findings.position
    if position is None:
        placed = {}
    else:
        metres = metres_from(layer, feature, position.longitude, position.latitude)
        placed = {
            "position": Point(position.longitude, position.latitude, srid=CGCS2000),
            "accuracy_m": position.accuracy_m,
            "positioned_at": position.taken_at,
            "position_source": position.source,
            "distance_m": metres,
        }
    return Visit.objects.create(
        uid=findings.uid,
        layer=layer.name,
        feature_id=feature.pk,
        division=feature.division_id,
        inspector=actor,
        captured_at=findings.captured_at,
        verdict=findings.verdict,
        notes=findings.notes.strip(),
        **placed,
    )


def _photo_rows(visit: Visit, photos: Sequence[StoredPhoto]) -> list[Photo]:
    """The same photograph sent twice is one."""
    unique = {photo.sha256: photo for photo in photos}
    return [
        Photo(
            visit=visit,
            stored_name=photo.name,
            sha256=photo.sha256,
            size=photo.size,
            content_type=photo.content_type,
            width=photo.width,
            height=photo.height,
        )
        for photo in unique.values()
    ]
