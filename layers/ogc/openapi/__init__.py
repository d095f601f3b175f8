"""The OpenAPI 3.0 definition of what the reader sees, with nothing to fetch from elsewhere."""

from typing import Any

from layers.ogc import documents
from layers.ogc.collections import Collection
from layers.ogc.links import Addresses
from layers.ogc.openapi import components, paths


def definition(addresses: Addresses, visible: list[Collection]) -> dict[str, Any]:
    """Each collection has paths of its own, with its own properties as parameters."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": documents.title(),
            "version": "1",
            "description": documents.description(),
        },
        "servers": [{"url": addresses.root.rstrip("/")}],
        "tags": [
            {"name": "service"},
            *({"name": each.name, "description": str(each.title)} for each in visible),
        ],
        # Without an account some collections are open; with one there may be more.
        "security": [{}, {"basic": []}, {"bearer": []}, {"session": []}],
        "paths": paths.all_paths(visible),
        "components": components.components(visible),
    }
