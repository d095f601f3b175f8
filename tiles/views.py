"""Tiles and TileJSON over HTTP."""

import gzip
import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from layers.divisions import HUNAN_BOUNDS
from tiles.coordinates import DEEPEST, Tile
from tiles.serving import tile_bytes
from tiles.tilejson import ATTRIBUTION, title_of, vector_layer

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
COMPRESSED_FROM = 512
COMPRESSION = 5


@require_safe
def vector_tile(request: HttpRequest, name: str, z: int, x: int, y: int) -> HttpResponse:
    """One tile: 200 with an ETag, 304 when the reader has it, 204 when it is empty."""
    body = tile_bytes(name, Tile(z, x, y), request.user)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    response: HttpResponse
    if etag in known or f"W/{etag}" in known:
        response = HttpResponseNotModified()
    elif not body:
        response = HttpResponse(status=204)
    elif len(body) >= COMPRESSED_FROM and "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(gzip.compress(body, COMPRESSION, mtime=0), content_type=MEDIA_TYPE)
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(body, content_type=MEDIA_TYPE)
    response["ETag"] = etag
    # What a reader sees depends on the account; a copy is asked about each time, so never stale.
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, Accept-Encoding"
    return response


@require_safe
def tile_json(request: HttpRequest, name: str) -> JsonResponse:
    """TileJSON 3.0 of one layer."""
    return JsonResponse(
        {
            "tilejson": "3.0.0",
            "name": title_of(name),
            "tiles": [f"{request.build_absolute_uri('/')}tiles/{name}/{{z}}/{{x}}/{{y}}.mvt"],
            "minzoom": 0,
            "maxzoom": DEEPEST,
            "bounds": list(HUNAN_BOUNDS),
            "vector_layers": [vector_layer(name)],
            "attribution": ATTRIBUTION,
        }
    )
