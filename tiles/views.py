"""Tiles over HTTP."""

import gzip
from collections.abc import Collection

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from tiles.coordinates import Tile
from tiles.direct.asking import asked_state
from tiles.direct.serving import serve as serve_rows
from tiles.direct.squares import square_of
from tiles.direct.states import Present
from tiles.matrices.catalogue import WEB_MERCATOR_QUAD
from tiles.serving import Served, serve

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
COMPRESSED_FROM = 512
COMPRESSION = 5


@require_safe
def vector_tile(request: HttpRequest, name: str, z: int, x: int, y: int) -> HttpResponse:
    """One tile: 200 with an ETag, 304 when the reader has it, 204 when it is empty."""
    known = known_tags(request.headers.get("If-None-Match", ""))
    tag, body = _served(request, name, Tile(z, x, y), known)
    return tile_response(request, tag, body)


def _served(request: HttpRequest, name: str, tile: Tile, known: Collection[str]) -> Served:
    """Live tiles from the pyramid; those of a past date or a plan from their rows."""
    state = asked_state(request)
    if isinstance(state, Present):
        return serve(name, tile, request.user, known)
    square = square_of(WEB_MERCATOR_QUAD, tile.z, tile.x, tile.y)
    return serve_rows(name, square, state, request.user, known)


def tile_response(request: HttpRequest, tag: str, body: bytes | None) -> HttpResponse:
    """`body` as tiles.serving.Served has it."""
    response: HttpResponse
    if body is None:
        response = HttpResponseNotModified()
    elif not body:
        response = HttpResponse(status=204)
    elif len(body) >= COMPRESSED_FROM and "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(gzip.compress(body, COMPRESSION, mtime=0), content_type=MEDIA_TYPE)
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(body, content_type=MEDIA_TYPE)
    response["ETag"] = f'"{tag}"'
    # What a reader sees depends on the account; a copy is asked about each time, so never stale.
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, Accept-Encoding"
    return response


def known_tags(header: str) -> set[str]:
    """The tags a client names, weak or strong, without their marks.

    >>> sorted(known_tags('"a", W/"b"'))
    ['a', 'b']
    """
    return {tag.removeprefix("W/").strip('"') for tag in parse_etags(header)}
