"""Every address of the service as Django resolves it, and its methods where they are declared."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from gisapp.api import api

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
ADMIN = "admin/"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def patterns() -> Iterator[str]:
    """`map/{name}/{feature_id}/sheet`, …; the admin site is one entry of its own."""
    yield from dict.fromkeys(
        found for found in _walk(get_resolver().url_patterns) if not found.startswith(ADMIN)
    )


def _walk(found: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for each in found:
        text = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, text)
        else:
            yield PARAMETER.sub(r"{\1}", text)


def api_methods() -> Iterator[tuple[str, str]]:
    """Method and pattern of every operation that django-ninja publishes."""
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method in operations:
            yield method.upper(), path.lstrip("/")
