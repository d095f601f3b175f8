"""The administration pages. With htmx they answer with the changed part."""

from typing import Any, TypeVar, cast

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gisapp.web.administration import places
from gisapp.web.administration.filters import AccountFilters, current
from gisapp.web.administration.forms import AccountForm, GrantForm
from gisapp.web.grants import GrantWords, in_words
from layers.access import accounts, grants
from layers.access.administration import Administered
from layers.access.roles import ROLE_CHOICES
from layers.divisions.names import counties_touched, place_names
from layers.errors import NotFound, Rejected
from layers.models import AccountEvent, Grant, User
from layers.registry import LAYERS

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 25
EVENTS_SHOWN = 100


@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    """Accounts with a grant inside the administrator's divisions, and those grants."""
    administered = Administered.by(request.user)
    filters = AccountFilters.read(request.GET)
    rows = filters.rows(administered)
    context = {
        "filters": filters,
        "count": rows.count(),
        "accounts": _with_grants(_page(rows, filters.page), administered),
        "counties": counties_touched(administered.scope),
        "roles": ROLE_CHOICES,
    }
    context |= _turning(filters.page, int(str(context["count"])), filters.query)
    part = request.headers.get("HX-Target") == "account-results"
    name = "results" if part else "list"
    return render(request, f"web/administration/{name}.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_account(request: HttpRequest) -> HttpResponse:
    """The form of a new account, and its sending; the password is on the answer, once."""
    administered = Administered.by(request.user)
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, secret = accounts.create_account(
                actor=_actor(request),
                person=form.person(),
                password=form.cleaned_data["password"],
                **form.given(),
            )
        except Rejected as refusal:
            form.add_refusal(refusal)
        else:
            return _account(request, administered, user, secret=secret, created=True)
    context = {"form": form, **_place_context(request, administered)}
    status = 422 if form.is_bound else 200
    return render(request, "web/administration/new.html", context, status=status)


@require_safe
def account_page(request: HttpRequest, user_id: int) -> HttpResponse:
    """One account: its grants here, their history, what was done to it."""
    administered = Administered.by(request.user)
    return _account(request, administered, _seen(administered, user_id))


@require_POST
def give(request: HttpRequest, user_id: int) -> HttpResponse:
    administered = Administered.by(request.user)
    account = _seen(administered, user_id)
    form = GrantForm(request.POST)
    if not form.is_valid():
        return _account(request, administered, account, form=form)
    grants.grant_role(actor=_actor(request), account=account, **form.given())
    return _changed(request, administered, account)


@require_POST
def revoke(request: HttpRequest, grant_id: int) -> HttpResponse:
    administered = Administered.by(request.user)
    grant = administered.grants().filter(pk=grant_id).first()
    if grant is None:
        raise NotFound(_("There is no such grant, or it is outside your divisions."))
    try:
        grants.revoke_grant(actor=_actor(request), grant_id=grant.pk)
    except Rejected as refusal:
        return _account(request, administered, grant.user, refusal=refusal)
    if not Administered.by(request.user).accounts().filter(pk=grant.user_id).exists():
        return redirect("administration")
    return _changed(request, administered, grant.user)


@require_POST
def disable(request: HttpRequest, user_id: int) -> HttpResponse:
    return _set_active(request, user_id, active=False)


@require_POST
def enable(request: HttpRequest, user_id: int) -> HttpResponse:
    return _set_active(request, user_id, active=True)


@never_cache
@require_POST
def password(request: HttpRequest, user_id: int) -> HttpResponse:
    """A new password, on this answer and never again."""
    administered = Administered.by(request.user)
    account = _seen(administered, user_id)
    secret = accounts.set_password(actor=_actor(request), account=account)
    return _account(request, administered, account, secret=secret)


@require_safe
def place_choices(request: HttpRequest) -> HttpResponse:
    """The radio buttons that fit what was typed."""
    administered = Administered.by(request.user)
    context = _place_context(request, administered)
    return render(request, "web/administration/places.html", context)


@require_safe
def unmaskings(request: HttpRequest) -> HttpResponse:
    """Who looked at whose personal data, and why: in the administrator's divisions."""
    administered = Administered.by(request.user)
    page = AccountFilters.read(request.GET).page
    rows = administered.unmaskings()
    looks = list(_page(rows, page))
    names = place_names(look.division for look in looks)
    context = {
        "looks": [(look, LAYERS.get(look.layer), names[look.division]) for look in looks],
        "count": rows.count(),
    }
    context |= _turning(page, rows.count(), lambda number: f"page={number}")
    return render(request, "web/administration/unmaskings.html", context)


def _actor(request: HttpRequest) -> User:
    return cast("User", request.user)


def _seen(administered: Administered, user_id: int) -> User:
    account = administered.accounts().filter(pk=user_id).first()
    if account is None:
        raise NotFound(_("There is no such account, or it is outside your divisions."))
    return account


def _set_active(request: HttpRequest, user_id: int, *, active: bool) -> HttpResponse:
    administered = Administered.by(request.user)
    account = _seen(administered, user_id)
    try:
        accounts.set_active(actor=_actor(request), account=account, active=active)
    except Rejected as refusal:
        return _account(request, administered, account, refusal=refusal)
    return _changed(request, administered, account)


def _changed(request: HttpRequest, administered: Administered, account: User) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        messages.success(request, _("Saved."))
        return redirect("account-page", account.pk)
    account.refresh_from_db()
    return _account(request, administered, account, saved=True)


def _account(
    request: HttpRequest,
    administered: Administered,
    account: User,
    *,
    form: GrantForm | None = None,
    refusal: Rejected | None = None,
    **more: Any,
) -> HttpResponse:
    """The account's page, or with htmx its changing part."""
    now = timezone.now()
    granted = administered.grants().filter(user=account).select_related("granted_by", "revoked_by")
    words = in_words(granted.order_by("-granted_at", "-pk"))
    context = {
        "account": account,
        "current": [_row(request, each) for each in words if not _ended(each.grant)],
        "ended": [each for each in words if _ended(each.grant)],
        "events": _events(administered, account),
        "manageable": administered.has_all_of(account),
        "oneself": account.pk == request.user.pk,
        "form": form or GrantForm(),
        "refusal": refusal,
        "now": now,
        **_place_context(request, administered),
        **more,
    }
    part = request.headers.get("HX-Target") == "account-body"
    name = "account_body" if part else "account"
    failed = refusal is not None or (form is not None and bool(form.errors))
    # htmx swaps nothing on an error status, and the form must come back with its problems.
    status = 422 if failed and not part else 200
    return render(request, f"web/administration/{name}.html", context, status=status)


def _ended(grant: Grant) -> bool:
    return grant.revoked_at is not None and grant.revoked_at <= timezone.now()


def _row(request: HttpRequest, words: GrantWords) -> tuple[GrantWords, bool]:
    """A grant in force, and whether it may be revoked by who is looking."""
    return words, not grants.is_own_last(_actor(request), words.grant)


def _events(
    administered: Administered, account: User
) -> list[tuple[AccountEvent, GrantWords | None]]:
    events = list(administered.events(account)[:EVENTS_SHOWN])
    about = {
        words.grant.pk: words for words in in_words(each.grant for each in events if each.grant)
    }
    return [(event, about.get(event.grant_id) if event.grant_id else None) for event in events]


def _with_grants(
    listed: QuerySet[User], administered: Administered
) -> list[tuple[User, list[GrantWords]]]:
    shown = list(listed)
    granted = current(administered).filter(user__in=shown).order_by("granted_at", "pk")
    words = in_words(granted)
    return [
        (account, [each for each in words if each.grant.user_id == account.pk]) for account in shown
    ]


def _place_context(request: HttpRequest, administered: Administered) -> dict[str, Any]:
    """What was searched stays beside its results; what was chosen stays chosen."""
    text = request.GET.get("place_search", "")
    return {
        "place_search": text,
        "choices": places.choices(administered, text),
        "chosen": request.POST.get("place", ""),
    }


def _page(rows: QuerySet[Row], page: int) -> QuerySet[Row]:
    return rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]


def _turning(page: int, count: int, query: Any) -> dict[str, Any]:
    last = max(1, -(-count // PAGE_SIZE))
    return {
        "page": page,
        "last": last,
        "previous": query(page - 1) if page > 1 else "",
        "next": query(page + 1) if page < last else "",
    }
