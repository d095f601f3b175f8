"""The paths of the definition, from the collections."""

from collections.abc import Iterable, Sequence
from typing import Any

from layers.ogc.collections import Collection
from layers.ogc.contributions import contributions
from layers.ogc.negotiation import GEOJSON, HTML, JSON, MERGE_PATCH, OPENAPI, SCHEMA
from layers.ogc.openapi.components import (
    STRING,
    Schema,
    filter_schema,
    query_parameter,
    reference,
)
from layers.ogc.parameters import ITEM, ITEMS
from layers.ogc.properties import Type

_READ = ("400", "401", "404", "406", "429")
_WRITTEN = ("400", "401", "403", "404", "405", "409", "413", "415", "422", "429")
_CHANGED = (*_WRITTEN, "412", "428")


def all_paths(visible: Sequence[Collection]) -> Schema:
    found: Schema = {
        "/": document_path("landing", JSON, "getLandingPage"),
        "/conformance": document_path("conformance", JSON, "getConformance"),
        "/api": document_path("definition", OPENAPI, "getDefinition"),
        "/collections": document_path("collections", JSON, "getCollections"),
    }
    for each in visible:
        found |= _of_collection(each)
    for one in contributions():
        found |= one.paths(visible)
    return found


def document_path(schema: str, media_type: str, operation: str, tag: str = "service") -> Schema:
    content = {media_type: {"schema": reference("schemas", schema)}, HTML: {"schema": STRING}}
    return {
        "get": {
            "operationId": operation,
            "tags": [tag],
            "parameters": [reference("parameters", "f")],
            "responses": {
                "200": {"description": "OK", "content": content},
                **failure_answers(_READ),
            },
        }
    }


def failure_answers(statuses: Iterable[str]) -> Schema:
    return {status: reference("responses", status) for status in statuses}


def _of_collection(each: Collection) -> Schema:
    path = f"/collections/{each.name}"
    name = each.name
    found = {
        path: document_path("collection", JSON, f"{name}.describe", name),
        **{
            f"{path}/{part}": document_path("definition", SCHEMA, f"{name}.{part}", name)
            for part in ("queryables", "sortables", "schema")
        },
        f"{path}/items": {"get": _list(each)},
        f"{path}/items/{{featureId}}": {"parameters": [_key(each)], "get": _read(each)},
    }
    if each.layer:
        found[f"{path}/items"]["post"] = _write(each, "create", "new", GEOJSON, "201", _WRITTEN)
        item = found[f"{path}/items/{{featureId}}"]
        item["put"] = _write(each, "replace", "new", GEOJSON, "200", _CHANGED)
        item["patch"] = _write(each, "update", "patch", MERGE_PATCH, "200", _CHANGED)
        item["delete"] = _remove(each)
    return found


def _key(each: Collection) -> Schema:
    numeric = each.key_type is Type.INTEGER
    schema: Schema = {"type": "integer", "format": "int64", "minimum": 1} if numeric else STRING
    return {"name": "featureId", "in": "path", "required": True, "schema": schema}


def _answer(each: Collection, schema: str) -> Schema:
    content = {GEOJSON: {"schema": reference("schemas", f"{each.name}.{schema}")}}
    crs = {"Content-Crs": {"schema": STRING, "description": "The reference system, in brackets."}}
    return {"description": "OK", "headers": crs, "content": {**content, HTML: {"schema": STRING}}}


def _list(each: Collection) -> Schema:
    own = [query_parameter(p.name, filter_schema(p), str(p.label)) for p in each.properties]
    return {
        "operationId": f"{each.name}.list",
        "tags": [each.name],
        "summary": str(each.title),
        "parameters": [*(reference("parameters", name) for name in ("f", *ITEMS)), *own],
        "responses": {"200": _answer(each, "features"), **failure_answers((*_READ, "503"))},
    }


def _read(each: Collection) -> Schema:
    return {
        "operationId": f"{each.name}.read",
        "tags": [each.name],
        "parameters": [reference("parameters", name) for name in ("f", *ITEM)],
        "responses": {
            "200": _answer(each, "feature"),
            "304": {"description": "The reader has it already (If-None-Match)."},
            **failure_answers((*_READ, "503")),
        },
    }


def _write(
    each: Collection,
    operation: str,
    body: str,
    media_type: str,
    status: str,
    failures: Iterable[str],
) -> Schema:
    headers = ["content-crs"] if operation == "create" else ["content-crs", "if-match"]
    answer: dict[str, Any] = _answer(each, "feature")
    del answer["content"][HTML]
    if status == "201":
        answer["headers"] = {**answer["headers"], "Location": {"schema": STRING}}
    return {
        "operationId": f"{each.name}.{operation}",
        "tags": [each.name],
        "parameters": [reference("parameters", name) for name in headers],
        "requestBody": {
            "required": True,
            "content": {media_type: {"schema": reference("schemas", f"{each.name}.{body}")}},
        },
        "responses": {status: answer, **failure_answers(failures)},
    }


def _remove(each: Collection) -> Schema:
    return {
        "operationId": f"{each.name}.delete",
        "tags": [each.name],
        "parameters": [reference("parameters", "if-match")],
        "responses": {"204": {"description": "Deleted."}, **failure_answers(_CHANGED)},
    }
