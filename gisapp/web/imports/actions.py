"""What a person does to a delivery: corrects it, has it tried and loaded, takes it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gisapp.web.imports.forms import corrections_posted
from gisapp.web.imports.pages import raster_context, review_context
from gisapp.web.imports.rasters import RasterReview, stated_posted
from gisapp.web.imports.review import Review
from importers.deliveries import profiles, purging, reading, runs
from importers.deliveries.access import visible_one
from importers.deliveries.corrections import Corrections
from importers.deliveries.rasters.reading import RASTERS
from importers.models import Delivery
from layers.access.policy import signed_in
from layers.errors import Conflict, NotFound, ServiceError

EDITABLE = (Delivery.State.OPEN, Delivery.State.UNDONE)


@require_POST
@transaction.atomic
def correct(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Keep what the form says, and answer with the parts of the page that change by it."""
    delivery = _locked(request, uid)
    if delivery.layer == RASTERS:
        return _correct_raster(request, delivery)
    review = _review(delivery)
    table = request.POST.get("table", "")
    if table and table in review.proposal.description.tables and table != review.now.table:
        _say(delivery, Corrections(table=table))
        reading.read_again(delivery)
        return redirect("import", uid)
    _say(delivery, corrections_posted(review, request.POST))
    reading.reconsidered(delivery)
    if request.headers.get("X-Requested-With") != "fetch":
        return redirect("import", uid)
    context = {"delivery": delivery, **review_context(_review(delivery), delivery, request.user)}
    return render(request, "imports/saved.html", context)


def _correct_raster(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    raster = RasterReview.of(delivery, request.user)
    if raster is None:
        raise _unread()
    delivery.corrections = stated_posted(raster.said, request.POST).as_json()
    delivery.save(update_fields=["corrections"])
    if request.headers.get("X-Requested-With") != "fetch":
        return redirect("import", delivery.uid)
    again = RasterReview.of(delivery, request.user)
    if again is None:
        raise _unread()
    context = {"delivery": delivery, **raster_context(again, delivery, request.user)}
    return render(request, "imports/raster_saved.html", context)


@require_POST
@transaction.atomic
def reset(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Back to what was proposed."""
    delivery = _locked(request, uid)
    table = Corrections.from_json(delivery.corrections).table
    _say(delivery, Corrections(table=table))
    reading.reconsidered(delivery)
    messages.info(request, _("All corrections are undone; this is what was proposed."))
    return redirect("import", uid)


@require_POST
@transaction.atomic
def read_again(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Read the file once more, perhaps another table of it."""
    delivery = visible_one(request.user, uid)
    locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if locked.state not in (*EDITABLE, Delivery.State.UNREADABLE) or not locked.has_files:
        raise Conflict(_("The file cannot be read again now."), remedy=_("Reload the page."))
    tables = locked.problem.get("tables", [])
    table = request.POST.get("table", "")
    if table and table in tables:
        _say(locked, Corrections(table=table))
    reading.read_again(locked)
    return redirect("import", uid)


@require_POST
def remember(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Keep the choices for the next file of the same columns."""
    delivery = visible_one(request.user, uid)
    review = _review(delivery)
    profile = profiles.remember(
        actor=signed_in(request.user),
        delivery=delivery,
        description=review.proposal.description,
        interpretation=review.now,
        name=request.POST.get("name", "").replace("\x00", "").strip(),
    )
    text = _("Kept as “%(name)s”: the next file with these columns is read the same way.")
    messages.success(request, text % {"name": profile.name})
    return redirect("import", uid)


@require_POST
def discard(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Remove the files now."""
    purging.discard(actor=signed_in(request.user), uid=uid)
    messages.success(request, _("The files are removed. What was done with them stays told here."))
    return redirect("import", uid)


@require_POST
def start(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A dry run, or a load."""
    return _told(
        request,
        uid,
        lambda: runs.start(
            actor=signed_in(request.user),
            uid=uid,
            dry_run=request.POST.get("mode") != "load",
            skip_rejected=request.POST.get("skip_rejected") == "on",
        ),
    )


@require_POST
def cancel(request: HttpRequest, uid: UUID, run: UUID) -> HttpResponse:
    return _told(request, uid, lambda: runs.cancel(actor=signed_in(request.user), uid=uid, run=run))


@require_POST
def undo(request: HttpRequest, uid: UUID, run: UUID) -> HttpResponse:
    """Take a load back as a whole."""
    return _told(request, uid, lambda: runs.undo(actor=signed_in(request.user), uid=uid, run=run))


def _told(request: HttpRequest, uid: UUID, act: Any) -> HttpResponse:
    """Back to the delivery; a refusal that fits how it stands is told there."""
    try:
        act()
    except NotFound:
        raise
    except ServiceError as refusal:
        if refusal.status not in (409, 422):
            raise
        messages.error(request, f"{refusal.message} {refusal.remedy}")
    return redirect("import", uid)


def _locked(request: HttpRequest, uid: UUID) -> Delivery:
    """The delivery, for one who may correct it as it stands."""
    delivery = visible_one(request.user, uid)
    locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if locked.state not in EDITABLE or not locked.has_files:
        raise Conflict(
            _("This delivery cannot be corrected as it stands now."), remedy=_("Reload the page.")
        )
    return locked


def _review(delivery: Delivery) -> Review:
    review = Review.of(delivery) if delivery.layer != RASTERS else None
    if review is None:
        raise _unread()
    return review


def _unread() -> Conflict:
    return Conflict(_("The file of this delivery has not been read."), remedy=_("Reload the page."))


def _say(delivery: Delivery, corrections: Corrections) -> None:
    delivery.corrections = corrections.as_json()
    delivery.save(update_fields=["corrections"])
