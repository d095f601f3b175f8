"""What OGC API - Tiles adds to the interface at /ogc/."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layers.ogc.collections import Collection
from layers.ogc.contributions import Card, Schema
from layers.ogc.links import Addresses, Link
from layers.ogc.negotiation import JSON
from tiles.ogc import openapi
from tiles.ogc.links import TILESETS, TILING_SCHEMES

_TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"
_SETS = "http://www.opengis.net/spec/tms/2.0/conf"


CARD = Card(
    "tileMatrixSets",
    gettext_lazy("Tile matrix sets"),
    gettext_lazy("Every collection as vector tiles, in Web Mercator and in CGCS2000 degrees."),
)


@dataclass(frozen=True)
class TilesContribution:
    conformance: tuple[str, ...] = (
        f"{_TILES}/core",
        f"{_TILES}/tileset",
        f"{_TILES}/tilesets-list",
        f"{_TILES}/geodata-tilesets",
        f"{_TILES}/datetime",
        f"{_TILES}/oas30",
        f"{_TILES}/mvt",
        f"{_SETS}/tilematrixset",
        f"{_SETS}/tilematrixsetlimits",
        f"{_SETS}/json-tilematrixset",
        f"{_SETS}/json-tilematrixsetlimits",
        f"{_SETS}/tilesetmetadata",
        f"{_SETS}/json-tilesetmetadata",
    )
    card: Card = CARD

    def addresses(self) -> list[URLPattern]:
        from tiles.ogc.urls import urlpatterns

        return urlpatterns

    def landing_links(self, addresses: Addresses) -> list[Link]:
        return [Link(addresses.to("tileMatrixSets"), TILING_SCHEMES, JSON, _("Tile matrix sets"))]

    def collection_links(self, addresses: Addresses, collection: Collection) -> list[Link]:
        path = f"collections/{collection.name}/tiles"
        return [Link(addresses.to(path, f="json"), TILESETS, JSON, _("Vector tiles"))]

    def paths(self, visible: Iterable[Collection]) -> Schema:
        return openapi.paths(visible)

    def schemas(self) -> Schema:
        return openapi.schemas()
