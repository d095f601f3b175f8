"""The documents that describe the service: landing page, conformance, collections."""

from typing import Any

from django.utils.translation import gettext as _

from layers.divisions import HUNAN_BOUNDS
from layers.ogc.collections import Collection
from layers.ogc.conformance import CLASSES
from layers.ogc.contributions import contributions
from layers.ogc.links import (
    CONFORMANCE,
    DATA,
    QUERYABLES,
    SCHEMA_REL,
    SORTABLES,
    Addresses,
    Link,
    as_dicts,
)
from layers.ogc.negotiation import GEOJSON, HTML, JSON, OPENAPI, SCHEMA
from layers.ogc.reference_systems import CRS84_URI, STORAGE_URI, reference_systems

GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"


def title() -> str:
    return _("Xiangcun: features of rural Hunan")


def description() -> str:
    return _(
        "Resettlement sites, roads, water works, toilets and assets, with the divisions and the "
        "demonstration zones, by the OGC API - Features standard. An account sees its divisions."
    )


def landing(addresses: Addresses) -> dict[str, Any]:
    links = [
        *addresses.self_links(JSON),
        Link(addresses.to("api", f="json"), "service-desc", OPENAPI, _("The API definition")),
        Link(addresses.to("api", f="html"), "service-doc", HTML, _("The API as a page")),
        Link(addresses.to("conformance"), "conformance", JSON, _("What is supported")),
        Link(addresses.to("conformance"), CONFORMANCE, JSON, _("What is supported")),
        Link(addresses.to("collections"), "data", JSON, _("The collections")),
        Link(addresses.to("collections"), DATA, JSON, _("The collections")),
        *(link for each in contributions() for link in each.landing_links(addresses)),
    ]
    return {"title": title(), "description": description(), "links": as_dicts(links)}


def conformance(addresses: Addresses) -> dict[str, Any]:
    classes = [*CLASSES, *(name for each in contributions() for name in each.conformance)]
    return {"conformsTo": classes, "links": as_dicts(addresses.self_links(JSON))}


def collections(addresses: Addresses, visible: list[Collection]) -> dict[str, Any]:
    return {
        "links": as_dicts(addresses.self_links(JSON)),
        "collections": [collection(addresses, each) for each in visible],
        "crs": list(reference_systems()),
    }


def collection_links(addresses: Addresses, each: Collection) -> list[Link]:
    path = f"collections/{each.name}"
    return [
        Link(addresses.to(path, f="json"), "self", JSON),
        Link(addresses.to(path, f="html"), "alternate", HTML),
        Link(addresses.to(f"{path}/items", f="json"), "items", GEOJSON, _("Features")),
        Link(addresses.to(f"{path}/items", f="html"), "items", HTML, _("Features as a page")),
        Link(addresses.to(f"{path}/queryables", f="json"), QUERYABLES, SCHEMA),
        Link(addresses.to(f"{path}/sortables", f="json"), SORTABLES, SCHEMA),
        Link(addresses.to(f"{path}/schema", f="json"), SCHEMA_REL, SCHEMA),
        *(link for one in contributions() for link in one.collection_links(addresses, each)),
    ]


def collection(addresses: Addresses, each: Collection) -> dict[str, Any]:
    return {
        "id": each.name,
        "title": str(each.title),
        "description": str(each.description),
        "itemType": "feature",
        "extent": {
            "spatial": {"bbox": [list(HUNAN_BOUNDS)], "crs": CRS84_URI},
            "temporal": {"interval": [[None, None]], "trs": GREGORIAN},
        },
        "crs": list(reference_systems()),
        "storageCrs": STORAGE_URI,
        "links": as_dicts(collection_links(addresses, each)),
    }
