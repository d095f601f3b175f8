"""The panel of offline packs. What goes into one is the tiles' to say."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gisapp.web.packs.asking import choices, sent_again, wish_from
from gisapp.web.packs.listing import line_of, listed
from layers.access import policy
from layers.access.policy import signed_in
from layers.access.roles import Action
from layers.errors import ServiceError
from tiles.packs import jobs
from tiles.packs.preview import preview


@require_POST
def new_pack(request: HttpRequest) -> HttpResponse:
    """Begin one; a refusal shows the form again, with what was sent."""
    policy.require_somewhere(request.user, Action.VIEW)
    try:
        jobs.begin_pack(actor=signed_in(request.user), wish=wish_from(request))
    except ServiceError as problem:
        context = {**choices(request.user), "pack_sent": sent_again(request), "problem": problem}
        return render(request, "packs/page.html", context, status=problem.status)
    messages.success(request, _("The pack is being made. The list below tells how far it is."))
    return redirect("exports")


@require_POST
def estimate_pack(request: HttpRequest) -> HttpResponse:
    """How large it would be, for htmx; a refusal is told in the same place."""
    user = signed_in(request.user)
    policy.require_somewhere(user, Action.VIEW)
    try:
        told = preview(actor=user, wish=wish_from(request))
    except ServiceError as problem:
        return render(request, "packs/estimate.html", {"problem": problem})
    return render(request, "packs/estimate.html", {"told": told, "plan": told.estimate})


@require_GET
def pack_list(request: HttpRequest) -> HttpResponse:
    """How far the reader's packs are, for htmx."""
    policy.require_somewhere(request.user, Action.VIEW)
    return render(request, "packs/list.html", listed(request.user))


@require_GET
def drawn_form(request: HttpRequest) -> HttpResponse:
    """What the map asks for beside an area that was drawn on it."""
    policy.require_somewhere(request.user, Action.VIEW)
    context = {**choices(request.user), "pack_sent": sent_again(request)}
    return render(request, "packs/drawn.html", context)


@require_GET
def card(request: HttpRequest, uid: UUID) -> HttpResponse:
    """How far one pack is, for the panel beside the map."""
    line = line_of(request.user, jobs.visible_pack(request.user, uid))
    return render(request, "packs/card.html", {"line": line})


@require_POST
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """From the list, or from the map's card, which stays."""
    pack = jobs.cancel(actor=request.user, uid=uid)
    if request.headers.get("HX-Request"):
        return redirect("pack-card", pack.uid)
    return redirect("exports")


@require_POST
def remove(request: HttpRequest, uid: UUID) -> HttpResponse:
    jobs.remove(actor=request.user, uid=uid)
    return redirect("exports")
