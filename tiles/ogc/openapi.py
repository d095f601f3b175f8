"""The paths of OGC API - Tiles in the definition. The names of operations are the standard's
(20-057, Requirement /req/oas30/operation-id): clients find the operations by their ends."""

from collections.abc import Iterable
from typing import Any

from layers.ogc.collections import Collection
from layers.ogc.negotiation import JSON
from layers.ogc.openapi.components import STRING, Schema, query_parameter, reference
from layers.ogc.openapi.paths import document_path, failure_answers
from tiles.matrices.catalogue import TILE_MATRIX_SETS
from tiles.ogc.links import MVT, TILE

SUBSET_TEXT = (
    'The same as datetime, as datetime("2026-05-01T08:00:00Z") or datetime(*:"2026-05-01").'
)
_FAILURES = ("400", "401", "404", "406", "429", "503")


def paths(visible: Iterable[Collection]) -> Schema:
    found = {
        "/tileMatrixSets": document_path("tileMatrixSets", JSON, "getTileMatrixSetsList"),
        "/tileMatrixSets/{tileMatrixSetId}": {
            "parameters": [_matrix_set()],
            **document_path("tileMatrixSet", JSON, "getTileMatrixSet"),
        },
    }
    for each in visible:
        found |= _of_collection(each.name)
    return found


def _of_collection(name: str) -> Schema:
    path = f"/collections/{name}/tiles"
    operation = f"{name}.collection.vector"
    one = f"{path}/{{tileMatrixSetId}}"
    return {
        path: document_path("tileSets", JSON, f"{operation}.getTileSetsList", name),
        one: {
            "parameters": [_matrix_set()],
            **document_path("tileSet", JSON, f"{operation}.getTileSet", name),
        },
        f"{one}/{TILE}": {
            "parameters": [_matrix_set(), *_place()],
            "get": _tile(name, f"{operation}.getTile"),
        },
    }


def _tile(name: str, operation: str) -> Schema:
    content = {MVT: {"schema": {"type": "string", "format": "binary"}}}
    formats = {"type": "string", "enum": ["mvt"]}
    return {
        "operationId": operation,
        "tags": [name],
        "parameters": [
            {"name": "f", "in": "query", "required": False, "schema": formats},
            reference("parameters", "datetime"),
            query_parameter("subset", STRING, SUBSET_TEXT),
        ],
        "responses": {
            "200": {"description": "The tile.", "content": content},
            "204": {"description": "There is nothing in the tile."},
            "304": {"description": "The reader has it already (If-None-Match)."},
            **failure_answers(_FAILURES),
        },
    }


def _matrix_set() -> Schema:
    return _parameter("tileMatrixSetId", {"type": "string", "enum": list(TILE_MATRIX_SETS)})


def _place() -> list[Schema]:
    """Every matrix has its own numbers of rows and columns; a tileset's document tells them."""
    number = {"type": "integer", "minimum": 0}
    zooms = sorted({zoom for each in TILE_MATRIX_SETS.values() for zoom in each.drawn})
    return [
        _parameter("tileMatrix", {"type": "string", "enum": [str(zoom) for zoom in zooms]}),
        _parameter("tileRow", number),
        _parameter("tileCol", number),
    ]


def _parameter(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _object(required: Iterable[str], **properties: Any) -> Schema:
    return {"type": "object", "required": list(required), "properties": properties}


def _list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def schemas() -> Schema:
    links = _list_of(reference("schemas", "link"))
    number = {"type": "number"}
    count = {"type": "integer", "minimum": 0}
    names = dict.fromkeys(("id", "title", "uri", "crs"), STRING)
    limits = dict.fromkeys(("minTileRow", "maxTileRow", "minTileCol", "maxTileCol"), count)
    matrix = _object(
        ["id", "scaleDenominator", "cellSize", "pointOfOrigin", "tileWidth", "tileHeight"],
        id=STRING,
        scaleDenominator=number,
        cellSize=number,
        cornerOfOrigin=STRING,
        pointOfOrigin=_list_of(number),
        **dict.fromkeys(("tileWidth", "tileHeight", "matrixWidth", "matrixHeight"), count),
    )
    return {
        "tileMatrixSets": _object(
            ["tileMatrixSets"],
            tileMatrixSets=_list_of(_object(["id", "links"], **names, links=links)),
            links=links,
        ),
        "tileMatrixSet": _object(
            ["id", "crs", "tileMatrices"],
            **names,
            orderedAxes=_list_of(STRING),
            wellKnownScaleSet=STRING,
            tileMatrices=_list_of(matrix),
            links=links,
        ),
        "tileSets": _object(
            ["tilesets"], tilesets=_list_of(reference("schemas", "tileSet")), links=links
        ),
        "tileSet": _object(
            ["dataType", "crs", "links"],
            **dict.fromkeys(("title", "description", "crs", "attribution"), STRING),
            **dict.fromkeys(("tileMatrixSetId", "tileMatrixSetURI"), STRING),
            dataType={"type": "string", "enum": ["vector"]},
            links=links,
            boundingBox={"type": "object"},
            tileMatrixSetLimits=_list_of(
                _object(["tileMatrix", *limits], tileMatrix=STRING, **limits)
            ),
            layers=_list_of(_object(["id", "dataType"], id=STRING, dataType=STRING)),
            mediaTypes=_list_of(STRING),
        ),
    }
