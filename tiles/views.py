"""Tiles over HTTP."""

from collections.abc import Collection
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from tiles.coordinates import Tile
from tiles.direct.asking import asked_state
from tiles.direct.serving import serve as serve_rows
from tiles.direct.squares import square_of
from tiles.direct.states import Present
from tiles.encoding import COMPRESSED_FROM, IDENTITY, encoded, encoding_for
from tiles.hits.environment import DRAWN, READER
from tiles.hits.readers import reader_of
from tiles.matrices.catalogue import WEB_MERCATOR_QUAD
from tiles.serving import HEADERS, Served, serve, tags_in

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"


@require_safe
def vector_tile(request: HttpRequest, name: str, z: int, x: int, y: int) -> HttpResponse:
    """One tile: 200 with an ETag, 304 when the reader has it, 204 when it is empty."""
    if DRAWN in request.META:
        return tile_response(request, *request.META[DRAWN])
    # Whoever answers for this tile next time (tiles/hits) asks who the reader is.
    request.META[READER] = partial(reader_of, request.user)
    known = tags_in(request.headers.get("If-None-Match", ""))
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
    else:
        response = _compressed(body, request.headers.get("Accept-Encoding", ""))
    response["ETag"] = f'"{tag}"'
    for header, value in HEADERS.items():
        response[header] = value
    return response


def _compressed(body: bytes, accepted: str) -> HttpResponse:
    encoding = encoding_for(accepted) if len(body) >= COMPRESSED_FROM else IDENTITY
    response = HttpResponse(encoded(body, encoding), content_type=MEDIA_TYPE)
    if encoding:
        response["Content-Encoding"] = encoding
    return response
