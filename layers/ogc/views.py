"""The addresses that are read. Each view reads its parameters, asks, and renders."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from layers.access import policy
from layers.access.policy import Scope
from layers.errors import NotFound
from layers.ogc import documents, items, openapi, pages, schemas
from layers.ogc.answers import document, text
from layers.ogc.collections import Collection, collection_named, visible
from layers.ogc.contributions import contributions
from layers.ogc.entity_tags import entity_tag
from layers.ogc.items import Page
from layers.ogc.links import QUERYABLES, Addresses, Link, as_dicts
from layers.ogc.negotiation import GEOJSON, HTML, OPENAPI, SCHEMA, Format, wanted_format
from layers.ogc.parameters import known_only, read_item_query, read_query
from layers.ogc.query import Query


def landing(request: HttpRequest) -> HttpResponse:
    known_only(request, ())
    context = {"cards": [each.card for each in contributions()]}
    return document(request, documents.landing(Addresses.of(request)), "ogc/landing.html", context)


def conformance(request: HttpRequest) -> HttpResponse:
    known_only(request, ())
    return document(request, documents.conformance(Addresses.of(request)), "ogc/conformance.html")


def api(request: HttpRequest) -> HttpResponse:
    known_only(request, ())
    definition = openapi.definition(Addresses.of(request), visible(policy.scope(request.user)))
    context = {"operations": pages.operations(definition)}
    return document(request, definition, "ogc/api.html", context, media_type=OPENAPI)


def collections(request: HttpRequest) -> HttpResponse:
    known_only(request, ())
    body = documents.collections(Addresses.of(request), visible(policy.scope(request.user)))
    return document(request, body, "ogc/collections.html")


def collection(request: HttpRequest, name: str) -> HttpResponse:
    found = collection_named(name, policy.scope(request.user))
    known_only(request, ())
    body = documents.collection(Addresses.of(request), found)
    return document(request, body, "ogc/collection.html", pages.collection_context(found))


def queryables(request: HttpRequest, name: str) -> HttpResponse:
    return _schema(request, name, "queryables")


def sortables(request: HttpRequest, name: str) -> HttpResponse:
    return _schema(request, name, "sortables")


def schema(request: HttpRequest, name: str) -> HttpResponse:
    return _schema(request, name, "schema")


_SCHEMAS = {
    "queryables": schemas.queryables,
    "sortables": schemas.sortables,
    "schema": schemas.schema,
}


def _schema(request: HttpRequest, name: str, part: str) -> HttpResponse:
    found = collection_named(name, policy.scope(request.user))
    known_only(request, ())
    body = _SCHEMAS[part](found, Addresses.of(request).here(f=None))
    context = {**pages.collection_context(found), "part": part}
    return document(request, body, "ogc/schema.html", context, media_type=SCHEMA)


def item_list(request: HttpRequest, name: str) -> HttpResponse:
    """A page of features."""
    scope = policy.scope(request.user)
    found = collection_named(name, scope)
    query = read_query(request, found)
    as_page = wanted_format(request) is Format.HTML
    page = items.read_page(found, query, found.within(scope))
    linked = _page_links(Addresses.of(request), found, page, as_page=as_page)
    if as_page:
        return pages.item_list(request, found, query, page, linked)
    response = text(_feature_collection(page, linked), GEOJSON, linked)
    response["Content-Crs"] = f"<{query.crs.uri}>"
    return response


def _page_links(
    addresses: Addresses, found: Collection, page: Page, *, as_page: bool
) -> list[Link]:
    form = HTML if as_page else GEOJSON
    linked = [
        Link(addresses.here(f="html" if as_page else "json"), "self", form),
        Link(
            addresses.here(f="json" if as_page else "html"),
            "alternate",
            GEOJSON if as_page else HTML,
        ),
        Link(addresses.to(f"collections/{found.name}"), "collection", "application/json"),
        Link(addresses.to(f"collections/{found.name}/queryables"), QUERYABLES, SCHEMA),
    ]
    for rel, token in (("next", page.next_token), ("prev", page.prev_token)):
        if token is not None:
            linked.append(Link(addresses.here(token=token), rel, form))
    return linked


def _feature_collection(page: Page, linked: list[Link]) -> str:
    """The features' text from the database goes through as it is."""
    head = json.dumps(
        {
            "type": "FeatureCollection",
            "timeStamp": page.read_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "numberMatched": page.matched,
            "numberReturned": page.returned,
            "links": as_dicts(linked),
        },
        ensure_ascii=False,
    )
    return f'{head[:-1]}, "features": [{page.features}]}}'


def item(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """One feature."""
    scope = policy.scope(request.user)
    found = collection_named(name, scope)
    query = read_item_query(request)
    as_page = wanted_format(request) is Format.HTML
    return item_answer(request, found, query, scope, key, as_page=as_page)


def item_answer(
    request: HttpRequest,
    found: Collection,
    query: Query,
    scope: Scope,
    key: str,
    *,
    as_page: bool = False,
) -> HttpResponse:
    read = items.read_item(found, query, found.within(scope), key)
    linked = _item_links(Addresses.of(request), found, key)
    if as_page:
        return pages.item(request, found, json.loads(read.text), linked)
    body = f'{read.text[:-1]}, "links": {json.dumps(as_dicts(linked), ensure_ascii=False)}}}'
    tag = entity_tag(read.version, body) if query.period is None else None
    if tag and tag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        response = text(body, GEOJSON, linked)
        response["Content-Crs"] = f"<{query.crs.uri}>"
    if tag:
        response["ETag"] = tag
    return response


def _item_links(addresses: Addresses, found: Collection, key: str) -> list[Link]:
    path = f"collections/{found.name}/items/{key}"
    here = {name: value for name, value in addresses.query.items() if name != "f"}
    return [
        Link(addresses.to(path, **here, f="json"), "self", GEOJSON),
        Link(addresses.to(path, **here, f="html"), "alternate", HTML),
        Link(addresses.to(f"collections/{found.name}"), "collection", "application/json"),
    ]


def nothing_here(request: HttpRequest, **_arguments: Any) -> HttpResponse:
    raise NotFound(_("There is no such address."), remedy=_("Start at /ogc/."))
