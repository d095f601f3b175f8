"""TileJSON 3.0.0 of a raster, and what a list says of it."""

from typing import Any

from django.utils.html import escape
from django.utils.http import urlencode

from layers.models.raster import Raster, RasterKind
from tiles.rasters.asking import VERSION, Asked, Render
from tiles.rasters.catalogue import zooms
from tiles.rasters.encoding import means_values
from tiles.rasters.grid import TILE


def tile_json(raster: Raster, asked: Asked, root: str) -> dict[str, Any]:
    """`root` is the service's address with its last slash. Clients enlarge above `maxzoom`."""
    told = {
        "tilejson": "3.0.0",
        "name": raster.title,
        "version": f"{raster.version}.0.0",
        "attribution": attribution(raster),
        "scheme": "xyz",
        "tiles": [root.rstrip("/") + tile_address(raster, asked)],
        "minzoom": zooms(raster).start,
        "maxzoom": raster.max_zoom,
        "bounds": [round(each, 7) for each in raster.box],
        "tileSize": TILE,
    }
    return {**told, "encoding": "mapbox"} if asked.render is Render.TERRAIN_RGB else told


def tile_address(raster: Raster, asked: Asked) -> str:
    query = urlencode({**asked.query, VERSION: raster.version})
    suffix = "png" if means_values(raster, asked) else "webp"
    return f"/rasters/{raster.name}/{{z}}/{{x}}/{{y}}.{suffix}?{query}"


def attribution(raster: Raster) -> str:
    """Source, licence and approval number, as HTML: clients show it as such."""
    number = raster.map_number and f"审图号：{raster.map_number}"
    return " · ".join(escape(each) for each in (raster.source, raster.licence, number) if each)


def entry(raster: Raster) -> dict[str, Any]:
    """One raster of the list. `tiles` has an address for each way it can be drawn."""
    renders = list(Render) if raster.kind == RasterKind.ELEVATION else [Render.COLOURS]
    return {
        "name": raster.name,
        "title": raster.title,
        "kind": raster.kind,
        "version": raster.version,
        "public": raster.public,
        "bounds": list(raster.box),
        "minzoom": zooms(raster).start,
        "maxzoom": raster.max_zoom,
        "resolution_m": raster.resolution_m,
        "bands": raster.bands,
        "attribution": attribution(raster),
        "tilejson": f"/rasters/{raster.name}.json",
        "tiles": {
            each.value or "colours": tile_address(raster, Asked(render=each)) for each in renders
        },
    }
