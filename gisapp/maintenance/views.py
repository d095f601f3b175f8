"""The work page, and the forms that report upkeep. With htmx they answer with the changed part."""

import json
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gisapp.maintenance import services
from gisapp.maintenance.filters import WorkFilters, totals
from gisapp.maintenance.forms import ReportForm
from gisapp.maintenance.models import UpkeepRecord
from gisapp.maintenance.schedule import last_done, rules_in_force, tasks_of
from gisapp.maintenance.section import section_context
from gisapp.maintenance.worklist import items_of, open_defects, work_page
from layers import photos
from layers.access import policy
from layers.access.roles import Action
from layers.counts import state_counts
from layers.divisions.names import counties_touched
from layers.errors import NotFound, Rejected
from layers.models import Feature, UpkeepState, User
from layers.models.feature import NEEDS_WORK
from layers.registry import LAYERS, Layer, layer_named

PARTS = {"row": "maintenance/item.html", "sheet": "maintenance/section.html"}
"""Where a form stands: a row of the work list, the sheet's section, or (else) a page of its own."""


@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """What is due inside the reader's divisions; the counts are of everything there."""
    scope = policy.require_somewhere(request.user, Action.VIEW)
    filters = WorkFilters.read(request.GET)
    within = filters.within(scope)
    page = work_page(within, filters.wanted(), policy.scope(request.user, Action.MAINTAIN))
    context = {
        "filters": filters,
        "work": page,
        "first": (page.page - 1) * 25 + 1,
        "previous": filters.query(page=page.page - 1) if page.page > 1 else "",
        "next": filters.query(page=page.page + 1) if page.more else "",
        "without_near": filters.query(near=""),
    }
    if request.headers.get("HX-Target") == "work-results":
        return render(request, "maintenance/results.html", context)
    counted = {
        name: state_counts(layer, within)
        for name, layer in LAYERS.items()
        if filters.layer in {"", name}
    }
    summed = totals(counted)
    context |= {
        "layers": LAYERS.values(),
        "counties": counties_touched(scope),
        "counts": [
            (state, summed[state], filters.query(state="" if filters.state == state else state))
            for state in (*reversed(NEEDS_WORK), UpkeepState.OK, UpkeepState.NONE)
        ],
        "needs_work": NEEDS_WORK,
    }
    return render(request, "maintenance/work.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, layer: str, feature_id: int) -> HttpResponse:
    """The report form of one feature, and its sending."""
    kind = layer_named(layer)
    feature = visible_feature(request, kind, feature_id)
    policy.require(request.user, Action.MAINTAIN, feature.division_id)
    done = last_done(kind, [feature.pk]).get(feature.pk, {})
    tasks = tasks_of(feature, rules_in_force(kind), done)
    defects = open_defects(kind, [feature.pk]).get(feature.pk, [])
    if request.method != "POST":
        return _form(request, kind, feature, ReportForm(tasks=tasks, defects=defects))
    form = ReportForm(request.POST, request.FILES, tasks=tasks, defects=defects)
    if not form.is_valid():
        return _form(request, kind, feature, form)
    try:
        photo = _photo(request)
        services.report_upkeep(
            actor=cast("User", request.user),
            layer=kind,
            feature_id=feature.pk,
            report=form.report(),
            photo=photo,
        )
    except Rejected as error:
        for problem in error.detail.get("problems", []):
            known = problem["field"] in form.fields
            form.add_error(problem["field"] if known else None, problem["message"])
        return _form(request, kind, feature, form)
    return _changed(request, kind, feature.pk, form.cleaned_data["uid"])


@require_POST
def undo(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a report back. Whose division it is in is asked by the service."""
    _signed_in_somewhere(request)
    record = services.undo_report(actor=cast("User", request.user), uid=uid)
    return _changed(request, layer_named(record.layer), record.feature_id, None)


@require_POST
def close_defect(request: HttpRequest, defect_id: int) -> HttpResponse:
    _signed_in_somewhere(request)
    defect = services.close_defect(
        actor=cast("User", request.user), defect_id=defect_id, note=request.POST.get("note", "")
    )
    return _changed(request, layer_named(defect.layer), defect.feature_id, None)


@require_GET
def photo(request: HttpRequest, uid: UUID) -> FileResponse:
    """The photograph of a report, to those who may see the feature's division."""
    scope = policy.require_somewhere(request.user, Action.VIEW)
    record = UpkeepRecord.objects.filter(scope.q("division"), uid=uid).first()
    if record is None or not record.photo_name:
        raise NotFound(_("There is no such photo, or it is outside your divisions."))
    return photos.photo_response(record.photo_name, record.photo_type)


def visible_feature(request: HttpRequest, layer: Layer, feature_id: int) -> Feature:
    scope = policy.require_somewhere(request.user, Action.VIEW)
    feature = layer.rows.filter(scope.q(), pk=feature_id).first()
    if feature is None:
        raise NotFound(_("There is no such feature, or it is outside your divisions."))
    return feature


def _signed_in_somewhere(request: HttpRequest) -> None:
    policy.require_somewhere(request.user, Action.MAINTAIN)


def _photo(request: HttpRequest) -> photos.CheckedPhoto | None:
    upload = request.FILES.get("photo")
    if not isinstance(upload, UploadedFile):
        return None
    return photos.check(upload)


def _form(request: HttpRequest, layer: Layer, feature: Feature, form: ReportForm) -> HttpResponse:
    part = request.POST.get("part") or request.GET.get("part", "")
    context = {"layer": layer, "feature": feature, "form": form, "part": part}
    if request.headers.get("HX-Request"):
        # htmx swaps nothing on an error status, and the form must come back with its problems.
        response = render(request, "maintenance/form.html", context)
        response["HX-Retarget"] = f"#report-{layer.name}-{feature.pk}"
        response["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "maintenance/report.html", context, status=422 if form.is_bound else 200)


def _changed(request: HttpRequest, layer: Layer, feature_id: int, uid: UUID | None) -> HttpResponse:
    """What the page shows afterwards; the map is told by an event that the feature changed."""
    feature = visible_feature(request, layer, feature_id)
    part = request.POST.get("part", "")
    if not request.headers.get("HX-Request") or part not in PARTS:
        messages.success(request, _("Saved."))
        return redirect(f"/map/{layer.name}/{feature_id}" if part == "sheet" else "maintenance")
    context: dict[str, Any] = {"part": part}
    if part == "sheet":
        context["section"] = section_context(request.user, layer, feature)
    else:
        maintained = policy.scope(request.user, Action.MAINTAIN)
        context |= {"item": items_of([(layer, feature)], maintained)[0], "reported": uid}
    response = render(request, PARTS[part], context)
    changed = {"layer": layer.name, "id": feature_id, "state": feature.upkeep_state}
    # After the swap: whoever listens may replace what was swapped in.
    response["HX-Trigger-After-Settle"] = json.dumps({"feature-changed": changed})
    return response
