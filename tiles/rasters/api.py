"""Which rasters there are, as JSON."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from layers.access.rasters import visible_rasters
from tiles.rasters.tilejson import entry

router = Router(tags=["rasters"])


@router.get("/rasters")
def list_rasters(request: HttpRequest) -> list[dict[str, Any]]:
    """The rasters that the caller sees: those of their divisions, and the public ones."""
    return [entry(raster) for raster in visible_rasters(request.user).order_by("title", "name")]
