"""A WSGI application before Django's: tiles for readers whom Django has let in before.

What it hands out are Django's own responses, headers and all, each named by who may see it and by
the version of what it shows; and both are asked of the database every time (tiles/hits/asking.py).
A tile that it does not have it draws for Django, which only makes the response of it. Whatever is
not plainly a tile it leaves to Django whole.
"""

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

import psycopg2
from django.conf import settings
from django.core.handlers.wsgi import get_str_from_wsgi
from django.db import DatabaseError
from django.http import parse_cookie

from layers.registry import LAYERS
from tiles import serving
from tiles.coordinates import Tile
from tiles.drawing import DRAWN_BY
from tiles.encoding import encoding_for
from tiles.hits.asking import PerThread
from tiles.hits.environment import DRAWN, READER
from tiles.hits.readers import Reader, Readers
from tiles.hits.store import Kept, TileStore
from tiles.overview.reading import TileReading
from tiles.statements import REFERENCES

ADDRESS = re.compile(r"/tiles/([a-z-]+)/(\d{1,2})/(\d{1,8})/(\d{1,8})\.mvt\Z")
KEPT_STATUSES = ("200 ", "204 ")
LEFT_OUT = {"date", "connection", "content-language"}
"""Headers that are of one answer, or of one reader's language: a tile has none."""

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
log = logging.getLogger(__name__)


class Asked(NamedTuple):
    """A request that may be a hit. `session` is empty for nobody."""

    name: str
    tile: Tile
    session: str
    encoding: str
    known: frozenset[str]


class Found(NamedTuple):
    """What an answer is kept by, and the tag that it must bear, if that is known."""

    key: Sequence[object]
    tag: str | None


class Standing(NamedTuple):
    """A tile as its reader sees it, and how it is to be drawn; see `serving.Standing`."""

    reading: TileReading
    now: serving.Standing


class TileHits:
    """Wraps `application`."""

    def __init__(self, application: WSGI, store: TileStore) -> None:
        self.application = application
        self.store = store
        self.readers = Readers()
        self._asking = PerThread()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        asked = asked_for(environ)
        if asked is None:
            return self.application(environ, start_response)
        try:
            return self._answered(asked, environ, start_response)
        except (psycopg2.Error, DatabaseError) as error:
            # The whole service answers, or says what is wrong: in words for its reader.
            log.warning("A tile was not looked up: %s", type(error).__name__)
            self._asking.drop()
            return self.application(environ, start_response)

    def _answered(
        self, asked: Asked, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        asking = self._asking.get()
        if asked.name in REFERENCES:
            epoch = asking.of_reference(asked.name).row[0]
            key = (DRAWN_BY, asked.name, asked.tile, asked.encoding, epoch)
            return self._kept_or_new(asked, Found(key, None), environ, start_response)
        reader = self.readers.get(asked.session)
        if reader is None:
            return self._introduced(asked, asking.epoch(), environ, start_response)
        standing = self._standing(asked, reader)
        if standing is None:
            self.readers.forget(asked.session)
            return self.application(environ, start_response)
        tag = standing.now.tag
        if tag is not None and tag in asked.known:
            start_response("304 Not Modified", _headers_of_304(tag))
            return []
        draw = partial(self._draw, standing, asked.known, environ)
        if tag is None:
            draw()
            return self.application(environ, start_response)
        found = Found((asked.name, asked.tile, asked.encoding, tag), tag)
        return self._kept_or_new(asked, found, environ, start_response, draw)

    def _standing(self, asked: Asked, reader: Reader) -> Standing | None:
        """None where the reader is no longer who was remembered."""
        reading = TileReading(LAYERS[asked.name], asked.tile, reader.scope)
        answer = self._asking.get().of_tile(reading, asked.session)
        if not answer.alive or answer.epoch != reader.epoch:
            return None
        return Standing(reading, serving.standing(reading, answer.row))

    def _draw(self, standing: Standing, known: frozenset[str], environ: dict[str, Any]) -> None:
        """Leaves the tile where the view finds it."""
        row = self._asking.get().row
        environ[DRAWN] = serving.draw(standing.reading, standing.now.how, known, row)

    def _introduced(
        self,
        asked: Asked,
        epoch: int,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
    ) -> Iterable[bytes]:
        """A session seen for the first time: Django tells whose it is."""
        answer = captured(self.application, environ)
        tell = environ.get(READER)
        reader = tell(epoch) if tell is not None else None
        # Who may see nothing is nobody to draw for.
        if reader is not None and not reader.scope.empty:
            self.readers.remember(asked.session, reader)
        start_response(answer.status, answer.headers)
        return [answer.body]

    def _kept_or_new(
        self,
        asked: Asked,
        found: Found,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
        draw: Callable[[], None] = lambda: None,
    ) -> Iterable[bytes]:
        kept = self.store.get(found.key)
        if kept is None:
            draw()
            kept = without(captured(self.application, environ), LEFT_OUT)
            if _may_be_kept(kept, found.tag):
                self._keep(found, kept)
        elif _tag_of(kept) in asked.known:
            start_response("304 Not Modified", _headers_of_304(_tag_of(kept)))
            return []
        start_response(kept.status, kept.headers)
        return [kept.body]

    def _keep(self, found: Found, kept: Kept) -> None:
        """An answer that cannot be kept is an answer all the same."""
        try:
            self.store.put(found.key, kept)
        except OSError as error:
            log.warning("A tile was not kept: %s", error.strerror)


def asked_for(environ: dict[str, Any]) -> Asked | None:
    """None for whatever Django has to see itself: other methods, parameters, credentials."""
    address = ADDRESS.match(environ.get("PATH_INFO", ""))
    if address is None or environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
        return None
    if "HTTP_AUTHORIZATION" in environ or _to_be_redirected(environ):
        return None
    name, tile = address[1], Tile(*(int(each) for each in address.groups()[1:]))
    session = _session(environ)
    if not tile.exists or (name not in REFERENCES and (name not in LAYERS or not session)):
        return None
    return Asked(
        name,
        tile,
        session,
        encoding_for(environ.get("HTTP_ACCEPT_ENCODING", "")),
        frozenset(serving.tags_in(environ.get("HTTP_IF_NONE_MATCH", ""))),
    )


def _to_be_redirected(environ: dict[str, Any]) -> bool:
    if not settings.SECURE_SSL_REDIRECT or settings.SECURE_PROXY_SSL_HEADER is None:
        return False
    header, value = settings.SECURE_PROXY_SSL_HEADER
    return bool(environ.get(header) != value)


def _session(environ: dict[str, Any]) -> str:
    """The session's key, read by the very function that Django reads it with.

    Were there a way to write two cookies of which each side takes another one, a session would be
    remembered as somebody else's.
    """
    cookies = parse_cookie(get_str_from_wsgi(environ, "HTTP_COOKIE", ""))
    found = cookies.get(settings.SESSION_COOKIE_NAME, "")
    # A key has letters and digits only: whatever else this is, Django may make sense of it.
    return found if found.isascii() and found.isalnum() else ""


def captured(application: WSGI, environ: dict[str, Any]) -> Kept:
    """The application's whole answer."""
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_error: Any) -> None:
        told[:] = status, headers

    answer = application(environ, start_response)
    try:
        body = b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()
    return Kept(told[0], told[1], body)


def without(kept: Kept, names: set[str]) -> Kept:
    headers = [(name, value) for name, value in kept.headers if name.lower() not in names]
    return Kept(kept.status, headers, kept.body)


def _may_be_kept(kept: Kept, tag: str | None) -> bool:
    """Not what is drawn of another version, a moment later; nor what sets a reader's cookie."""
    names = {name.lower() for name, _value in kept.headers}
    expected = tag is None or _tag_of(kept) == tag
    return kept.status.startswith(KEPT_STATUSES) and "set-cookie" not in names and expected


def _tag_of(kept: Kept) -> str:
    value = next((value for name, value in kept.headers if name.lower() == "etag"), "")
    return value.removeprefix("W/").strip('"')


def _headers_of_304(tag: str) -> list[tuple[str, str]]:
    return [("ETag", f'"{tag}"'), *serving.HEADERS.items()]
