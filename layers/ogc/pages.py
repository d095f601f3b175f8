"""What the pages of the interface show, besides the document they stand for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from layers.ogc.collections import Collection
from layers.ogc.items import Page
from layers.ogc.links import Link
from layers.ogc.query import Query


def collection_context(found: Collection) -> dict[str, Any]:
    return {"collection": found}


def item_list(
    request: HttpRequest, found: Collection, query: Query, page: Page, linked: list[Link]
) -> HttpResponse:
    context = {"collection": found, "page": page, "links": linked, "query": query}
    return render(request, "ogc/items.html", context)


def item(
    request: HttpRequest, found: Collection, feature: dict[str, Any], linked: list[Link]
) -> HttpResponse:
    context = {"collection": found, "feature": feature, "links": linked}
    return render(request, "ogc/item.html", context)
