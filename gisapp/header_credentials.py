"""Signing in by a header: what desktop clients and scripts do at the paths of PATHS.

`Authorization: Basic` (user name with password, or with an access token as the password) and
`Authorization: Bearer` (an access token) set `request.user`. A view needs to do nothing about it.

**CSRF.** A forged request rides on what a browser sends by itself: the session cookie, or Basic
credentials it once asked for. A bearer token it never sends by itself, and a request of a desktop
client carries neither `Sec-Fetch-Site` nor `Origin`, which browsers put on every unsafe request.
So the check of the CSRF token is switched off (`request._dont_enforce_csrf_checks`, which Django's
middleware and django-ninja's session check both ask) for a verified token in a bearer header, and
for verified Basic credentials without those two headers; never for a session. Views therefore stay
plain Django views, without `csrf_exempt`.

**Who is asked to sign in.** A 401 at these paths carries `WWW-Authenticate`, by which QGIS and curl
know to ask for a password; but a browser would put up its own login window over our page. It gets
none: a request with a `Sec-Fetch-*` header, the session cookie, or the marks of a script
(`X-Requested-With`, `HX-Request`) comes from a page, and one that prefers text/html is a person
following a link, who has our sign-in page.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from gisapp.failures import failure_response
from layers.access import policy
from layers.access.credentials import BadCredentials, user_of_password, user_of_token
from layers.errors import ServiceError
from layers.models import User

PATHS = ("/api/", "/ogc/", "/tiles/", "/rasters/")
BASIC, BEARER = "basic", "bearer"
REALM = 'realm="Xiangcun"'
CHALLENGES = {
    BASIC: f'Basic {REALM}, charset="UTF-8"',
    BEARER: f'Bearer {REALM}, error="invalid_token"',
}
BROWSER_MARKS = ("Sec-Fetch-Mode", "Sec-Fetch-Site", "X-Requested-With", "HX-Request")


@dataclass(frozen=True, slots=True)
class Header:
    """An Authorization header, taken apart."""

    scheme: str
    value: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Header | None":
        scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
        return cls(scheme.lower(), value.strip()) if scheme else None

    def user(self, address: str) -> User:
        """Raises BadCredentials or TooManyAttempts."""
        if self.scheme == BEARER:
            return user_of_token(self.value)
        if self.scheme == BASIC:
            return user_of_password(*self._pair(), address=address)
        raise self._unreadable()

    def _pair(self) -> tuple[str, str]:
        """User name and password (RFC 7617: UTF-8, at the first colon)."""
        try:
            text = base64.b64decode(self.value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise self._unreadable() from error
        username, _colon, password = text.partition(":")
        return username, password

    def _unreadable(self) -> BadCredentials:
        return BadCredentials(
            _("The Authorization header cannot be read."),
            remedy=_("Send Basic with user name and password, or Bearer with an access token."),
        )


class HeaderCredentialsMiddleware:
    """Stands after AuthenticationMiddleware, whose user it replaces."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PATHS):
            return self.get_response(request)
        header = Header.of(request)
        refusal = _sign_in(request, header) if header else None
        response = refusal or self.get_response(request)
        if response.status_code == BadCredentials.status and not _from_a_page(request):
            scheme = header.scheme if header else BASIC
            response["WWW-Authenticate"] = CHALLENGES.get(scheme, CHALLENGES[BASIC])
        patch_vary_headers(response, ["Authorization"])
        return response


def _sign_in(request: HttpRequest, header: Header) -> HttpResponse | None:
    """Set the request's user, or answer why not: wrong credentials never pass as nobody's."""
    try:
        request.user = policy.remembering(header.user(client_address(request)))
    except ServiceError as error:
        return failure_response(request, error)
    if header.scheme == BEARER or not _sent_by_browser(request):
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    return None


def _sent_by_browser(request: HttpRequest) -> bool:
    return "Sec-Fetch-Site" in request.headers or "Origin" in request.headers


def _from_a_page(request: HttpRequest) -> bool:
    return (
        any(mark in request.headers for mark in BROWSER_MARKS)
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or request.headers.get("Accept", "").startswith("text/html")
    )


def client_address(request: HttpRequest) -> str:
    """Where a request comes from. Behind the proxy, the last entry is the proxy's own word."""
    if not settings.DEVELOPMENT:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))
