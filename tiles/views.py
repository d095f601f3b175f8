"""Tiles and TileJSON over HTTP."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.views.decorators.http import require_safe

from layers.divisions import HUNAN_BOUNDS
from layers.models.feature import UpkeepState
from layers.registry import layer_named
from tiles.coordinates import DEEPEST, Tile
from tiles.encoding import COMPRESSED_FROM, IDENTITY, encoded, encoding_for
from tiles.hits.readers import READER, reader_of
from tiles.serving import HEADERS, serve, tags_in
from tiles.statements import REFERENCES

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"


@require_safe
def vector_tile(request: HttpRequest, name: str, z: int, x: int, y: int) -> HttpResponse:
    """One tile: 200 with an ETag, 304 when the reader has it, 204 when it is empty."""
    # Whoever answers for this tile next time (tiles/hits) asks who the reader is.
    request.META[READER] = partial(reader_of, request.user)
    known = tags_in(request.headers.get("If-None-Match", ""))
    tag, body = serve(name, Tile(z, x, y), request.user, known)
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
