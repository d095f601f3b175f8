"""The SQL of each kind of tile, built by pure functions and run elsewhere (serving.py)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg2 import sql

from layers.access.policy import Scope
from layers.registry.specification import Layer
from layers.sql_files import packaged_sql
from tiles.coordinates import MORTON_ZOOM, Tile

FOLDER = Path(__file__).parent / "sql"
EXTENT = 4096
BUFFER = 64
NAMES_FROM_ZOOM = 13
RAW_LIMIT = 5000
"""Tiles of more features are grouped: measured, the raw tile then costs more than the grouped."""

SIMPLIFIED_BELOW = 14
EARTH_M = 40_075_016.68557849


@dataclass(frozen=True, slots=True)
class Statement:
    text: sql.Composed
    values: dict[str, Any]


def _composed(name: str, **parts: sql.Composable) -> sql.Composed:
    constants: dict[str, sql.Composable] = {
        "extent": sql.Literal(EXTENT),
        "buffer": sql.Literal(BUFFER),
        "margin": sql.Literal(BUFFER / EXTENT),
        "name_zoom": sql.Literal(NAMES_FROM_ZOOM),
    }
    return sql.SQL(packaged_sql(name, FOLDER)).format(**{**constants, **parts})


def _scope(scope: Scope) -> tuple[sql.SQL, dict[str, Any]]:
    """The policy's condition with named values, as the statements here bind by name."""
    text, values = scope.sql()
    names = [f"scope_{position}" for position in range(len(values))]
    for name in names:
        text = text.replace("%s", f"%({name})s", 1)
    return sql.SQL(text), dict(zip(names, values, strict=True))


def _morton(tile: Tile) -> dict[str, Any]:
    first, last = tile.morton_range
    return {"first": first, "last": last}


def probe(layer: Layer, tile: Tile, scope: Scope) -> Statement:
    condition, bound = _scope(scope)
    text = _composed(
        "probe",
        table=sql.Identifier(layer.table),
        scope=condition,
        limit=sql.Literal(RAW_LIMIT + 1),
    )
    return Statement(text, {**_morton(tile), **bound})


def raw(layer: Layer, tile: Tile, scope: Scope) -> Statement:
    condition, bound = _scope(scope)
    text = _composed(
        "raw",
        layer_name=sql.Literal(layer.name),
        table=sql.Identifier(layer.table),
        class_column=sql.Identifier(layer.classify),
        geometry=_generalised(layer, tile),
        scope=condition,
    )
    return Statement(text, {**tile._asdict(), **bound})


def _generalised(layer: Layer, tile: Tile) -> sql.Composable:
    """Points as they are; lines and polygons without the detail a pixel of the tile cannot show."""
    if layer.geometry == "point" or tile.z >= SIMPLIFIED_BELOW:
        return sql.Identifier("geom_3857")
    pixel_m = EARTH_M / 2**tile.z / EXTENT * 4
    return sql.SQL("ST_Simplify(geom_3857, {pixel}, true)").format(pixel=sql.Literal(pixel_m))


def grouped(layer: Layer, tile: Tile, scope: Scope) -> Statement:
    condition, bound = _scope(scope)
    steps = tile.cell_level - tile.z
    text = _composed(
        "grouped",
        layer_name=sql.Literal(layer.name),
        table=sql.Identifier(layer.table),
        scope=condition,
        shift=sql.Literal(2 * (MORTON_ZOOM - tile.cell_level)),
        cell_mask=sql.Literal((1 << 2 * steps) - 1),
        cell_size=sql.Literal(EXTENT // (1 << steps)),
    )
    return Statement(text, {**_morton(tile), **bound})


@dataclass(frozen=True, slots=True)
class Reference:
    """A public reference layer: its table, attributes and which rows a zoom shows."""

    table: str
    attributes: tuple[str, ...]
    condition: str = "TRUE"


REFERENCES = {
    "divisions": Reference(
        "layers_division",
        ("code", "name", "level"),
        # Counties from zoom 6, where their outlines can be told apart.
        "(level IN ('province', 'prefecture') OR (level = 'county' AND %(z)s >= 6))",
    ),
    "zones": Reference("layers_zone", ("code", "name")),
}


def reference(name: str, tile: Tile) -> Statement:
    found = REFERENCES[name]
    text = _composed(
        "reference",
        layer_name=sql.Literal(name),
        table=sql.Identifier(found.table),
        attributes=sql.SQL(", ").join(map(sql.Identifier, found.attributes)),
        condition=sql.SQL(found.condition),
    )
    return Statement(text, tile._asdict())
