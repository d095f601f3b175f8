"""What TileJSON says of a vector layer; an offline pack says the same."""

from typing import Any

from layers.registry import layer_named
from tiles.statements import REFERENCES

ATTRIBUTION = "天地图 GS(2024)0650号"


def title_of(name: str) -> str:
    """Raises NotFound for an unknown layer."""
    return name if name in REFERENCES else str(layer_named(name).title)


def vector_layer(name: str) -> dict[str, Any]:
    """Name and attributes of the layer in its tiles, as `vector_layers` lists them."""
    if name in REFERENCES:
        fields = dict.fromkeys(REFERENCES[name].attributes, "String")
    else:
        fields = {"state": "String", "class": "String", "name": "String", "n": "Number"}
    return {"id": name, "fields": fields}
