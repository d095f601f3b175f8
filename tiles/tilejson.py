"""TileJSON 3.0 of a layer: where its tiles are, and what is in them."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from layers.divisions import HUNAN_BOUNDS
from layers.models.feature import UpkeepState
from layers.ogc.collections import COLLECTIONS
from layers.reference import BOUNDARY_CREDIT
from layers.registry import layer_named
from tiles.coordinates import DEEPEST
from tiles.direct.asking import AT, PLAN, asked_state
from tiles.statements import REFERENCES

CENTRE = (111.7, 27.6, 7)
"""Longitude, latitude and zoom at which Hunan fills a screen."""


@require_safe
def tile_json(request: HttpRequest, name: str) -> JsonResponse:
    """Of one layer, as it is or as `?at=` or `?plan=` asks; the tiles' addresses keep that."""
    if name not in REFERENCES:
        layer_named(name)
    asked_state(request)
    response = JsonResponse(document(request, name), json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Accept-Language, Cookie"
    return response


def document(request: HttpRequest, name: str) -> dict[str, Any]:
    return {
        "tilejson": "3.0.0",
        "name": title_of(name),
        "description": str(COLLECTIONS[name].description),
        "scheme": "xyz",
        "tiles": [f"{address(request, name)}/{{z}}/{{x}}/{{y}}.mvt{kept_query(request)}"],
        "minzoom": 0,
        "maxzoom": DEEPEST,
        "bounds": list(HUNAN_BOUNDS),
        "center": list(CENTRE),
        "vector_layers": [{**vector_layer(name), "minzoom": 0, "maxzoom": DEEPEST}],
        **({"attribution": BOUNDARY_CREDIT} if name in REFERENCES else {}),
    }


def title_of(name: str) -> str:
    return str(COLLECTIONS[name].title)


def vector_layer(name: str) -> dict[str, Any]:
    """Name and attributes of the layer in its tiles; an offline pack says the same."""
    return {"id": name, "description": title_of(name), "fields": fields(name)}


def address(request: HttpRequest, name: str) -> str:
    return request.build_absolute_uri(f"/tiles/{name}")


def kept_query(request: HttpRequest) -> str:
    """The past date or the plan that was asked for, as the query of a further address."""
    kept = {key: request.GET[key] for key in (AT, PLAN) if key in request.GET}
    return f"?{urlencode(kept)}" if kept else ""


def fields(name: str) -> dict[str, str]:
    """The attributes that tiles of a layer carry, with their meaning."""
    if name in REFERENCES:
        return {each: _("Text") for each in REFERENCES[name].attributes}
    layer = layer_named(name)
    single = {
        "state": _("Upkeep state of a single feature"),
        "class": str(layer.by_name[layer.classify].label),
        "name": _("Name, from zoom 13"),
        "aggregate": _("True for a cell that counts several features"),
        "n": _("Features in the cell"),
    }
    counts = {state.value: _("Of them in this upkeep state") for state in UpkeepState}
    return {**single, **counts}
