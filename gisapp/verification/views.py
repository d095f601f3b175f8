"""What a plate opens: the public summary, the facts inside one's grants, and the check form."""

from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gisapp.verification import services
from gisapp.verification.forms import VisitForm
from gisapp.verification.models import Photo
from gisapp.verification.plates import plate_address, qr_svg
from gisapp.verification.section import section_context
from layers import photos, sheet
from layers.access import policy
from layers.access.roles import Action
from layers.divisions.names import place_names
from layers.errors import NotFound, Rejected
from layers.maplinks import map_links
from layers.models import User
from layers.plates import Found, feature_of_code, plate_of

TOWNSHIP_DIGITS = 9


@never_cache
@require_safe
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """What a reader may know of the feature behind a code; everyone may ask."""
    found = feature_of_code(code)
    if found and _visible(request, found):
        return _facts(request, found, VisitForm())
    if found and found.layer.disclosed(found.feature):
        return render(request, "verification/public.html", _public(found, code))
    # Alike for a code that is nobody's and for a feature that is not disclosed.
    return render(request, "verification/undisclosed.html", {"code": code}, status=404)


@require_POST
def visit(request: HttpRequest, code: str) -> HttpResponse:
    """Keep a visit. Raises LoginRequired, Forbidden or NotFound."""
    policy.require_somewhere(request.user, Action.INSPECT)
    found = _visible_or_not_found(request, code)
    form = VisitForm(request.POST, request.FILES)
    if not form.is_valid():
        return _facts(request, found, form, status=422)
    try:
        # The permission first: nobody else's photographs are even opened.
        policy.require(request.user, Action.INSPECT, found.feature.division_id)
        checked = [photos.check(upload) for upload in form.uploads()[: photos.MAX_EACH + 1]]
        services.record_visit(
            actor=cast("User", request.user),
            layer=found.layer,
            feature_id=found.feature.pk,
            findings=form.findings(),
            photos=checked,
        )
    except Rejected as error:
        for problem in error.detail.get("problems", []):
            name = {"photo": "photos"}.get(problem["field"], problem["field"])
            visible = name in {"verdict", "notes", "photos"}
            form.add_error(name if visible else None, problem["message"])
        return _facts(request, found, form, status=422)
    messages.success(request, _("The visit is kept."))
    return redirect("scanned", code=plate_of(found.layer, found.feature.pk))


@require_safe
def qr_image(request: HttpRequest, code: str) -> HttpResponse:
    """The plate's QR code as SVG, for whoever may know of the feature."""
    found = feature_of_code(code)
    if found is None or not (_visible(request, found) or found.layer.disclosed(found.feature)):
        raise _not_found()
    address = plate_address(request, plate_of(found.layer, found.feature.pk))
    return HttpResponse(qr_svg(address), content_type="image/svg+xml")


@require_safe
def plate(request: HttpRequest, code: str) -> HttpResponse:
    """A plate to print, inside one's grants."""
    policy.require_somewhere(request.user, Action.VIEW)
    found = _visible_or_not_found(request, code)
    text = plate_of(found.layer, found.feature.pk)
    context = {
        "found": found,
        "plate": text,
        "place": place_names([found.feature.division_id])[found.feature.division_id],
        "address": plate_address(request, text),
    }
    return render(request, "verification/plate.html", context)


@require_safe
def photo(request: HttpRequest, photo_id: int) -> FileResponse:
    """A photograph of a visit, to those who may see the feature's division."""
    scope = policy.require_somewhere(request.user, Action.VIEW)
    found = Photo.objects.filter(scope.q("visit__division"), pk=photo_id).first()
    if found is None:
        raise NotFound(_("There is no such photo, or it is outside your divisions."))
    return photos.photo_response(found.stored_name, found.content_type)


def _visible(request: HttpRequest, found: Found) -> bool:
    return policy.may(request.user, Action.VIEW, found.feature.division_id)


def _visible_or_not_found(request: HttpRequest, code: str) -> Found:
    found = feature_of_code(code)
    if found is None or not _visible(request, found):
        raise _not_found()
    return found


def _not_found() -> NotFound:
    return NotFound(_("There is no such feature, or it is outside your divisions."))


def _facts(
    request: HttpRequest, found: Found, form: VisitForm, *, status: int = 200
) -> HttpResponse:
    feature = found.feature
    centre = feature.geom.point_on_surface if feature.geom else None
    context = {
        **section_context(request.user, found.layer, feature),
        "found": found,
        "form": form,
        "groups": sheet.attribute_groups(found.layer, feature),
        "place": place_names([feature.division_id])[feature.division_id],
        "links": map_links(centre.x, centre.y, feature.name or feature.code) if centre else [],
    }
    return render(request, "verification/check.html", context, status=status)


def _public(found: Found, code: str) -> dict[str, Any]:
    """Public fields and the township; no village, no coordinates, no state of upkeep."""
    township = found.feature.division_id[:TOWNSHIP_DIGITS].ljust(12, "0")
    return {
        "layer": found.layer,
        "title": found.feature.name or found.layer.title,
        "groups": sheet.attribute_groups(found.layer, found.feature, public_only=True),
        "place": place_names([township])[township],
        "code": code,
    }
