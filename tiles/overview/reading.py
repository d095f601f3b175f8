"""What the pyramid says of one tile to one reader, as parts of statements.

Every part reads base and deltas of the same snapshot as the rest of its statement, so counts and
versions are those of the very rows that are drawn.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from psycopg2 import sql

from layers.access.policy import Scope
from layers.registry.specification import Layer
from tiles import rule
from tiles.coordinates import CELL_STEPS, MORTON_ZOOM, Tile
from tiles.overview.levels import FINEST, kept_level
from tiles.overview.sql_files import composed, summed
from tiles.overview.surroundings import Ring, ring_of

COUNTY_DIGITS = 6
PROVINCE_DIGITS = 2
NO_VERSION = sql.SQL("NULL::bigint")


@dataclass(frozen=True)
class TileReading:
    """A layer's tile as a reader with this scope sees it in the pyramid."""

    layer: Layer
    tile: Tile
    scope: Scope

    @cached_property
    def counties(self) -> Scope:
        """The parts of the scope that the pyramid tells apart: counties and what is wider."""
        return Scope(tuple(p for p in self.scope.prefixes if len(p) <= COUNTY_DIGITS))

    @cached_property
    def narrow(self) -> Scope:
        """The parts that are smaller than a county, to be counted in the table."""
        return Scope(tuple(p for p in self.scope.prefixes if len(p) > COUNTY_DIGITS))

    @staticmethod
    def counties_only(scope: Scope) -> bool:
        """Whether the pyramid tells all parts of a scope apart."""
        return all(len(prefix) <= COUNTY_DIGITS for prefix in scope.prefixes)

    @property
    def counted(self) -> bool:
        """Whether the pyramid counts this tile: not where it is smaller than the finest cell."""
        return self.tile.z <= FINEST

    @property
    def versioned(self) -> bool:
        """Whether this reader can be told a version.

        Not below a county: it would tell of edits elsewhere in the county. Not of lines and areas:
        the pyramid knows them by their middle, and a tile draws them wherever they pass.
        """
        return self.narrow.empty and self.layer.geometry == "point"

    @property
    def shape(self) -> tuple[Hashable, ...]:
        """What of this is in the statements' texts, and not among their values."""
        return (
            self.layer.name,
            self.tile.z,
            self.scope.everything,
            len(self.counties.prefixes),
            len(self.narrow.prefixes),
            self.ring.level,
        )

    @cached_property
    def ring(self) -> Ring:
        return ring_of(self.tile)

    @cached_property
    def border(self) -> Ring:
        """The buffer itself, in cells of its own width."""
        return ring_of(self.tile, CELL_STEPS)

    @cached_property
    def values(self) -> dict[str, Any]:
        """What the parts' placeholders stand for."""
        first, last = self.tile.morton_range
        bound: dict[str, Any] = {"layer": self.layer.name, "first": first, "last": last}
        for position, prefix in enumerate(self.counties.prefixes):
            bound[f"county_{position}_low"] = prefix.ljust(COUNTY_DIGITS, "0")
            bound[f"county_{position}_high"] = prefix.ljust(COUNTY_DIGITS, "9")
        for position, (low, high) in enumerate(self.narrow.ranges()):
            bound[f"narrow_{position}_low"], bound[f"narrow_{position}_high"] = low, high
        return {**bound, "ring": self.ring.codes}

    def kept(self, level: int) -> sql.Composed:
        """Rows (code, counts, nonce) by cell of a level, several a cell, to be summed."""
        base = composed(
            "kept",
            level=sql.Literal(level),
            coarse_shift=sql.Literal(2 * (MORTON_ZOOM - level)),
            coarser_by=sql.Literal(2 * (FINEST - level)),
            counties=self.county_condition,
        )
        if self.narrow.empty:
            return base
        rows = sql.SQL(
            "SELECT 1 AS change, morton, county, upkeep_state FROM {table}"
            " WHERE morton BETWEEN %(first)s AND %(last)s AND {narrow}"
        ).format(table=sql.Identifier(self.layer.table), narrow=self._narrow)
        return base + _counted_besides(level, rows)

    def differing(
        self, level: int, difference: sql.Composable, scope: sql.Composable
    ) -> sql.Composed:
        """What follows `kept`, to count as if these rows were gone or there besides."""
        rows = sql.SQL(
            "SELECT change, morton, county, upkeep_state FROM {} AS difference"
            " WHERE morton BETWEEN %(first)s AND %(last)s AND {}"
        ).format(difference, scope)
        return _counted_besides(level, rows)

    @property
    def standing(self) -> sql.Composed:
        """The tile's count, the version of what is inside it, and of what is around it."""
        own = sql.SQL("coalesce(bit_xor(nonce), 0)") if self.versioned else NO_VERSION
        kept = self.kept(kept_level(self.tile.z))
        by_cells: sql.Composable = sql.SQL("n > {}").format(sql.Literal(rule.RAW_LIMIT))
        if not self.versioned or self.tile.z + CELL_STEPS > FINEST:
            by_cells = sql.SQL("FALSE")
        return composed("standing", kept=kept, own=own, by_cells=by_cells, ring=self.ring_version)

    @property
    def version(self) -> sql.Composable:
        """An expression: the version of all that the tile may draw, its buffer included."""
        if not self.versioned:
            return NO_VERSION
        if not self.counted:
            return self.ring_version
        return sql.SQL("(SELECT coalesce(bit_xor(nonce), 0) FROM ({}) AS kept) # {}").format(
            self.kept(kept_level(self.tile.z)), self.ring_version
        )

    @property
    def ring_version(self) -> sql.Composable:
        """An expression: the version of the cells that the tile's buffer reaches into."""
        if not self.versioned:
            return NO_VERSION
        return sql.SQL("(SELECT coalesce(bit_xor(nonce), 0) FROM ({}) AS ring)").format(
            self._around(self.ring.level, "ring")
        )

    @property
    def broad(self) -> bool:
        """Whether the reader may see nearly all that a tile holds, as who sees a province does."""
        return any(len(prefix) <= PROVINCE_DIGITS for prefix in self.scope.prefixes)

    @property
    def selective(self) -> bool:
        """Whether the reader may see little of a tile that holds much."""
        coarse = self.tile.z + CELL_STEPS <= FINEST
        return coarse and self.layer.geometry == "point" and not self.broad

    @property
    def rows(self) -> sql.Composed:
        """A relation: the layer's rows in the cells that have features of the scope.

        Its placeholder %(border)s stands for `border.codes`, which `values` leaves out: they are
        hundreds, and nothing else asks for them.
        """
        level = self.border.level
        table = sql.Identifier(self.layer.table)
        occupied = composed(
            "occupied",
            shift=sql.Literal(2 * (MORTON_ZOOM - level)),
            kept=self.kept(level),
            border=self._around(level, "border"),
            table=table,
            narrow=self._narrow,
        )
        return composed("occupied_rows", table=table, occupied=occupied)

    def _around(self, level: int, codes: str) -> sql.Composed:
        # The finest cells are found by the index of deltas, which has no others.
        cell = sql.SQL("code >> {}").format(sql.Literal(2 * (FINEST - level)))
        return composed(
            "ring",
            level=sql.Literal(level),
            cell=sql.SQL("code") if level == FINEST else cell,
            codes=sql.Placeholder(codes),
            counties=self.county_condition,
        )

    @property
    def county_condition(self) -> sql.Composable:
        """Of a row with a county: it lies in one of `counties`."""
        if self.counties.everything:
            return sql.SQL("TRUE")
        return _within("county", "county", len(self.counties.prefixes))

    @property
    def _narrow(self) -> sql.Composable:
        return _within("division", "narrow", len(self.narrow.prefixes))


def _counted_besides(level: int, rows: sql.Composable) -> sql.Composed:
    """A further part of `kept`: rows of (change, morton, county, upkeep_state)."""
    coarser_by = sql.Literal(2 * (FINEST - level))
    return composed("besides", coarser_by=coarser_by, summed=summed(rows))


def _within(column: str, name: str, ranges: int) -> sql.Composable:
    """The column lies in one of so many ranges, whose bounds are bound by name."""
    if not ranges:
        return sql.SQL("FALSE")
    clauses = [
        sql.SQL("{} BETWEEN {} AND {}").format(
            sql.Identifier(column),
            sql.Placeholder(f"{name}_{position}_low"),
            sql.Placeholder(f"{name}_{position}_high"),
        )
        for position in range(ranges)
    ]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(clauses))
