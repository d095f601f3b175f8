"""The parts of the definition that paths refer to: parameters, answers, schemas."""

from typing import Any

from layers.codes import CodeLists
from layers.ogc.collections import GEOMETRY, Collection
from layers.ogc.contributions import contributions
from layers.ogc.cql2 import READERS
from layers.ogc.negotiation import HTML, JSON, Format
from layers.ogc.properties import Property, Type
from layers.ogc.query import DEFAULT_LIMIT, MOST_ITEMS
from layers.ogc.reference_systems import CRS84_URI, reference_systems
from layers.ogc.schemas import lists_of, property_schema

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
_TYPES = {
    "point": ["Point"],
    "line": ["MultiLineString"],
    "polygon": ["MultiPolygon"],
    "any": ["Point", "MultiPolygon"],
}


def reference(kind: str, name: str) -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}


def components(visible: list[Collection]) -> Schema:
    schemas = {**_SCHEMAS, **_of_features(visible)}
    for each in contributions():
        schemas |= each.schemas()
    return {
        "parameters": _parameters(),
        "responses": _responses(),
        "schemas": schemas,
        "securitySchemes": {
            "basic": {"type": "http", "scheme": "basic"},
            "bearer": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        },
    }


def query_parameter(name: str, schema: Schema, description: str = "") -> Schema:
    found = {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "style": "form",
        "explode": False,
    }
    return {**found, "description": description} if description else found


def _parameters() -> Schema:
    systems = {"type": "string", "enum": list(reference_systems()), "default": CRS84_URI}
    bbox = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
    limit = {"type": "integer", "minimum": 1, "maximum": MOST_ITEMS, "default": DEFAULT_LIMIT}
    languages = {"type": "string", "enum": list(READERS), "default": "cql2-text"}
    names = {"type": "array", "items": STRING}
    texts: dict[str, tuple[Schema, str]] = {
        "f": ({"type": "string", "enum": list(Format)}, "The format, instead of Accept."),
        "limit": (limit, "The most features a page has; more than the maximum is the maximum."),
        "token": (STRING, "Where a page begins: from the next and prev links."),
        "bbox": (bbox, "Features that intersect this box, and those without a place."),
        "bbox-crs": (systems, "The reference system of bbox, in its own order of axes."),
        "crs": (systems, "The reference system of the answer, in its own order of axes."),
        "datetime": (STRING, "A moment or an interval (RFC 3339): the layer as it was then."),
        "filter": (STRING, "A CQL2 expression."),
        "filter-lang": (languages, "The language of filter."),
        "filter-crs": (systems, "The reference system of the geometries in filter."),
        "properties": (names, "The properties to return; all without this."),
        "sortby": (names, "Properties to sort by, with a minus before those to sort downwards."),
        "skipGeometry": ({"type": "boolean", "default": False}, "Leave geometries out."),
    }
    found = {name: query_parameter(name, *each) for name, each in texts.items()}
    found["if-match"] = {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "schema": STRING,
        "description": "The ETag of the feature as it was read.",
    }
    found["content-crs"] = {
        "name": "Content-Crs",
        "in": "header",
        "required": False,
        "schema": STRING,
        "description": "The reference system of the body: its URI in angle brackets.",
    }
    return found


_FAILURES = {
    "400": "A parameter or the body cannot be read.",
    "401": "This needs an account.",
    "403": "The account may not do this here.",
    "404": "There is no such thing, or the account does not see it.",
    "405": "The address does not take this method.",
    "406": "Accept allows nothing that is offered.",
    "409": "Somebody else has changed the same, differently; the edit is kept as a conflict.",
    "412": "The feature was changed since it was read.",
    "413": "The body is too large.",
    "415": "The body's media type is not taken.",
    "422": "The values do not fit; each problem is named.",
    "428": "If-Match is missing.",
    "429": "Too many attempts to sign in.",
    "503": "This takes too long; ask for less, or later.",
}


def _responses() -> Schema:
    content = {JSON: {"schema": reference("schemas", "exception")}, HTML: {"schema": STRING}}
    return {status: {"description": text, "content": content} for status, text in _FAILURES.items()}


def filter_schema(each: Property) -> Schema:
    """Of a parameter with a property's name: its type and no more, for old codes stay readable."""
    full = property_schema(each, {})
    return {name: full[name] for name in ("type", "format") if name in full}


def _of_features(visible: list[Collection]) -> Schema:
    found: Schema = {}
    for each in visible:
        lists = lists_of(each)
        found[f"{each.name}.feature"] = _feature(each, lists)
        found[f"{each.name}.features"] = _feature_collection(each)
        if each.layer:
            found[f"{each.name}.new"] = _sent(each, lists, whole=True)
            found[f"{each.name}.patch"] = _sent(each, lists, whole=False)
    return found


def _feature(collection: Collection, lists: CodeLists) -> Schema:
    properties = {
        each.name: {**_plain(each, lists), "nullable": True} for each in collection.properties
    }
    key = {"type": "integer" if collection.key_type is Type.INTEGER else "string"}
    return {
        "type": "object",
        "required": ["type", "id", GEOMETRY, "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": key,
            GEOMETRY: _geometry(collection),
            "properties": {"type": "object", "properties": properties, "nullable": True},
            "links": {"type": "array", "items": reference("schemas", "link")},
        },
    }


def _plain(each: Property, lists: CodeLists) -> Schema:
    """Without what only a writer needs to know."""
    full = property_schema(each, lists)
    return {name: full[name] for name in ("title", "type", "format") if name in full}


def _geometry(collection: Collection) -> Schema:
    return {
        "type": "object",
        "nullable": True,
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"type": "string", "enum": _TYPES[collection.geometry]},
            "coordinates": {"type": "array", "items": {}},
        },
    }


def _feature_collection(collection: Collection) -> Schema:
    return {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
            "links": {"type": "array", "items": reference("schemas", "link")},
            "features": {
                "type": "array",
                "items": reference("schemas", f"{collection.name}.feature"),
            },
        },
    }


def _sent(collection: Collection, lists: CodeLists, *, whole: bool) -> Schema:
    """The body of a new feature, or of a change of one."""
    settable = [each for each in collection.properties if not each.readonly]
    properties = {
        each.name: {
            name: part
            for name, part in property_schema(each, lists).items()
            if not name.startswith("x-")
        }
        for each in settable
    }
    if not whole:
        properties = {name: {**each, "nullable": True} for name, each in properties.items()}
    attributes: Schema = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    required = [each.name for each in settable if each.required]
    if whole and required:
        attributes["required"] = required
    body: Schema = {
        "type": "object",
        "properties": {GEOMETRY: _geometry(collection), "properties": attributes},
    }
    if whole:
        body["properties"]["type"] = {"type": "string", "enum": ["Feature"]}
        body["required"] = ["type", GEOMETRY, "properties"]
    return body


_LINK: Schema = {
    "type": "object",
    "required": ["href", "rel"],
    "properties": dict.fromkeys(("href", "rel", "type", "title"), STRING),
}
_LINKS: Schema = {"type": "array", "items": reference("schemas", "link")}
_SCHEMAS: Schema = {
    "exception": {
        "type": "object",
        "required": ["code"],
        "properties": dict.fromkeys(("code", "description", "message", "remedy"), STRING),
    },
    "link": _LINK,
    "landing": {
        "type": "object",
        "required": ["links"],
        "properties": {"title": STRING, "description": STRING, "links": _LINKS},
    },
    "conformance": {
        "type": "object",
        "required": ["conformsTo"],
        "properties": {"conformsTo": {"type": "array", "items": STRING}, "links": _LINKS},
    },
    "collection": {
        "type": "object",
        "required": ["id", "links"],
        "properties": {
            "id": STRING,
            "title": STRING,
            "description": STRING,
            "itemType": STRING,
            "extent": {"type": "object"},
            "crs": {"type": "array", "items": STRING},
            "storageCrs": STRING,
            "links": _LINKS,
        },
    },
    "collections": {
        "type": "object",
        "required": ["links", "collections"],
        "properties": {
            "links": _LINKS,
            "collections": {"type": "array", "items": reference("schemas", "collection")},
        },
    },
    "definition": {"type": "object"},
}
