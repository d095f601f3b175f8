"""Raster tiles and their TileJSON over HTTP. Errors are layers.errors, told by gisapp.failures."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from layers.models.raster import Raster
from tiles.coordinates import Tile
from tiles.rasters.asking import VERSION, Asked
from tiles.rasters.catalogue import visible_raster
from tiles.rasters.encoding import FORMATS
from tiles.rasters.failures import RasterUnavailable
from tiles.rasters.serving import TileRequest, requested, tile_bytes
from tiles.rasters.tilejson import tile_json

PUBLIC_AGE_S = 7 * 86400
"""A published map that is withdrawn leaves shared caches within so long."""
PRIVATE_AGE_S = 86400


@require_safe
def raster_tile(
    request: HttpRequest, name: str, z: int, x: int, y: int, suffix: str
) -> HttpResponse:
    """200 with an ETag, 304 when the reader has it, 204 where the raster has no values."""
    wanted = _wanted(request, name, Tile(z, x, y), suffix)
    if _known(request, wanted):
        return _headed(request, wanted, HttpResponseNotModified())
    try:
        body = tile_bytes(wanted)
    except RasterUnavailable:
        # Replaced since its row was read, and its file deleted: the new one is there.
        again = _wanted(request, name, wanted.tile, suffix)
        if again.raster.version == wanted.raster.version:
            raise
        wanted, body = again, tile_bytes(again)
    if not body:
        return _headed(request, wanted, HttpResponse(status=204))
    media_type = FORMATS[suffix].media_type
    return _headed(request, wanted, HttpResponse(body, content_type=media_type))


@require_safe
def raster_json(request: HttpRequest, name: str) -> JsonResponse:
    """TileJSON of the raster as its query says; the tiles' addresses carry the same query."""
    raster = visible_raster(request.user, name)
    asked = Asked.of(request.GET, raster)
    response = JsonResponse(tile_json(raster, asked, request.build_absolute_uri("/")))
    response["Cache-Control"] = f"{_audience(raster)}, no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response


def _wanted(request: HttpRequest, name: str, tile: Tile, suffix: str) -> TileRequest:
    """Who may see it is asked first: all that a hidden raster ever says is that it is not there."""
    raster = visible_raster(request.user, name)
    return requested(raster, tile, Asked.of(request.GET, raster), suffix)


def _known(request: HttpRequest, wanted: TileRequest) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return f'"{wanted.tag}"' in known or f'W/"{wanted.tag}"' in known


def _headed(request: HttpRequest, wanted: TileRequest, response: HttpResponse) -> HttpResponse:
    response["ETag"] = f'"{wanted.tag}"'
    response["Cache-Control"] = f"{_audience(wanted.raster)}, {_age(request, wanted.raster)}"
    patch_vary_headers(response, ["Cookie"])
    return response


def _audience(raster: Raster) -> str:
    return "public" if raster.public else "private"


def _age(request: HttpRequest, raster: Raster) -> str:
    """An address with the current version is another one after a replacement; any other is asked
    about each time, so that what it shows is never stale."""
    if request.GET.get(VERSION) != str(raster.version):
        return "no-cache"
    return f"max-age={PUBLIC_AGE_S if raster.public else PRIVATE_AGE_S}"
