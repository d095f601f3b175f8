"""The SQL of tiles drawn from rows, built by pure functions and run elsewhere (serving.py)."""

from pathlib import Path

from psycopg2 import sql

from layers.access.policy import Scope
from layers.crs import CGCS2000, WEB_MERCATOR
from layers.ogc.values import Values
from layers.registry.specification import Layer
from layers.sql_files import packaged_sql
from tiles.coordinates import BUFFER, EXTENT
from tiles.direct.squares import OF_BOX, OF_POINT, Square
from tiles.direct.states import Rows, State
from tiles.rule import NAMES_FROM_ZOOM
from tiles.statements import REFERENCES, Statement

SQL = Path(__file__).parent / "sql"


class Drawing:
    """The statements of one tile of a layer: its rows, as a reader of this scope sees them."""

    def __init__(self, layer: Layer, square: Square, rows: Rows, scope: Scope) -> None:
        self.layer, self.square, self.rows = layer, square, rows
        self.middle = OF_POINT if layer.geometry == "point" else OF_BOX
        values = Values()
        self.scope = values.scope(scope, "feature.division")
        self.values = {**rows.values, **values.named}

    def counted(self) -> Statement:
        """(count), as far as it matters."""
        return self._statement(
            "counted",
            belongs=self.square.belongs(self.middle),
            limit=sql.Literal(self.square.most_counted),
        )

    def raw(self) -> Statement:
        """(MVT) of the features themselves."""
        return self._statement(
            "raw",
            class_column=sql.Identifier(self.layer.classify),
            named=sql.Literal(self.square.zoom >= NAMES_FROM_ZOOM),
            geometry=self._geometry(),
            box=self.square.box,
            reach=self.square.reach,
        )

    def cells(self, count: int) -> Statement:
        """(MVT) of counted cells, for a tile of so many features."""
        steps = self.square.steps(count)
        return self._statement(
            "cells",
            cell=self.square.cell(steps, self.middle),
            column=self.square.column(steps),
            row=self.square.row(steps),
            cell_size=sql.Literal(EXTENT // (1 << steps)),
            belongs=self.square.belongs(self.middle),
        )

    def _geometry(self) -> sql.Composable:
        """Points as they are; lines and areas without what a pixel of the tile cannot show."""
        column = sql.Identifier("feature", self.square.geometry)
        tolerance = self.square.tolerance
        if self.layer.geometry == "point" or tolerance is None:
            return column
        return sql.SQL("ST_Simplify({}, {}, true)").format(column, sql.Literal(tolerance))

    def _statement(self, name: str, **parts: sql.Composable) -> Statement:
        text = _composed(
            name,
            layer_name=sql.Literal(self.layer.name),
            relation=self.rows.relation,
            scope=self.scope,
            **parts,
        )
        return Statement(text, self.values)


def boundaries(name: str, square: Square, state: State) -> Statement:
    """(MVT) of a public reference layer."""
    found = REFERENCES[name]
    text = _composed(
        "boundaries",
        layer_name=sql.Literal(name),
        table=sql.Identifier(found.table),
        attributes=sql.SQL(", ").join(map(sql.Identifier, found.attributes)),
        condition=sql.SQL(found.condition),
        srid=sql.Literal(CGCS2000 if square.geometry == "geom" else WEB_MERCATOR),
        box=square.box,
    )
    return Statement(text, {"z": square.zoom, "day": state.day})


def _composed(name: str, **parts: sql.Composable) -> sql.Composed:
    constants = {"extent": sql.Literal(EXTENT), "buffer": sql.Literal(BUFFER)}
    return sql.SQL(packaged_sql(name, SQL)).format(**{**constants, **parts})
