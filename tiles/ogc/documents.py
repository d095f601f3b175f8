"""The documents of OGC API - Tiles: matrix sets, tilesets, and lists of both."""

from typing import Any

from django.utils.translation import gettext as _

from layers.ogc.collections import Collection
from layers.ogc.links import Addresses, Link, as_dicts
from layers.ogc.negotiation import JSON
from layers.reference import BOUNDARY_CREDIT
from tiles.matrices.catalogue import TILE_MATRIX_SETS
from tiles.matrices.specification import TileMatrix, TileMatrixSet
from tiles.ogc.extent import BOUNDS, limits_of
from tiles.ogc.links import GEODATA, MVT, TILE, TILING_SCHEME, Template, matrix_set_address
from tiles.statements import REFERENCES
from tiles.tilejson import fields

Document = dict[str, Any]

DIMENSIONS = {"point": 0, "line": 1, "polygon": 2}
NUMBERS = {"n", "ok", "due", "overdue", "defective", "none"}


def matrix_sets(addresses: Addresses) -> Document:
    """All that tiles can be asked for in (Requirement tilematrixsets-list of 17-083r4)."""
    return {
        "tileMatrixSets": [
            {
                "id": each.name,
                "title": str(each.title),
                "uri": each.uri or matrix_set_address(addresses, each),
                "crs": each.crs,
                "links": as_dicts([Link(matrix_set_address(addresses, each), "self", JSON)]),
            }
            for each in TILE_MATRIX_SETS.values()
        ],
        "links": as_dicts(addresses.self_links(JSON)),
    }


def matrix_set(addresses: Addresses, found: TileMatrixSet) -> Document:
    """A set's definition (17-083r4, clause 7), with the axes in the order of its registry."""
    scale_set = {"wellKnownScaleSet": found.scale_set} if found.scale_set else {}
    return {
        "id": found.name,
        "title": str(found.title),
        "uri": found.uri or matrix_set_address(addresses, found),
        "crs": found.crs,
        "orderedAxes": list(found.axes),
        **scale_set,
        "tileMatrices": [_matrix(found, each) for each in found.matrices],
        "links": as_dicts(addresses.self_links(JSON)),
    }


def _matrix(found: TileMatrixSet, each: TileMatrix) -> Document:
    return {
        "id": str(each.zoom),
        "scaleDenominator": each.scale_denominator,
        "cellSize": each.cell_size,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": list(found.origin),
        "tileWidth": 256,
        "tileHeight": 256,
        "matrixWidth": each.width,
        "matrixHeight": each.height,
    }


def tilesets(addresses: Addresses, collection: Collection) -> Document:
    """The tilesets of a collection, one a matrix set."""
    return {
        "tilesets": [_summary(addresses, collection, each) for each in TILE_MATRIX_SETS.values()],
        "links": as_dicts(addresses.self_links(JSON)),
    }


def _summary(addresses: Addresses, collection: Collection, found: TileMatrixSet) -> Document:
    """What a list says of a tileset; its own document begins alike."""
    here = f"collections/{collection.name}/tiles/{found.name}"
    links = [
        Link(addresses.to(here, f="json"), "self", JSON),
        Link(addresses.to(here, f="html"), "alternate", "text/html"),
        Link(matrix_set_address(addresses, found), TILING_SCHEME, JSON, str(found.title)),
        Link(addresses.to(f"collections/{collection.name}"), GEODATA, JSON, str(collection.title)),
        Template(f"{addresses.to(here)}/{TILE}?f=mvt", "item", MVT, _("Tiles")),
    ]
    return {
        "title": str(collection.title),
        "dataType": "vector",
        "crs": found.crs,
        "tileMatrixSetId": found.name,
        "tileMatrixSetURI": found.uri or matrix_set_address(addresses, found),
        "links": as_dicts(links),
    }


def tileset(addresses: Addresses, collection: Collection, found: TileMatrixSet) -> Document:
    """A tileset's metadata (17-083r4, clause 8)."""
    credit = {"attribution": BOUNDARY_CREDIT} if collection.name in REFERENCES else {}
    return {
        **_summary(addresses, collection, found),
        "description": _(
            "Every feature is in the tiles of every zoom: as itself, or, where there are many, "
            "counted in cells that say aggregate, with their number by upkeep state."
        )
        if collection.layer
        else str(collection.description),
        "boundingBox": _bounding_box(found),
        "tileMatrixSetLimits": [
            _limits(found, each) for each in found.matrices if each.zoom in found.drawn
        ],
        "layers": [_layer(collection, found)],
        "mediaTypes": [MVT],
        **credit,
    }


def _bounding_box(found: TileMatrixSet) -> Document:
    west, south, east, north = BOUNDS[found.name]
    corners = ([west, south], [east, north])
    lower, upper = ([*reversed(each)] if found.northing_first else each for each in corners)
    return {
        "lowerLeft": lower,
        "upperRight": upper,
        "crs": found.crs,
        "orderedAxes": list(found.axes),
    }


def _limits(found: TileMatrixSet, matrix: TileMatrix) -> Document:
    limits = limits_of(found, matrix)
    return {
        "tileMatrix": str(matrix.zoom),
        "minTileRow": limits.top,
        "maxTileRow": limits.bottom,
        "minTileCol": limits.left,
        "maxTileCol": limits.right,
    }


def _layer(collection: Collection, found: TileMatrixSet) -> Document:
    geometry = collection.geometry if collection.name not in REFERENCES else "polygon"
    return {
        "id": collection.name,
        "title": str(collection.title),
        "dataType": "vector",
        "geometryDimension": DIMENSIONS[geometry],
        "minTileMatrix": str(found.drawn[0]),
        "maxTileMatrix": str(found.drawn[-1]),
        "propertiesSchema": {
            "type": "object",
            "properties": {
                name: {"title": text, "type": _type(name)}
                for name, text in fields(collection.name).items()
            },
        },
    }


def _type(name: str) -> str:
    return "boolean" if name == "aggregate" else "integer" if name in NUMBERS else "string"
