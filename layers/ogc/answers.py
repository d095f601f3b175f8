"""How every address of the interface answers: methods, representations, failures, caching."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from layers.errors import Forbidden, ServiceError
from layers.ogc import links
from layers.ogc.failures import MethodNotAllowed
from layers.ogc.links import Link
from layers.ogc.negotiation import JSON, Format, wanted_format

Answer = Callable[..., HttpResponse]
SAFE = ("GET", "HEAD", "OPTIONS")


class Forgery(CsrfViewMiddleware):
    """Django's check, which raises instead of rendering a page."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponseForbidden:
        raise Forbidden(
            _("The CSRF token is missing or wrong."),
            remedy=_("Send X-CSRFToken with a session, or sign in by a header instead."),
        )


def resource(
    get: Answer, *, may_write: Callable[..., bool] = lambda *_, **__: False, **others: Answer
) -> Answer:
    """A view of one address: `resource(read, POST=create)`. HEAD and OPTIONS come with GET.

    `may_write` says whether Allow lists the methods that write, for this caller.
    """
    methods: Mapping[str, Answer] = {"GET": get, "HEAD": get, **others}

    def answered(request: HttpRequest, method: str, arguments: dict[str, Any]) -> HttpResponse:
        if method == "OPTIONS":
            return HttpResponse(status=204)
        if method not in methods:
            raise MethodNotAllowed(
                _("This address does not take %(method)s.") % {"method": method},
                remedy=_("OPTIONS says what it takes."),
            )
        if method in others and request.user.is_authenticated:
            # Whoever is not signed in is told so: a client then asks for a password.
            Forgery(lambda _request: HttpResponse()).process_view(request, get, (), {})
        return methods[method](request, **arguments)

    def view(request: HttpRequest, **arguments: Any) -> HttpResponse:
        method = request.method or "GET"
        try:
            response = answered(request, method, arguments)
            if method == "OPTIONS":
                response["Allow"] = _allow(others if may_write(request, **arguments) else ())
        except ServiceError as error:
            response = failure(request, error)
            if response.status_code == MethodNotAllowed.status:
                response["Allow"] = _allow(())
        return guarded(response)

    return csrf_exempt(view)


def _allow(others: Iterable[str]) -> str:
    return ", ".join([*SAFE, *others])


def guarded(response: HttpResponse) -> HttpResponse:
    """What a reader sees depends on the account, the language and the format asked for."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers.setdefault("Vary", "Accept, Accept-Language, Authorization, Cookie")
    return response


def failure(request: HttpRequest, error: ServiceError) -> HttpResponse:
    """The error as the service words it, with the `description` of the standard's own schema."""
    try:
        page = request.method == "GET" and wanted_format(request) is Format.HTML
    except ServiceError:
        page = False
    if page:
        response = render(request, "ogc/failure.html", {"error": error}, status=error.status)
    else:
        body = {**error.as_dict(), "description": str(error.message)}
        response = _json(body, JSON, status=error.status)
    if "retry_after" in error.detail:
        response["Retry-After"] = str(error.detail["retry_after"])
    return response


def document(
    request: HttpRequest,
    body: Mapping[str, Any],
    template: str,
    context: Mapping[str, Any] | None = None,
    media_type: str = JSON,
) -> HttpResponse:
    """A document as JSON, or as the page that the template makes of it."""
    if wanted_format(request) is Format.HTML:
        return render(request, template, {"document": body, **(context or {})})
    return _json(body, media_type)


def text(
    body: str, media_type: str, linked: Iterable[Link] = (), *, status: int = 200
) -> HttpResponse:
    response = HttpResponse(body, content_type=media_type, status=status)
    named = links.header(linked)
    if named:
        response["Link"] = named
    return response


def _json(body: Mapping[str, Any], media_type: str, status: int = 200) -> HttpResponse:
    return text(json.dumps(body, ensure_ascii=False), media_type, status=status)
