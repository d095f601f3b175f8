"""One's own account: grants in words, password, access tokens, and how to connect a client."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import PasswordChangeView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gisapp.web.grants import own_grants
from layers.access import accounts, tokens
from layers.errors import ServiceError
from layers.models import AccessToken, User

DEFAULT_DAYS = 90


class TokenForm(forms.Form):
    """A token's name, and for how long it is valid."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": "QGIS"}),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Valid for"),
        coerce=int,
        initial=DEFAULT_DAYS,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        days = cast("forms.TypedChoiceField", self.fields["days"])
        days.choices = [
            (each, _("%(days)d days") % {"days": each}) for each in tokens.LIFETIMES_DAYS
        ]


@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    return _page(request)


@never_cache
@login_required
@require_POST
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token; its secret is on this answer and never again."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    try:
        _token, secret = tokens.create_token(actor=_user(request), **form.cleaned_data)
    except ServiceError as refusal:
        form.add_error(None, f"{refusal.message} {refusal.remedy}")
        return _page(request, form=form)
    return _page(request, secret=secret)


@login_required
@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    tokens.revoke_token(actor=_user(request), token_id=token_id)
    if request.headers.get("HX-Request"):
        return _page(request)
    messages.success(request, _("The token is revoked."))
    return redirect("account")


class PasswordChange(PasswordChangeView):
    """Django's view; the change is journalled with it."""

    http_method_names = ("get", "head", "post")
    template_name = "web/password.html"
    success_url = reverse_lazy("account")

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        for field in form.fields.values():
            field.widget.attrs["class"] = "form-control"
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            accounts.note_own_change(_user(self.request))
        messages.success(self.request, _("Your password is changed."))
        return response


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


def _page(request: HttpRequest, form: TokenForm | None = None, secret: str = "") -> HttpResponse:
    user = _user(request)
    context = {
        "grants": own_grants(user),
        "tokens": _shown(user),
        "form": form or TokenForm(),
        "secret": secret,
        "ogc_address": request.build_absolute_uri("/ogc/"),
        "tiles_address": request.build_absolute_uri("/tiles/roads/") + "{z}/{x}/{y}.mvt",
    }
    part = request.headers.get("HX-Target") == "tokens"
    failed = form is not None and bool(form.errors)
    return render(
        request,
        "web/tokens.html" if part else "web/account.html",
        context,
        # htmx swaps nothing on an error status, and the form must come back with its problems.
        status=422 if failed and not part else 200,
    )


def _shown(user: User) -> list[tuple[AccessToken, bool]]:
    """Tokens that are not revoked, and whether each is still valid."""
    now = timezone.now()
    found = AccessToken.objects.filter(user=user, revoked_at__isnull=True)
    return [(token, token.expires_at > now) for token in found]
