"""How every address of the interface answers: methods, representations, failures, caching."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from layers.errors import ServiceError
from layers.ogc import links
from layers.ogc.failures import MethodNotAllowed
from layers.ogc.links import Link
from layers.ogc.negotiation import JSON, Format, wanted_format

Answer = Callable[..., HttpResponse]
SAFE = ("GET", "HEAD", "OPTIONS")


def resource(get: Answer, **others: Answer) -> Answer:
    """A view of one address: `resource(read, POST=create)`. HEAD and OPTIONS come with GET."""
    methods: Mapping[str, Answer] = {"GET": get, "HEAD": get, **others}

    def view(request: HttpRequest, **arguments: Any) -> HttpResponse:
        method = request.method or "GET"
        allowed = sorted({*methods, "OPTIONS"})
        try:
            if method == "OPTIONS":
                response = HttpResponse(status=204)
            elif method in methods:
                response = methods[method](request, **arguments)
            else:
                raise MethodNotAllowed(
                    _("This address does not take %(method)s.") % {"method": method},
                    remedy=_("It takes: %(names)s") % {"names": ", ".join(allowed)},
                )
        except ServiceError as error:
            response = failure(request, error)
        if method == "OPTIONS" or response.status_code == 405:
            response.headers.setdefault("Allow", ", ".join(allowed))
        return guarded(response)

    return view


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
    if error.status == 401:
        response.headers.setdefault("WWW-Authenticate", 'Basic realm="Xiangcun", charset="UTF-8"')
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
