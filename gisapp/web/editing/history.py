"""The pages of what happened: to a feature, in a changeset; and taking it back."""

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from gisapp.web.editing.changesets import Gathering
from gisapp.web.editing.past import Past
from layers.access import policy
from layers.access.policy import signed_in
from layers.access.roles import Action
from layers.editing import service
from layers.editing.request import EditRequest, Outcome, OutcomeKind
from layers.errors import BadRequest, NotFound
from layers.models import Changeset, Operation
from layers.registry import layer_named

KINDS: dict[str, str | Promise] = {
    Changeset.Kind.DIRECT: gettext_lazy("Edited"),
    Changeset.Kind.IMPORT: gettext_lazy("Import of a file"),
    Changeset.Kind.DEMONSTRATION: gettext_lazy("Demonstration data"),
    Changeset.Kind.PLAN: gettext_lazy("Plan"),
}


@require_GET
def feature_history(request: HttpRequest, layer: str, feature_id: int) -> HttpResponse:
    """Every version of a feature, living or deleted, inside the reader's divisions."""
    policy.require_somewhere(request.user, Action.VIEW)
    past = Past(layer_named(layer), feature_id, request.user)
    page = _number(request, "page") or 1
    compared = past.comparison(_number(request, "a"), _number(request, "b"))
    context: dict[str, Any] = {
        "past": past,
        "entries": past.entries(page),
        "page": page,
        "page_numbers": range(1, past.pages + 1),
        "compared": compared,
        "shapes": compared.shapes if compared else [],
        "sides": _sides(compared.a, compared.b) if compared else [],
        "map_layers": "",
        "uid": uuid.uuid4(),
        "kinds": KINDS,
    }
    return render(request, "editing/history.html", context)


@require_POST
def restore(request: HttpRequest, layer: str, feature_id: int) -> HttpResponse:
    """Bring an older version back, of a living feature or a deleted one."""
    policy.require_somewhere(request.user, Action.EDIT)
    past = Past(layer_named(layer), feature_id, request.user)
    outcome = service.submit(
        actor=signed_in(request.user),
        request=EditRequest(
            uid=_uid(request),
            layer=layer,
            operation=Operation.RESTORE,
            feature_id=feature_id,
            base_version=_posted(request, "base_version") if past.standing.live else None,
            to_version=_posted(request, "to_version"),
        ),
    )
    if outcome.kind is OutcomeKind.CONFLICT:
        messages.warning(
            request, _("Somebody changed this feature meanwhile: decide which stands.")
        )
        return redirect("conflict", outcome.uid)
    _tell(request, outcome, _("The older version stands again."))
    return redirect("feature-history", layer, feature_id)


@require_POST
def undo_edit(request: HttpRequest, layer: str, feature_id: int, uid: UUID) -> HttpResponse:
    """Take one entry back by its inverse."""
    policy.require_somewhere(request.user, Action.EDIT)
    past = Past(layer_named(layer), feature_id, request.user)
    if not past.edits.filter(uid=uid).exists():
        raise NotFound(_("This feature has no such version."))
    outcome = service.undo(actor=signed_in(request.user), uid=uid)
    _tell(request, outcome, _("Taken back."))
    return redirect("feature-history", layer, feature_id)


@require_GET
def changeset_page(request: HttpRequest, number: int) -> HttpResponse:
    """The entries of a changeset inside the reader's divisions."""
    policy.require_somewhere(request.user, Action.VIEW)
    gathering = Gathering.visible(request.user, number)
    page = _number(request, "page") or 1
    context = {
        "changeset": gathering.changeset,
        "gathering": gathering,
        "kind": KINDS[gathering.changeset.kind],
        "entries": gathering.entries(page),
        "page": page,
        "page_numbers": range(1, gathering.pages + 1),
    }
    return render(request, "editing/changeset.html", context)


@require_POST
def undo_changeset(request: HttpRequest, number: int) -> HttpResponse:
    """Take all of a changeset back, or nothing."""
    policy.require_somewhere(request.user, Action.EDIT)
    gathering = Gathering.visible(request.user, number)
    outcomes = service.undo_changeset(actor=signed_in(request.user), changeset=gathering.changeset)
    bad = next((each for each in outcomes if not each.in_the_journal), None)
    _tell(request, bad or outcomes[0], _("All of it is taken back."))
    return redirect("changeset", number)


def _tell(request: HttpRequest, outcome: Outcome, done: str) -> None:
    if outcome.in_the_journal:
        messages.success(request, done)
        return
    problems = " ".join(each.message for each in outcome.problems)
    changed = _("Nothing was taken back: somebody has changed it since.")
    messages.error(request, problems or changed)


def _sides(a: int, b: int) -> list[tuple[str, str]]:
    return [
        (side, _("Version %(number)d") % {"number": number})
        for side, number in (("before", a), ("after", b))
    ]


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and 0 < len(text) < 9 and int(text) else None


def _posted(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isdecimal() or len(text) > 9:
        raise BadRequest(_("This form is incomplete."), remedy=_("Reload the page."))
    return int(text)


def _uid(request: HttpRequest) -> UUID:
    """One for each form: sending it twice is doing it once."""
    try:
        return UUID(request.POST.get("uid", ""))
    except ValueError as error:
        raise BadRequest(_("This form is incomplete."), remedy=_("Reload the page.")) from error
