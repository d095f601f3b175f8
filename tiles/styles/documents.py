"""Whole style documents (MapLibre Style Specification, version 8), for what a reader sees.

`map` has everything, coloured by upkeep state; a layer's name has that layer over the boundaries.
`-classes` after either colours by class instead.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.access.policy import Scope
from layers.errors import NotFound
from layers.ogc.collections import Collection, collection_named, visible
from layers.registry.specification import Layer
from tiles.statements import REFERENCES
from tiles.styles import drawing
from tiles.styles.drawing import Drawn
from tiles.tilejson import CENTRE, address, kept_query

WHOLE = "map"
BY_CLASS = "-classes"
ORDER = ("polygon", "line", "point")
"""What is drawn first lies below."""


def style(request: HttpRequest, name: str, scope: Scope) -> dict[str, Any]:
    """Raises NotFound for a style of a layer that the reader does not see, or that is none."""
    base, by_class = name.removesuffix(BY_CLASS), name.endswith(BY_CLASS)
    shown = _shown(base, scope)
    layers = sorted(
        (each.layer for each in shown if each.layer), key=lambda each: ORDER.index(each.geometry)
    )
    longitude, latitude, zoom = CENTRE
    return {
        "version": 8,
        "name": _title(base, layers),
        "center": [longitude, latitude],
        "zoom": zoom - 1,
        "sources": {each: _source(request, each) for each in (*REFERENCES, *_names(layers))},
        "layers": _drawn(layers, by_class=by_class),
    }


def _shown(base: str, scope: Scope) -> list[Collection]:
    if base == WHOLE:
        return visible(scope)
    try:
        return [collection_named(base, scope)]
    except NotFound as error:
        raise NotFound(
            _("There is no such style, or your account does not see its layer."),
            remedy=_("The styles are map and the names of the layers, also with -classes."),
        ) from error


def _title(base: str, layers: list[Layer]) -> str:
    return str(layers[0].title) if layers and base != WHOLE else _("Xiangcun map")


def _names(layers: list[Layer]) -> list[str]:
    return [each.name for each in layers]


def _source(request: HttpRequest, name: str) -> dict[str, str]:
    return {"type": "vector", "url": f"{address(request, name)}.json{kept_query(request)}"}


def _drawn(layers: list[Layer], *, by_class: bool) -> list[Drawn]:
    found = [drawing.background(), *drawing.divisions(), *drawing.zones()]
    for layer in layers:
        found += drawing.features(layer, by_class=by_class)
    return found
