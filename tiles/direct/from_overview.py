"""Direct tiles from the pyramid: dense ones in the time of live tiles, or little more."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from psycopg2 import sql

from layers.access.policy import Scope
from layers.registry.specification import Layer
from layers.sql_files import packaged_sql
from tiles import rule
from tiles.coordinates import CELL_STEPS, EXTENT, Tile
from tiles.direct.degree_cells import DegreeCells, Extent
from tiles.direct.squares import OF_BOX, OF_POINT, DegreeSquare, MercatorSquare, Square
from tiles.direct.states import Present, State
from tiles.overview.levels import COARSEST, FINEST, FINEST_SHIFT, cell_counts, total
from tiles.overview.reading import TileReading
from tiles.serving import one_row
from tiles.statements import Statement, differing_cells

SQL = Path(__file__).parent / "sql"
BITS = np.arange(COARSEST)


class Counted(NamedTuple):
    """How many features a tile has; its MVT where they are too many to be drawn each."""

    features: int
    cells: bytes | None


def counted(layer: Layer, square: Square, state: State, scope: Scope) -> Counted | None:
    """What the pyramid tells of a tile; None where it cannot."""
    if square.zoom + CELL_STEPS > FINEST:
        return None
    if isinstance(square, MercatorSquare):
        return _differing(layer, square.tile, state, scope)
    if isinstance(square, DegreeSquare) and in_degrees(state, scope):
        extent = _extent(layer)
        if extent is None:
            return Counted(0, None)
        return _asked(_statement(layer, DegreeCells(square, extent), scope))
    return None


def in_degrees(state: State, scope: Scope) -> bool:
    """What is live, for readers whose scope the pyramid tells apart."""
    return isinstance(state, Present) and TileReading.counties_only(scope)


def _differing(layer: Layer, tile: Tile, state: State, scope: Scope) -> Counted | None:
    """The live tile, and what differs from it: what that costs grows with the difference only."""
    reading = TileReading(layer, tile, scope)
    difference = state.difference(layer)
    if difference is None:
        return _asked(differing_cells(reading))
    return _asked(differing_cells(reading, difference.relation, difference.values))


def _asked(statement: Statement) -> Counted:
    count, body = one_row(statement)
    return Counted(int(count), None if body is None else bytes(body))


def _extent(layer: Layer) -> Extent | None:
    text = _composed(
        "extent",
        layer=sql.Literal(layer.name),
        coarsest=sql.Literal(COARSEST),
        coarser_by=sql.Literal(2 * (FINEST - COARSEST)),
    )
    codes = np.array(
        one_row(Statement(sql.SQL("SELECT array({})").format(text), {}))[0], dtype=np.int64
    )
    if not len(codes):
        return None
    columns, rows = ((codes[:, None] >> 2 * BITS + odd & 1) @ (1 << BITS) for odd in (0, 1))
    return Extent(int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max()))


def _statement(layer: Layer, cells: DegreeCells, scope: Scope) -> Statement:
    square = cells.square
    reading = TileReading(layer, Tile(0, 0, 0), scope)
    middle = OF_POINT if layer.geometry == "point" else OF_BOX
    levels, codes, places = cells.whole
    text = _composed(
        "degree_cells",
        layer=sql.Literal(layer.name),
        layer_name=sql.Literal(layer.name),
        table=sql.Identifier(layer.table),
        counties=reading.county_condition,
        cell_counts=cell_counts(),
        total=total(),
        delta_cell=_delta_cell(cells),
        feature_cell=square.cell(CELL_STEPS, middle),
        left=sql.Literal(cells.columns[0]),
        right=sql.Literal(cells.columns[1]),
        top=sql.Literal(cells.inside.start),
        bottom=sql.Literal(cells.inside.stop - 1),
        finest_shift=sql.Literal(FINEST_SHIFT),
        y=middle.y,
        south=sql.Literal(square.bounds.south),
        north=sql.Literal(square.bounds.north),
        raw_limit=sql.Literal(rule.RAW_LIMIT),
        extent=sql.Literal(EXTENT),
        mask=sql.Literal((1 << CELL_STEPS) - 1),
        steps=sql.Literal(CELL_STEPS),
        cell_size=sql.Literal(EXTENT >> CELL_STEPS),
    )
    arrays = {"levels": levels, "codes": codes, "cells": places, "edge": cells.edge}
    return Statement(
        text, {**reading.values, **{name: each.tolist() for name, each in arrays.items()}}
    )


def _delta_cell(cells: DegreeCells) -> sql.Composable:
    """The tile's cell of one of the finest cells, by its middle: x and y are column and row."""
    side = 1 << CELL_STEPS
    square = cells.square
    latitude = sql.SQL("degrees(atan(sinh(pi() * (1 - 2 * (y + 0.5) / {}))))").format(
        sql.Literal(1 << FINEST)
    )
    return sql.SQL(
        "(least({most}, floor(({north} - {latitude}) / {span} * {side})) * {side}"
        " + ((x - {left}) >> {shift}))::integer"
    ).format(
        most=sql.Literal(side - 1),
        north=sql.Literal(square.bounds.north),
        latitude=latitude,
        span=sql.Literal(square.span),
        side=sql.Literal(side),
        left=sql.Literal(cells.columns[0]),
        shift=sql.Literal(FINEST - cells.drawn_level),
    )


def _composed(name: str, **parts: sql.Composable) -> sql.Composed:
    return sql.SQL(packaged_sql(name, SQL)).format(**parts)
