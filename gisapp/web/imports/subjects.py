"""What a delivery can be about: one of the layers, or a raster."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from importers.deliveries.rasters.reading import RASTERS
from layers.registry import LAYERS

RASTER_TITLE = _("Rasters: imagery, elevation, themes")


def subjects() -> dict[str, str | Promise]:
    """Title by the name that a delivery keeps."""
    return {**{each.name: str(each.title) for each in LAYERS.values()}, RASTERS: RASTER_TITLE}


def title_of(name: str) -> str:
    return str(subjects().get(name, name))
