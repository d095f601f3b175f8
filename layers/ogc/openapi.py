"""The OpenAPI 3.0 definition of what the reader sees, with nothing to fetch from elsewhere."""

from typing import Any

from layers.ogc import documents
from layers.ogc.collections import Collection
from layers.ogc.links import Addresses


def definition(addresses: Addresses, visible: list[Collection]) -> dict[str, Any]:
    return {
        "openapi": "3.0.3",
        "info": {"title": documents.title(), "version": "1"},
        "paths": {},
    }
