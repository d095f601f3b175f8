"""One tile of lines or areas: which are drawn as themselves, and the statement that draws it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from psycopg2 import sql

from layers.sql_files import packaged_sql
from tiles.bands.keeping import FOLDER, bands_of
from tiles.bands.specification import LOOKED_AT, MOST_DRAWN, top_of, unit_m
from tiles.coordinates import BUFFER, CELL_STEPS, EXTENT, MORTON_ZOOM
from tiles.overview.levels import COUNTS, FINEST, cell_counts, count_columns, total
from tiles.overview.reading import NO_VERSION, TileReading
from tiles.rule import NAMES_FROM_ZOOM


@dataclass(frozen=True)
class BandReading:
    """A tile as a reader sees it; `scope` is the policy's condition, `bound` its values."""

    tile: TileReading
    scope: sql.Composable
    bound: dict[str, Any]

    @property
    def values(self) -> dict[str, Any]:
        return {**self.tile.values, **self.tile.tile._asdict(), **self.bound}

    def standing(self) -> sql.Composed:
        """(first zoom drawn, how many, version of those, version of the cells or NULL)."""
        most = MOST_DRAWN[self.tile.layer.geometry]
        return self._composed(
            "standing",
            near=self._near(self.tile.tile.z),
            looked_at=sql.Literal(most * LOOKED_AT),
            most=sql.Literal(most),
            zoom=sql.Literal(self.tile.tile.z),
            cells_version=self._cells_version(sql.SQL("({}) AS kept").format(self._kept)),
        )

    def drawing(self, first_zoom: int) -> sql.Composed:
        """(version of the features, version of the cells or NULL, MVT) of a tile that draws those
        as themselves whose first zoom is at most this."""
        steps = max(0, self._level - self.tile.tile.z)
        return self._composed(
            "drawing",
            near=self._near(first_zoom),
            layer_name=sql.Literal(self.tile.layer.name),
            class_column=sql.Identifier("t", self.tile.layer.classify),
            kept=self._kept,
            counts=count_columns(),
            less_by_state=_less_by_state(),
            cell_counts=cell_counts(),
            total=total(),
            cell_shift=sql.Literal(2 * (MORTON_ZOOM - self._level)),
            cell_mask=sql.Literal((1 << 2 * steps) - 1),
            cell_size=sql.Literal(EXTENT // (1 << steps)),
            cells_version=self._cells_version(sql.SQL("kept")),
            smallest=sql.Literal(self._smallest_m),
            next_door=self._next_door(),
            extent=sql.Literal(EXTENT),
            buffer=sql.Literal(BUFFER),
            name_zoom=sql.Literal(NAMES_FROM_ZOOM),
        )

    @property
    def _smallest_m(self) -> float:
        return 2 * unit_m(self.tile.tile.z)

    def _next_door(self) -> sql.Composable:
        """Whether a `shape` that this tile does not draw is drawn by others."""
        if self.tile.layer.geometry == "polygon":
            return sql.SQL("NOT ST_Intersects(shape, ST_TileEnvelope(%(z)s, %(x)s, %(y)s))")
        return sql.SQL(
            "greatest(ST_XMax(shape) - ST_XMin(shape), ST_YMax(shape) - ST_YMin(shape)) >= {}"
        ).format(sql.Literal(self._smallest_m))

    @property
    def _level(self) -> int:
        return min(self.tile.tile.z + CELL_STEPS, FINEST)

    @cached_property
    def _kept(self) -> sql.Composed:
        """Nothing where the tile is smaller than the finest cell: there all are drawn, or none."""
        if not self.tile.counted:
            return sql.SQL("SELECT 0::bigint AS code, {}, 0::bigint AS nonce WHERE false").format(
                sql.SQL(", ").join(sql.SQL("0 AS {}").format(sql.Identifier(c)) for c in COUNTS)
            )
        return self.tile.kept(self._level)

    def _cells_version(self, kept: sql.Composable) -> sql.Composable:
        """Nothing for a scope smaller than a county: it would tell of edits elsewhere in it."""
        if not self.tile.narrow.empty:
            return NO_VERSION
        return sql.SQL("(SELECT coalesce(bit_xor(nonce), 0) FROM {})").format(kept)

    def _near(self, first_zoom: int) -> sql.Composed:
        top = top_of(self.tile.tile.z)
        margin = sql.Literal(BUFFER / EXTENT)
        surroundings = sql.SQL("ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => {})").format(margin)
        if first_zoom < 0:
            return self._composed("nothing")
        if top is None:
            return self._composed("whole", surroundings=surroundings)
        return self._composed(
            "banded",
            bands=sql.Identifier(bands_of(self.tile.layer.table)),
            top=sql.Literal(top),
            surroundings=surroundings,
            first_zoom=sql.Literal(first_zoom),
        )

    def _composed(self, name: str, **parts: sql.Composable) -> sql.Composed:
        usual = {"table": sql.Identifier(self.tile.layer.table), "scope": self.scope}
        return sql.SQL(packaged_sql(name, Path(FOLDER))).format(**{**usual, **parts})


def _less_by_state() -> sql.Composed:
    """One feature less in the column of its state."""
    known = [each.removeprefix("n_") for each in COUNTS if each != "n_none"]
    columns = [
        sql.SQL("CASE WHEN upkeep_state = {} THEN -1 ELSE 0 END").format(sql.Literal(state))
        if state in known
        else sql.SQL("CASE WHEN upkeep_state <> ALL({}) THEN -1 ELSE 0 END").format(
            sql.Literal(known)
        )
        for state in (each.removeprefix("n_") for each in COUNTS)
    ]
    return sql.SQL(", ").join(columns)
