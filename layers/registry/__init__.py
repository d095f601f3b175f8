"""The layers, and how to find one by its name."""

from django.utils.translation import gettext as _

from layers.errors import NotFound
from layers.registry.assets import ASSETS
from layers.registry.resettlement_sites import RESETTLEMENT_SITES
from layers.registry.roads import ROADS
from layers.registry.specification import Field, Kind, Label, Layer, Style
from layers.registry.toilets import TOILETS
from layers.registry.water_works import WATER_WORKS

LAYERS: dict[str, Layer] = {
    layer.name: layer for layer in (RESETTLEMENT_SITES, ROADS, WATER_WORKS, TOILETS, ASSETS)
}

__all__ = ["LAYERS", "Field", "Kind", "Label", "Layer", "Style", "layer_named"]


def layer_named(name: str) -> Layer:
    """Raises NotFound and lists the layers there are."""
    if name not in LAYERS:
        raise NotFound(
            _("There is no layer “%(name)s”.") % {"name": name},
            remedy=_("The layers are: %(names)s") % {"names": ", ".join(LAYERS)},
        )
    return LAYERS[name]
