"""Turns a ServiceError that a view raises into its answer: JSON for machines, a page for people."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from layers.errors import LoginRequired, ServiceError

MACHINE_PREFIXES = ("/api/", "/tiles/", "/ogc/", "/rasters/", "/styles/")


def failure_response(request: HttpRequest, error: ServiceError) -> HttpResponse:
    wants_json = request.path.startswith(MACHINE_PREFIXES)
    if wants_json:
        response: HttpResponse = JsonResponse(error.as_dict(), status=error.status)
    elif isinstance(error, LoginRequired) and not request.headers.get("HX-Request"):
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('login')}?{query}")
    else:
        response = render(request, "failure.html", {"error": error}, status=error.status)
    if "retry_after" in error.detail:
        response["Retry-After"] = str(error.detail["retry_after"])
    return response


class FailureMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return failure_response(request, error) if isinstance(error, ServiceError) else None
