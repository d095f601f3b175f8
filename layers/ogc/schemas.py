"""Collections as JSON Schema: what is returned and received, filtered by and sorted by."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from layers.codes import CodeLists, code_lists
from layers.models.feature import Method, UpkeepState
from layers.ogc.collections import GEOMETRY, Collection
from layers.ogc.properties import Property, Type

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_SHAPES: dict[Type, dict[str, Any]] = {
    Type.TEXT: {"type": "string"},
    Type.INTEGER: {"type": "integer"},
    Type.NUMBER: {"type": "number"},
    Type.BOOLEAN: {"type": "boolean"},
    Type.DATE: {"type": "string", "format": "date"},
    Type.TIMESTAMP: {"type": "string", "format": "date-time"},
}
_FORMATS = {
    "point": "geometry-point",
    "line": "geometry-multilinestring",
    "polygon": "geometry-multipolygon",
    "any": "geometry-any",
}
_CHOICES = {"upkeep_state": UpkeepState.values, "method": Method.values}


def lists_of(collection: Collection) -> CodeLists:
    names = {each.codes for each in collection.properties if each.codes}
    return code_lists(*names) if names else {}


def property_schema(each: Property, lists: CodeLists) -> dict[str, Any]:
    """One attribute. A coded one has its codes, and their labels beside them."""
    found: dict[str, Any] = {"title": str(each.label), **_SHAPES[each.type]}
    if each.unit:
        found["x-ogc-unit"] = str(each.unit)
    if each.pattern:
        found["pattern"] = each.pattern
    if each.max_length and not each.codes:
        found["maxLength"] = each.max_length
    for name, limit in (("minimum", each.minimum), ("maximum", each.maximum)):
        if limit is not None:
            found[name] = _number(limit)
    if each.codes and lists.get(each.codes):
        labels = lists[each.codes]
        found["enum"] = list(labels)
        found["x-enumLabels"] = {code: str(label) for code, label in labels.items()}
    elif each.name in _CHOICES:
        found["enum"] = list(_CHOICES[each.name])
    return found


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def geometry_schema(collection: Collection) -> dict[str, Any]:
    return {
        "title": _("Geometry"),
        "format": _FORMATS[collection.geometry],
        "x-ogc-role": "primary-geometry",
    }


def queryables(collection: Collection, address: str) -> dict[str, Any]:
    """What `filter` and the parameters of a property's name can ask for."""
    lists = lists_of(collection)
    properties = {each.name: property_schema(each, lists) for each in collection.properties}
    geometry = geometry_schema(collection)
    return _schema(collection, address, {GEOMETRY: geometry, **properties})


def sortables(collection: Collection, address: str) -> dict[str, Any]:
    lists = lists_of(collection)
    properties = {each.name: property_schema(each, lists) for each in collection.properties}
    return _schema(collection, address, properties)


def schema(collection: Collection, address: str) -> dict[str, Any]:
    """Features as they are returned and received; what clients cannot set is read-only."""
    lists = lists_of(collection)
    key = {
        "title": _("Identifier"),
        **_SHAPES[collection.key_type],
        "x-ogc-role": "id",
        "readOnly": True,
    }
    properties: dict[str, Any] = {"id": key, GEOMETRY: geometry_schema(collection)}
    for each in collection.properties:
        found = property_schema(each, lists)
        if each.readonly:
            found["readOnly"] = True
        properties[each.name] = found
    required = [each.name for each in collection.properties if each.required]
    return {**_schema(collection, address, properties), "required": required}


def _schema(collection: Collection, address: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": DRAFT,
        "$id": address,
        "title": str(collection.title),
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
