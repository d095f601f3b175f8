"""Whether the pyramid says what a recount of the table says, cell by cell."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from psycopg2 import sql

from tiles.overview.building import all_rows
from tiles.overview.levels import COUNTS
from tiles.overview.sql_files import composed, summed


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that is wrong. Counts are in the order of tiles.overview.levels.COUNTS."""

    level: int
    code: int
    county: str
    kept: tuple[int, ...]
    counted: tuple[int, ...]

    def __str__(self) -> str:
        place = f"level {self.level}, cell {self.code}, county {self.county}"
        if self.kept == self.counted:
            return f"{place}: the version is not that of the cells inside it"
        return f"{place}: keeps {_told(self.kept)}, a recount finds {_told(self.counted)}"


def _told(counts: tuple[int, ...]) -> str:
    return " ".join(
        f"{name.removeprefix('n_')}={count}" for name, count in zip(COUNTS, counts, strict=True)
    )


def differences(*, layer: str, table: str) -> Iterator[Difference]:
    """Every cell of a layer where base and deltas are not the recount; one statement's snapshot."""
    statement = composed(
        "check",
        layer=sql.Literal(layer),
        summed=summed(all_rows(table)),
        kept_counts=_counts("kept"),
        right_counts=_counts("right_counts"),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        for row in cursor:
            level, code, county, *counts = row
            half = len(COUNTS)
            yield Difference(level, code, county, tuple(counts[:half]), tuple(counts[half:]))


def _counts(relation: str) -> sql.Composed:
    return sql.SQL(", ").join(
        sql.SQL("coalesce({}, 0)").format(sql.Identifier(relation, name)) for name in COUNTS
    )
