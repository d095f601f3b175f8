"""What the pages of the interface show, besides the document they stand for."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from layers.codes import CodeLists, every_label
from layers.ogc import schemas
from layers.ogc.collections import Collection
from layers.ogc.items import Page
from layers.ogc.links import Addresses, Link
from layers.ogc.properties import Property, Type
from layers.ogc.query import Query
from layers.registry.specification import Label

MOST_COLUMNS = 6
LABELS: dict[str, Callable[[str], tuple[str, dict[str, str]]]] = {
    "upkeep_state": lambda value: ("layers/state_label.html", {"state": value}),
    "method": lambda value: ("layers/method_label.html", {"method": value}),
}
"""Templates that word the values which are no code list's."""

TYPE_NAMES = {
    Type.TEXT: Label("文本", "text"),
    Type.INTEGER: Label("整数", "whole number"),
    Type.NUMBER: Label("数值", "number"),
    Type.BOOLEAN: Label("是/否", "yes or no"),
    Type.DATE: Label("日期", "date"),
    Type.TIMESTAMP: Label("时间", "date and time"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One feature of a list: its address, what it is called, its first values."""

    address: str
    name: str
    values: list[str]


def property_rows(collection: Collection) -> list[dict[str, Any]]:
    """The properties for people: name, label, type, unit, and codes with their labels."""
    lists = schemas.lists_of(collection)
    return [
        {
            "name": each.name,
            "label": each.label,
            "type": TYPE_NAMES[each.type],
            "unit": each.unit,
            "codes": list(lists.get(each.codes or "", {}).items()),
            "readonly": each.readonly,
            "required": each.required,
        }
        for each in collection.properties
    ]


def collection_context(found: Collection) -> dict[str, Any]:
    return {"collection": found, "properties": property_rows(found)}


def item_list(
    request: HttpRequest, found: Collection, query: Query, page: Page, linked: list[Link]
) -> HttpResponse:
    addresses = Addresses.of(request)
    features = json.loads(f"[{page.features}]")
    columns = list(query.properties or found.properties)[:MOST_COLUMNS]
    words = Words(found)
    rows = [
        Row(
            f"{addresses.path}/{each['id']}",
            str(each["properties"].get("name") or each["properties"].get("code") or each["id"]),
            [words.say(one, each["properties"].get(one.name)) for one in columns],
        )
        for each in features
    ]
    context = {
        "collection": found,
        "page": page,
        "columns": columns,
        "rows": rows,
        "links": {link.rel: link.href for link in linked},
        # The map draws the same features, in the degrees it reads.
        "source": addresses.here(f="json", crs=None),
        "filter": request.GET.get("filter", ""),
        "kept": [(n, v) for n, v in request.GET.items() if n not in {"filter", "token", "f"}],
    }
    return render(request, "ogc/items.html", context)


def item(
    request: HttpRequest, found: Collection, feature: dict[str, Any], linked: list[Link]
) -> HttpResponse:
    words = Words(found)
    properties = feature["properties"]
    context = {
        "collection": found,
        "name": properties.get("name") or properties.get("code") or feature["id"],
        "lines": [(each, words.say(each, properties[each.name])) for each in found.properties],
        "has_place": feature["geometry"] is not None,
        "links": {link.rel: link.href for link in linked},
        "source": Addresses.of(request).here(f="json", crs=None),
    }
    return render(request, "ogc/item.html", context)


class Words:
    """Values as people read them: a code's label, yes and no, a unit."""

    def __init__(self, collection: Collection) -> None:
        names = {each.codes for each in collection.properties if each.codes}
        self.labels: CodeLists = every_label(names) if names else {}

    def say(self, each: Property, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if each.type is Type.TIMESTAMP:
            return date_format(localtime(datetime.fromisoformat(value)), "Y-m-d H:i")
        if each.name in LABELS:
            return render_to_string(*LABELS[each.name](value)).strip()
        label = self.labels.get(each.codes or "", {}).get(value, value)
        return f"{label} {each.unit}" if each.unit else str(label)


def operations(definition: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The operations of an OpenAPI definition: method, path, parameters' names."""
    shared = definition["components"]["parameters"]
    for path, item in definition["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method not in item:
                continue
            named = item[method].get("parameters", [])
            resolved = [
                shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each
                for each in named
            ]
            yield {"method": method.upper(), "path": path, "parameters": resolved}
