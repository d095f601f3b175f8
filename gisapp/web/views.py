"""The pages of the browser side that belong to no single domain."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from gisapp.header_credentials import client_address
from gisapp.web.places import all_places
from gisapp.web.plan_divisions import plan_divisions
from layers.access import policy, throttle
from layers.access.policy import Actor
from layers.history.beginning import first_day
from layers.registry import layer_named

# The boundaries come from Tianditu; a published map must carry their review number.
REVIEW_NUMBER = "GS(2024)0650号"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("map")


def map_config(request: HttpRequest) -> dict[str, Any]:
    """What the map's modules are told by the page; the visitor's own rights come with /api/layers.

    A Tianditu key is public by nature: the browser sends it with every tile.
    """
    return {
        "language": get_language(),
        "signedIn": request.user.is_authenticated,
        "tiandituKey": settings.TIANDITU_KEY,
        "reviewNumber": REVIEW_NUMBER,
        "places": reverse("map-places"),
        "login": reverse("login"),
        "recordsFrom": _records_from(request.user),
        "planDivisions": [asdict(each) for each in plan_divisions(request.user)],
    }


def _records_from(user: Actor) -> str | None:
    """The first day whose map can have features; for those only who may see some."""
    day = None if policy.scope(user).empty else first_day()
    return day.isoformat() if day else None


@require_safe
def map_workspace(
    request: HttpRequest, layer: str | None = None, feature_id: int | None = None
) -> HttpResponse:
    """The workspace, alone or opened on one feature. Raises NotFound for an unknown layer."""
    if layer is not None:
        layer_named(layer)
    selected = {"layer": layer, "id": feature_id} if layer else None
    config = {**map_config(request), "selected": selected}
    return render(request, "web/map.html", {"map_config": config})


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Boundaries and zones are public; they change a few times a year, so a browser may keep them
    for some minutes."""
    response = JsonResponse(all_places())
    patch_cache_control(response, private=True, max_age=300)
    return response


class SignInForm(AuthenticationForm):
    """Django's, slowed down for whoever guesses."""

    def clean(self) -> dict[str, Any]:
        charged = throttle.counters(
            purpose="page",
            username=self.cleaned_data.get("username") or "",
            address=client_address(self.request) if self.request else "",
        )
        try:
            throttle.charge(charged)
        except throttle.TooManyAttempts as refusal:
            raise ValidationError(f"{refusal.message} {refusal.remedy}") from refusal
        cleaned = super().clean()
        throttle.refund(charged)
        return cleaned


class SignIn(LoginView):
    template_name = "web/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(development=settings.DEVELOPMENT, **kwargs)
