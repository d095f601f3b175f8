"""The page of exports. What may be taken out is the importers' to say."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gisapp.web.exports import places
from gisapp.web.exports.asking import Choices, sent_again, wish_from
from gisapp.web.exports.listing import lines
from importers.exporting import jobs
from layers.access import policy
from layers.access.policy import signed_in
from layers.access.roles import Action
from layers.errors import ServiceError
from layers.registry import LAYERS


@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """The form of a new export and its sending; one's own exports; templates."""
    policy.require_somewhere(request.user, Action.VIEW)
    problem: ServiceError | None = None
    if request.method == "POST":
        try:
            jobs.begin_export(actor=signed_in(request.user), wish=wish_from(request.POST))
        except ServiceError as error:
            problem = error
        else:
            messages.success(
                request, _("The export has begun. The list below tells how far it is.")
            )
            return redirect("exports")
    return render(
        request,
        "exports/page.html",
        _page(request, problem),
        status=problem.status if problem else 200,
    )


def _page(request: HttpRequest, problem: ServiceError | None) -> dict[str, Any]:
    scope = policy.scope(request.user)
    sent = sent_again(request.POST)
    name = request.POST.get("layer") or request.GET.get("layer", "")
    return {
        **_listed(request),
        "problem": problem,
        "sent": sent,
        "layers": list(LAYERS.values()),
        "choices": Choices.of(request.user, name if name in LAYERS else ""),
        "places": places.place_choices(scope, "", sent["division"]),
    }


def _listed(request: HttpRequest) -> dict[str, Any]:
    found = lines(request.user)
    return {"lines": found, "active": any(line.export.active for line in found)}


@require_GET
def choices(request: HttpRequest) -> HttpResponse:
    """What can be chosen for another layer, for htmx."""
    policy.require_somewhere(request.user, Action.VIEW)
    context = {
        "choices": Choices.of(request.user, request.GET.get("layer", "")),
        "sent": sent_again(request.GET),
    }
    return render(request, "exports/choices.html", context)


@require_GET
def place_choices(request: HttpRequest) -> HttpResponse:
    """Divisions by name or code, for htmx."""
    scope = policy.require_somewhere(request.user, Action.VIEW)
    chosen = request.GET.get("division", "")
    found = places.place_choices(scope, request.GET.get("place_search", ""), chosen)
    return render(request, "exports/places.html", {"places": found, "sent": {"division": chosen}})


@require_GET
def export_list(request: HttpRequest) -> HttpResponse:
    """How far the reader's exports are, for htmx."""
    policy.require_somewhere(request.user, Action.VIEW)
    return render(request, "exports/list.html", _listed(request))


@require_POST
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    jobs.cancel(actor=request.user, uid=uid)
    return redirect("exports")


@require_POST
def remove(request: HttpRequest, uid: UUID) -> HttpResponse:
    jobs.remove(actor=request.user, uid=uid)
    return redirect("exports")
