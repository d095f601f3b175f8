"""The “apply the fix” button of a feature's sheet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from layers.access.policy import signed_in
from layers.checks.fixing import apply_fix
from layers.errors import Rejected
from layers.registry import layer_named


@require_POST
def fix(request: HttpRequest, name: str, issue: str) -> HttpResponse:
    """Back to the map at the feature that was fixed. Raises what apply_fix does, and Rejected where
    the edit could not be applied."""
    layer = layer_named(name)
    outcome = apply_fix(actor=signed_in(request.user), layer=layer, issue=issue)[0]
    if not outcome.in_the_journal:
        reasons = " ".join(problem.message for problem in outcome.problems)
        raise Rejected(
            _("The fix could not be applied. %(reasons)s") % {"reasons": reasons},
            remedy=_("Reload: somebody may have changed the feature meanwhile."),
        )
    place = f"/map/{layer.name}/{outcome.feature_id}"
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": place})
    return redirect(place)
