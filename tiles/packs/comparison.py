"""A manifest beside what there is now."""

from dataclasses import dataclass
from typing import Any

from layers.access.policy import Actor, Scope
from layers.access.rasters import visible_rasters
from layers.divisions import Bounds
from tiles.packs.versions import layer_versions


@dataclass(frozen=True, slots=True)
class Known:
    """What a phone's pack says: digests and counts by layer, and the raster's name and version."""

    bounds: Bounds
    layers: dict[str, str]
    features: dict[str, int]
    raster: tuple[str, int] | None


def compared(known: Known, user: Actor, scope: Scope) -> dict[str, Any]:
    """`changed` says whether anything has. Raises NotFound for a layer that there is not."""
    layers = [
        {
            "name": now.name,
            "changed": now.digest != known.layers[now.name],
            "features_then": known.features[now.name],
            "features_now": now.features,
        }
        for now in layer_versions(list(known.layers), known.bounds, scope)
    ]
    raster = _raster(known.raster, user) if known.raster else None
    changed = any(each["changed"] for each in layers) or bool(raster and raster["changed"])
    return {"changed": changed, "layers": layers, "raster": raster}


def _raster(known: tuple[str, int], user: Actor) -> dict[str, Any]:
    """`version_now` is None where it has been taken off the map, or out of the reader's sight."""
    name, version = known
    now = visible_rasters(user).filter(name=name).values_list("version", flat=True).first()
    return {
        "name": name,
        "changed": now != version,
        "version_then": version,
        "version_now": now,
    }
