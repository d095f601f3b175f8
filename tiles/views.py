"""Tiles and TileJSON over HTTP."""

import gzip

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from layers.divisions import HUNAN_BOUNDS
from layers.models.feature import UpkeepState
from layers.registry import layer_named
from tiles.coordinates import DEEPEST, Tile
from tiles.serving import serve
from tiles.statements import REFERENCES

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
COMPRESSED_FROM = 512
COMPRESSION = 5


@require_safe
def vector_tile(request: HttpRequest, name: str, z: int, x: int, y: int) -> HttpResponse:
    """One tile: 200 with an ETag, 304 when the reader has it, 204 when it is empty."""
    known = _tags(request.headers.get("If-None-Match", ""))
    tag, body = serve(name, Tile(z, x, y), request.user, known)
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


def _tags(header: str) -> set[str]:
    """The tags a client names, weak or strong, without their marks.

    >>> sorted(_tags('"a", W/"b"'))
    ['a', 'b']
    """
    return {tag.removeprefix("W/").strip('"') for tag in parse_etags(header)}


@require_safe
def tile_json(request: HttpRequest, name: str) -> JsonResponse:
    """TileJSON 3.0 of one layer."""
    if name in REFERENCES:
        title, fields = name, dict.fromkeys(REFERENCES[name].attributes, "String")
    else:
        title = str(layer_named(name).title)
        fields = {"state": "String", "class": "String", "name": "String"}
        fields |= {"aggregate": "Boolean", "n": "Number"}
        fields |= dict.fromkeys(UpkeepState.values, "Number")
    return JsonResponse(
        {
            "tilejson": "3.0.0",
            "name": title,
            "tiles": [f"{request.build_absolute_uri('/')}tiles/{name}/{{z}}/{{x}}/{{y}}.mvt"],
            "minzoom": 0,
            "maxzoom": DEEPEST,
            "bounds": list(HUNAN_BOUNDS),
            "vector_layers": [{"id": name, "fields": fields}],
            "attribution": "天地图 GS(2024)0650号",
        }
    )
