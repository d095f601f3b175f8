"""Layers and features as JSON: generated from the registry."""

import json
from typing import Any

from layers.access import policy
from layers.access.policy import Actor, Rights
from layers.access.roles import Action
from layers.codes import CodeLists, code_lists
from layers.divisions import division_path
from layers.editing.values import journal_value
from layers.models.feature import Feature
from layers.plates import plate_of
from layers.registry.specification import GROUPS, Field, Layer

CAN = {
    "create": Action.EDIT,
    "update": Action.EDIT,
    "delete": Action.EDIT,
    "maintain": Action.MAINTAIN,
    "inspect": Action.INSPECT,
    "unmask": Action.UNMASK,
}


def describe_layer(layer: Layer, rights: Rights) -> dict[str, Any]:
    codes = code_lists(*{each.codes for each in layer.fields if each.codes})
    return {
        "name": layer.name,
        "title": str(layer.title),
        "geometry": layer.geometry,
        "geometry_may_be_empty": layer.geometry_may_be_empty,
        "classify": layer.classify,
        "fields": [describe_field(layer, each, codes) for each in layer.fields],
        "style": {
            "color": layer.style.color,
            "classes": layer.style.classes,
            "icon": layer.style.icon,
        },
        "can": {name: not rights.scope(action).empty for name, action in CAN.items()},
        "counts_url": f"/api/layers/{layer.name}/counts",
    }


def describe_field(layer: Layer, each: Field, codes: CodeLists) -> dict[str, Any]:
    return {
        "name": each.name,
        "label": str(each.label),
        "group": str(GROUPS[each.group]),
        "unit": str(each.unit) if each.unit else None,
        "kind": layer.kind(each),
        "codes": [{"code": code, "label": str(label)} for code, label in codes[each.codes].items()]
        if each.codes
        else None,
        # A blank code or division is filled in by the service.
        "required": each.required and each.name not in {"code", "division"},
        "minimum": journal_value(each.minimum),
        "maximum": journal_value(each.maximum),
        "readonly": each.readonly,
    }


def describe_feature(layer: Layer, feature: Feature, user: Actor) -> dict[str, Any]:
    """One feature with its values; personal fields are never among them."""
    path = division_path(feature.division_id)
    rights = policy.rights(user)
    return {
        "id": feature.pk,
        "layer": layer.name,
        "version": feature.version,
        "code": feature.code,
        "name": feature.name,
        "plate": plate_of(layer, feature.pk),
        "geometry": json.loads(feature.geom.geojson) if feature.geom else None,
        "properties": {each.name: journal_value(_value(feature, each)) for each in layer.columns()},
        "division": {
            "code": feature.division_id,
            "name": path[-1].name if path else feature.division_id,
            "path": " › ".join(each.name for each in path),
        },
        "upkeep": {"state": feature.upkeep_state, "due_on": journal_value(feature.upkeep_due_on)},
        "source": {
            "datum": feature.source_datum,
            "method": feature.method,
            "accuracy_m": feature.accuracy_m,
        },
        "demonstration": feature.demonstration,
        "can": {
            name: rights.scope(action).covers(feature.division_id) for name, action in CAN.items()
        },
    }


def _value(feature: Feature, each: Field) -> Any:
    return feature.division_id if each.name == "division" else getattr(feature, each.name)
