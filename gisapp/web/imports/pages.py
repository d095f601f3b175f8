"""The history of deliveries with a place to drop new ones, and the page of one delivery."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from gisapp.web.editing import territory
from gisapp.web.imports import listing
from gisapp.web.imports.counties import counties
from gisapp.web.imports.disputes import open_conflicts
from gisapp.web.imports.listing import Filters
from gisapp.web.imports.outcome import Outcome, worded
from gisapp.web.imports.progress import progress_of
from gisapp.web.imports.raster_outcome import RasterOutcome
from gisapp.web.imports.rasters import RasterReview
from gisapp.web.imports.review import Review
from gisapp.web.imports.steps import steps_of
from gisapp.web.imports.subjects import subjects, title_of
from importers.deliveries import limits, preview, runs, storage
from importers.deliveries.access import visible, visible_one
from importers.deliveries.rasters.reading import RASTERS
from importers.models import Delivery, ImportRun
from layers.access import policy
from layers.access.policy import Actor
from layers.access.roles import Action
from layers.divisions.names import place_names
from layers.errors import NotFound
from layers.pulse import STALE_SECONDS

State = Delivery.State
RUNS_SHOWN = 12
PARAMETER_LABELS = (
    ("dx", "ΔX (m)"),
    ("dy", "ΔY (m)"),
    ("dz", "ΔZ (m)"),
    ("rx", "εX (″)"),
    ("ry", "εY (″)"),
    ("rz", "εZ (″)"),
    ("scale", "m (ppm)"),
)
SHAPES: dict[str, str | Promise] = {
    "Point": gettext_lazy("points"),
    "MultiPoint": gettext_lazy("points"),
    "LineString": gettext_lazy("lines"),
    "MultiLineString": gettext_lazy("lines"),
    "Polygon": gettext_lazy("areas"),
    "MultiPolygon": gettext_lazy("areas"),
    "Unknown": gettext_lazy("shapes of several kinds"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def delivery_list(request: HttpRequest) -> HttpResponse:
    """Everything that was delivered in the reader's divisions, and the place for more."""
    policy.require_somewhere(request.user, Action.IMPORT)
    filters = Filters.read(request.GET)
    deliveries, more = listing.listed(request.user, filters)
    context = {
        "filters": filters,
        "deliveries": deliveries,
        "counties": counties(request.user),
        "subjects": subjects().items(),
        "states": State.choices,
        "previous": filters.query(page=filters.page - 1) if filters.page > 1 else "",
        "next": filters.query(page=filters.page + 1) if more else "",
        **upload_context(request.user),
    }
    part = request.headers.get("HX-Target") == "import-results"
    return render(request, "imports/results.html" if part else "imports/list.html", context)


def upload_context(user: Actor) -> dict[str, Any]:
    groups = territory.choices_for(user, Action.IMPORT)
    divisions = [each for group in groups for each in group.divisions]
    return {
        "choices": groups,
        "only": divisions[0].code if len(divisions) == 1 else "",
        "most_megabytes": limits.MOST_FILE_BYTES >> 20,
        "kept_days": limits.KEPT_DAYS,
    }


@require_GET
def delivery_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One delivery, with all that can be done to it as it stands."""
    delivery = visible_one(request.user, uid)
    return render(request, "imports/delivery.html", page_context(request, delivery))


def page_context(request: HttpRequest, delivery: Delivery) -> dict[str, Any]:
    review = raster = None
    if delivery.has_files and delivery.layer == RASTERS:
        raster = RasterReview.of(delivery, request.user)
    elif delivery.has_files:
        review = Review.of(delivery)
    found = list(delivery.runs.select_related("actor", "undone_by", "changeset")[:RUNS_SHOWN])
    last = found[0] if found else None
    busy = delivery.state in (State.READING, State.RUNNING)
    return {
        "delivery": delivery,
        "subject": title_of(delivery.layer),
        "place": place_names([delivery.division_id])[delivery.division_id],
        "files": delivery.files.all(),
        "own": delivery.owner_id == request.user.pk,
        "steps": steps_of(delivery, shown=bool(review or raster)),
        "busy": busy,
        "progress": progress_of(_told(delivery, last)) if busy else None,
        "problem": worded(delivery.problem.get("text", "")),
        "remedy": worded(delivery.problem.get("remedy", "")),
        "tables": delivery.problem.get("tables", []),
        "twins": _twins(request.user, delivery),
        "runs": found,
        "last": last,
        "outcome": _outcome(request.user, last) if last and not last.active else None,
        "current": next((each for each in found if each.active), None),
        "downloadable": {each.pk for each in found if _may_download(request.user, delivery, each)},
        "map_hash": _map_hash(delivery, review),
        **(review_context(review, delivery, request.user) if review and not busy else {}),
        **(raster_context(raster, delivery, request.user) if raster and not busy else {}),
    }


def _outcome(user: Actor, run: ImportRun) -> Outcome | RasterOutcome:
    if run.layer == RASTERS:
        return RasterOutcome(run)
    return Outcome(run, open_conflicts(user, run))


def raster_context(raster: RasterReview, delivery: Delivery, user: Actor) -> dict[str, Any]:
    return {
        "raster": raster,
        "choices": territory.choices_for(user, Action.IMPORT),
        "editable": delivery.state in (State.OPEN, State.UNDONE),
        "tested": _tested(delivery, raster.said.as_json()),
    }


def review_context(review: Review, delivery: Delivery, user: Actor) -> dict[str, Any]:
    editable = delivery.state in (State.OPEN, State.UNDONE)
    found = review.proposal.description
    divisions = review.divisions()
    whole = review.sample.rows if review.sample.whole else None
    return {
        "review": review,
        "found": found,
        "format_name": _(found.format),
        "shape_name": SHAPES.get((found.geometry_type or "").split(" ")[0], found.geometry_type),
        "row_count": whole if found.rows is None else found.rows,
        "encoding_why": _(found.encoding_why),
        "choices": territory.choices_for(user, Action.IMPORT),
        "parameters": [
            (name, label, review.parameters.get(name, "")) for name, label in PARAMETER_LABELS
        ],
        "asked": review.asked(),
        "columns": review.columns(),
        "rows": review.rows(),
        "words": review.word_lists(),
        "divisions": divisions,
        "divisions_within": review.divisions_within() if divisions else [],
        "editable": editable,
        "tested": _tested(delivery, review.now.as_json()),
    }


def _tested(delivery: Delivery, understood: Mapping[str, Any]) -> bool:
    """Whether the last thing done was a dry run of just what is understood now."""
    last = delivery.runs.first()
    return (
        last is not None
        and last.dry_run
        and last.state == ImportRun.State.DONE
        and last.interpretation == understood
    )


def _told(delivery: Delivery, last: ImportRun | None) -> dict[str, Any]:
    told = delivery.progress if delivery.state == State.READING else last.progress if last else {}
    return dict(told)


def _twins(user: Actor, delivery: Delivery) -> list[Delivery]:
    """Deliveries of the very same content that were loaded: perhaps this is one too many."""
    if not delivery.sha256:
        return []
    same = visible(user).filter(sha256=delivery.sha256, layer=delivery.layer, state=State.LOADED)
    return list(same.exclude(pk=delivery.pk).order_by("-created_at")[:3])


def _map_hash(delivery: Delivery, review: Review | None) -> str:
    """The view of the map around the delivered places, as the map's own addresses say it."""
    if review is None or delivery.state != State.LOADED:
        return ""
    box = preview.extent_of(preview.places(review.layer, review.sample, review.now))
    if box is None:
        return ""
    west, south, east, north = box
    zoom = preview.zoom_for(max(east - west, north - south))
    middle = f"{(south + north) / 2:.5f}/{(west + east) / 2:.5f}"
    return f"#{zoom}/{middle}/{delivery.layer}/state"


@require_GET
def progress(request: HttpRequest, uid: UUID) -> HttpResponse:
    """How far it is, asked every second; when it is over the whole page is loaded again."""
    delivery = visible_one(request.user, uid)
    last = delivery.runs.first()
    if delivery.state not in (State.READING, State.RUNNING):
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    _revive_if_quiet(delivery, last)
    context = {
        "delivery": delivery,
        "current": last if last and last.active else None,
        "progress": progress_of(_told(delivery, last)),
    }
    return render(request, "imports/progress.html", context)


def _revive_if_quiet(delivery: Delivery, last: ImportRun | None) -> None:
    """Whoever looks at work whose worker died has it started again."""
    beat = delivery.heartbeat if delivery.state == State.READING else last and last.heartbeat
    if beat and timezone.now() - beat > timedelta(seconds=STALE_SECONDS):
        runs.revive()


@require_GET
def places(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Where the first rows would be, as GeoJSON."""
    delivery = visible_one(request.user, uid)
    if delivery.layer == RASTERS:
        raster = RasterReview.of(delivery, request.user)
        if raster is not None:
            return JsonResponse(raster.places())
    review = Review.of(delivery) if delivery.layer != RASTERS else None
    if review is None:
        raise NotFound(_("The file of this delivery is not there to be shown."))
    return JsonResponse(preview.places(review.layer, review.sample, review.now))


@require_GET
def rejects(request: HttpRequest, uid: UUID, run: UUID) -> HttpResponseBase:
    """The rows that were not accepted, as a workbook; they are the sender's own."""
    delivery = visible_one(request.user, uid)
    found = delivery.runs.filter(uid=run, has_rejects=True).first()
    if found is None or not _may_download(request.user, delivery, found):
        raise NotFound(_("There is no such list of rejected rows."))
    path = storage.run_folder(delivery.uid, found.uid) / "rejects.xlsx"
    name = f"{delivery.name.rsplit('.', 1)[0]}-{pgettext('file name', 'rejected')}.xlsx"
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=XLSX)
    response["Cache-Control"] = "private, no-store"
    return response


def _may_download(user: Actor, delivery: Delivery, run: ImportRun) -> bool:
    mine = user.pk in (delivery.owner_id, run.actor_id)
    return mine and run.has_rejects and delivery.has_files
