"""The SQL of each kind of tile, built by pure functions and run elsewhere (serving.py)."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from psycopg2 import sql

from layers.access.policy import Scope
from layers.sql_files import packaged_sql
from tiles import rule
from tiles.bands.reading import BandReading
from tiles.coordinates import BUFFER, CELL_STEPS, EXTENT, MORTON_ZOOM, Tile
from tiles.overview.levels import FINEST
from tiles.overview.reading import NO_VERSION, TileReading
from tiles.rule import NAMES_FROM_ZOOM, Kind

FOLDER = Path(__file__).parent / "sql"
NEAR = sql.SQL("geom_3857 && ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => {margin})").format(
    margin=sql.Literal(BUFFER / EXTENT)
)
ANYWHERE = sql.SQL("TRUE")


@dataclass(frozen=True, slots=True)
class Statement:
    text: sql.Composed
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Steady:
    """A statement of which one plan does for all values: who runs it often prepares it.

    Its `shape` tells its text from all others; the text is composed when somebody needs it.
    """

    shape: Hashable
    compose: Callable[[], sql.Composed]
    values: Mapping[str, Any]

    @property
    def text(self) -> sql.Composed:
        return self.compose()


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


def standing(reading: TileReading) -> Steady:
    """(count, version inside, version around); versions are NULL where the reader gets none.

    A tile smaller than the finest cell is counted in the table, up to one more than is drawn raw.
    """
    shape = ("standing", *reading.shape)
    if reading.counted:
        return Steady(shape, lambda: reading.standing, reading.values)
    condition, bound = _scope(reading.scope)
    return Steady(shape, lambda: _probe(reading, condition), {**reading.values, **bound})


def _probe(reading: TileReading, condition: sql.Composable) -> sql.Composed:
    return _composed(
        "probe",
        table=sql.Identifier(reading.layer.table),
        scope=condition,
        limit=sql.Literal(rule.RAW_LIMIT + 1),
        own=sql.SQL("0::bigint"),
        ring=reading.ring_version,
    )


def drawing(reading: TileReading, kind: Kind) -> Statement | Steady:
    """(version, MVT) of a tile: one statement, so both are of one snapshot."""
    return {Kind.RAW: _raw, Kind.CELLS: _cells, Kind.GROUPED: _grouped}[kind](reading)


def bands_standing(reading: TileReading) -> Steady:
    """See BandReading.standing."""
    banded = _banded(reading)
    return Steady(("standing", *reading.shape), banded.standing, banded.values)


def bands_drawing(reading: TileReading, first_zoom: int) -> Statement:
    """See BandReading.drawing."""
    banded = _banded(reading)
    return Statement(banded.drawing(first_zoom), banded.values)


def _banded(reading: TileReading) -> BandReading:
    return BandReading(reading, *_scope(reading.scope))


def _raw(reading: TileReading) -> Statement | Steady:
    condition, bound = _scope(reading.scope)
    values = {**reading.tile._asdict(), **reading.values, **bound}
    table = sql.Identifier(reading.layer.table)
    if reading.selective:
        text = _raw_text(reading, reading.rows, condition)
        return Statement(text, {**values, "border": reading.border.codes})
    if not reading.broad:
        # Sometimes the index of divisions is the better one, sometimes that of places.
        return Statement(_raw_text(reading, table, condition, NEAR), values)
    return Steady(
        ("raw", *reading.shape),
        lambda: _raw_text(reading, _composed("near_rows", table=table), condition),
        values,
    )


def _raw_text(
    reading: TileReading,
    rows: sql.Composable,
    condition: sql.Composable,
    near: sql.Composable = ANYWHERE,
) -> sql.Composed:
    return _composed(
        "raw",
        layer_name=sql.Literal(reading.layer.name),
        rows=rows,
        near=near,
        class_column=sql.Identifier(reading.layer.classify),
        scope=condition,
        version=reading.version,
    )


def _cells(reading: TileReading) -> Statement:
    """Of level z+6, or of the finest where that is coarser."""
    level = min(reading.tile.z + CELL_STEPS, FINEST)
    own = sql.SQL("(SELECT coalesce(bit_xor(nonce), 0) FROM kept)")
    text = _composed(
        "cells",
        kept=reading.kept(level),
        version=own if reading.versioned else NO_VERSION,
        drawn=_drawn_cells(reading, level, ordered=not reading.versioned),
    )
    return Statement(text, reading.values)


def differing_cells(
    reading: TileReading,
    difference: sql.Composable | None = None,
    values: Mapping[str, Any] = MappingProxyType({}),
) -> Statement:
    """(count, MVT) of the live tile with a difference: a relation of (change, division, county,
    morton, upkeep_state). No MVT where so few features are drawn each. Up to zoom 10.
    """
    level = reading.tile.z + CELL_STEPS
    condition, bound = _scope(reading.scope)
    besides = sql.Composed([])
    if difference is not None:
        besides = reading.differing(level, difference, condition)
    count = sql.SQL("(SELECT coalesce(sum(n), 0) FROM counted)")
    text = _composed(
        "cells",
        kept=reading.kept(level) + besides,
        version=count,
        drawn=sql.SQL("SELECT ({}) WHERE {} > {}").format(
            _drawn_cells(reading, level, ordered=True), count, sql.Literal(rule.RAW_LIMIT)
        ),
    )
    return Statement(text, {**reading.values, **bound, **values})


def _grouped(reading: TileReading) -> Statement:
    condition, bound = _scope(reading.scope)
    level = reading.tile.cell_level
    text = _composed(
        "grouped",
        table=sql.Identifier(reading.layer.table),
        scope=condition,
        shift=sql.Literal(2 * (MORTON_ZOOM - level)),
        version=reading.version,
        drawn=_drawn_cells(reading, level, ordered=not reading.versioned),
    )
    return Statement(text, {**reading.values, **bound})


def _drawn_cells(reading: TileReading, level: int, *, ordered: bool) -> sql.Composed:
    """In order where the bytes are the tag: the same cells are the same bytes then."""
    steps = level - reading.tile.z
    return _composed(
        "drawn_cells",
        layer_name=sql.Literal(reading.layer.name),
        cell_mask=sql.Literal((1 << 2 * steps) - 1),
        cell_size=sql.Literal(EXTENT // (1 << steps)),
        in_order=sql.SQL("ORDER BY code") if ordered else sql.SQL(""),
    )


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
