"""Tells browsers to load nothing from other hosts, so that a page cannot need or leak to one."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

TIANDITU = "https://*.tianditu.gov.cn"


def content_policy(*, tianditu: bool) -> str:
    """The Content-Security-Policy; 天地图's tiles are pictures, allowed only where a key is set."""
    pictures = "'self' data: blob:" + (f" {TIANDITU}" if tianditu else "")
    return "; ".join(
        [
            "default-src 'self'",
            f"img-src {pictures}",
            # The map and the charts place their parts by style attributes.
            "style-src 'self' 'unsafe-inline'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        ]
    )


class ContentPolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = content_policy(tianditu=bool(settings.TIANDITU_KEY))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response
