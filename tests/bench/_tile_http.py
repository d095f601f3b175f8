"""Tiles over HTTP as a browser asks for them: one session, connections kept alive."""

import http.client
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

import brotli
from django.conf import settings
from django.test import Client

from layers.models import Grant, User
from tiles.coordinates import Tile

PROVINCE = "430000000000"


class Answer(NamedTuple):
    """`sent` is the body as it came, in whatever `encoding`."""

    ms: float
    status: int
    tag: str
    encoding: str
    sent: bytes

    @property
    def body(self) -> bytes:
        return brotli.decompress(self.sent) if self.encoding == "br" else self.sent


@contextmanager
def account(role: str) -> Iterator[User]:
    """Of the whole province, for as long as it is needed; its edits stay and so does it, then."""
    user = User.objects.create_user(f"bench-{uuid.uuid4().hex[:12]}")
    grant = Grant.objects.create(user=user, role=role, division_id=PROVINCE)
    try:
        yield user
    finally:
        grant.delete()


def cookie_of(user: User) -> str:
    """The header of a session of this user's."""
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


class Browser:
    """One connection to a server; a body is kept as it was sent, compressed."""

    def __init__(self, address: str, cookie: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self._headers = {"Cookie": cookie, "Accept-Encoding": "br"}

    def get(self, path: str, known: str = "") -> Answer:
        headers = {**self._headers, "If-None-Match": known} if known else self._headers
        began = time.perf_counter()
        self._connection.request("GET", path, headers=headers)
        answer = self._connection.getresponse()
        body = answer.read()
        spent = (time.perf_counter() - began) * 1000
        tag, encoding = (answer.headers.get(name, "") for name in ("ETag", "Content-Encoding"))
        return Answer(spent, answer.status, tag, encoding, body)

    def close(self) -> None:
        self._connection.close()


def path_of(layer: str, tile: Tile) -> str:
    return f"/tiles/{layer}/{tile.z}/{tile.x}/{tile.y}.mvt"
