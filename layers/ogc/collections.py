"""The collections: the layers, and the open divisions and zones; and which ones a reader sees."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg2 import sql

from layers.access.policy import EVERYTHING, Scope
from layers.errors import NotFound, Text
from layers.ogc.properties import Property, Type, properties_of
from layers.registry import LAYERS
from layers.registry.specification import Label, Layer
from layers.sql_files import packaged_sql

FOLDER = Path(__file__).parent / "sql"
GEOMETRY = "geometry"
"""The geometry's name as a queryable."""

LAYER_DESCRIPTION = gettext_lazy(
    "Features in your divisions. With datetime, the layer as it was recorded at that moment: an "
    "interval is read at its end."
)


@dataclass(frozen=True)
class Collection:
    """One collection. `relation` stands in a FROM clause; its rows have the properties' columns,
    the `key`, `geom` in EPSG:4490 and `geom_3857`, and for layers `division` and `morton`."""

    name: str
    title: Label
    description: Text
    relation: sql.Composable
    key: str
    key_type: Type
    geometry: str
    properties: tuple[Property, ...]
    layer: Layer | None = None

    @cached_property
    def by_name(self) -> dict[str, Property]:
        return {each.name: each for each in self.properties}

    @property
    def points(self) -> bool:
        """Whether every geometry is a point, so that its Morton code is its place."""
        return self.geometry == "point"

    def within(self, scope: Scope) -> Scope:
        """Where a reader of this scope sees its features: divisions and zones are open."""
        return scope if self.layer else EVERYTHING


def _of_layer(layer: Layer) -> Collection:
    return Collection(
        name=layer.name,
        title=layer.title,
        description=LAYER_DESCRIPTION,
        relation=sql.Identifier(layer.table),
        key="id",
        key_type=Type.INTEGER,
        geometry=layer.geometry,
        properties=properties_of(layer),
        layer=layer,
    )


def _text(name: str, zh: str, en: str) -> Property:
    return Property(name, Type.TEXT, Label(zh, en), readonly=True)


_VALIDITY = (
    Property("valid_from", Type.DATE, Label("生效日期", "Valid from"), readonly=True),
    Property("valid_to", Type.DATE, Label("失效日期", "Valid to"), readonly=True),
)

DIVISIONS = Collection(
    name="divisions",
    title=Label("行政区划", "Divisions"),
    description=gettext_lazy(
        "Divisions with a known boundary or seat; a demonstration seat is invented. With datetime, "
        "those valid then."
    ),
    relation=sql.SQL(packaged_sql("divisions", FOLDER)),
    key="code",
    key_type=Type.TEXT,
    geometry="any",
    properties=(
        _text("code", "区划代码", "Code"),
        _text("name", "名称", "Name"),
        _text("level", "级别", "Level"),
        _text("parent", "上级代码", "Code of the division above"),
        _text("successor", "后继代码", "Code of the successor"),
        _text("seat_source", "驻地来源", "Source of the seat"),
        *_VALIDITY,
    ),
)

ZONES = Collection(
    name="zones",
    title=Label("示范区", "Demonstration zones"),
    description=gettext_lazy("Demonstration zones. With datetime, those valid then."),
    relation=sql.SQL(packaged_sql("zones", FOLDER)),
    key="code",
    key_type=Type.TEXT,
    geometry="polygon",
    properties=(
        _text("code", "代码", "Code"),
        _text("name", "名称", "Name"),
        _text("name_en", "英文名称", "Name in English"),
        _text("programme", "示范主题", "Programme"),
        _text("source", "依据", "Source"),
        *_VALIDITY,
    ),
)

COLLECTIONS: dict[str, Collection] = {
    each.name: each for each in (*(_of_layer(layer) for layer in LAYERS.values()), DIVISIONS, ZONES)
}


def visible(scope: Scope) -> list[Collection]:
    """The collections in which a reader of this scope may see anything."""
    return [each for each in COLLECTIONS.values() if not each.within(scope).empty]


def collection_named(name: str, scope: Scope) -> Collection:
    """Raises NotFound: what the reader may not see looks exactly like what does not exist."""
    found = COLLECTIONS.get(name)
    if found is None or found.within(scope).empty:
        raise NotFound(
            _("There is no such collection, or your account does not see it."),
            remedy=_("See /ogc/collections; with an account there may be more."),
        )
    return found
