"""Where in a file the places are: in its geometries, in two columns, or in one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from importers.interpretation import PlaceReading, PlaceSource
from importers.places.magnitudes import (
    EASTING,
    LATITUDE,
    LONGITUDE,
    NORTHING,
    ZONES,
    Floats,
    Look,
    looks,
)
from importers.places.naming import NamedColumns, named_datum_word, named_pairs, named_places
from importers.places.ordinates import read_column
from importers.places.rows import read_rows
from importers.places.sample import joined
from importers.readers.specification import GEOMETRY_COLUMN

FEW_ROWS = 500
FEWER_ROWS = 60
"""Where any of 300 columns may be meant."""
_ZONED = tuple((zone * 1e6 + EASTING[0], zone * 1e6 + EASTING[1]) for zone in ZONES)
LEAST_READABLE = 0.6
_NO_TEXT_OR_NUMBER = (pa.types.is_boolean, pa.types.is_temporal, pa.types.is_binary)


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    """`word` is the datum that the columns' names tell, or ""; `others` could be read as well.

    `by_content`: no name said that these are ordinates.
    """

    reading: PlaceReading
    word: str = ""
    others: tuple[PlaceReading, ...] = ()
    by_content: bool = False


def find_places(batches: Sequence[pa.RecordBatch], stated: PlaceReading | None) -> FoundPlaces:
    """Geometries before columns, names before content; what a person stated before all."""
    batch = joined(batches, FEW_ROWS)
    if stated is not None and _whole(stated):
        return FoundPlaces(stated)
    if any(each.column(GEOMETRY_COLUMN).null_count < each.num_rows for each in batches):
        return FoundPlaces(PlaceReading())
    names = [name for name in batch.schema.names if _may_hold(batch.schema, name)]
    for candidates, by_content in (
        ([*named_pairs(names), *named_places(names)], False),
        (_by_content(batch.slice(0, FEWER_ROWS), names), True),
    ):
        few = batch.slice(0, FEWER_ROWS) if by_content else batch
        fitting = [(each, reading) for each in candidates if (reading := _fitting(few, each))]
        if fitting:
            (best, reading), *rest = fitting
            others = tuple(other for _named, other in rest)
            return FoundPlaces(reading, best.datum, others, by_content)
    return FoundPlaces(PlaceReading(source=PlaceSource.NONE))


def _whole(stated: PlaceReading) -> bool:
    """Whether it says where the places are; a datum alone does not."""
    return stated.source is not PlaceSource.GEOMETRY or stated.swapped


def _may_hold(schema: pa.Schema, name: str) -> bool:
    kind = schema.field(name).type
    return not name.startswith("__") and not any(test(kind) for test in _NO_TEXT_OR_NUMBER)


def _fitting(batch: pa.RecordBatch, named: NamedColumns) -> PlaceReading | None:
    """How the columns are read, if what is in them looks like places of Hunan."""
    if named.second:
        reading = PlaceReading(PlaceSource.COLUMNS, x=named.first, y=named.second)
    else:
        reading = PlaceReading(PlaceSource.WKT, wkt=named.first)
    raw = read_rows(batch, reading)
    rows = np.flatnonzero(raw.rows.present)
    filled = int((~raw.blank).sum())
    if not filled or len(rows) < LEAST_READABLE * filled:
        return None
    look, _turned, _zone = looks(raw.rows.standing(rows)).main()
    return None if look is Look.NOTHING else reading


def _by_content(batch: pa.RecordBatch, names: Sequence[str]) -> list[NamedColumns]:
    """Pairs of columns with values that nothing but ordinates has, and columns of whole places.

    Degrees with a fraction, and northings beside eastings with their zone in front. Money and
    lengths look like bare eastings, so those need a name.
    """
    columns = {name: read_column(batch.column(name)).values for name in names}
    easts = [name for name, values in columns.items() if _mostly(values, LONGITUDE, *_ZONED)]
    norths = [name for name, values in columns.items() if _mostly(values, LATITUDE, NORTHING)]
    pairs = [
        NamedColumns(east, north, named_datum_word(east) or named_datum_word(north))
        for east in easts
        for north in norths
        if _surely(columns[east], columns[north])
    ]
    texts = [name for name in names if pa.types.is_string(batch.schema.field(name).type)]
    whole = [NamedColumns(name, "", named_datum_word(name)) for name in texts]
    return [*pairs[:1], *whole]


def _mostly(values: Floats, *ranges: tuple[float, float]) -> bool:
    inside = np.zeros(len(values), dtype=bool)
    for least, most in ranges:
        inside |= (values >= least) & (values <= most)
    return bool(len(values)) and float(inside.mean()) > LEAST_READABLE


def _surely(x: Floats, y: Floats) -> bool:
    ordinates = np.column_stack([x, y])
    found = looks(ordinates)
    sure = np.isin(found.look, (Look.DEGREES, Look.ZONE)) & ~found.swapped
    fractions = ordinates[sure] != np.round(ordinates[sure])
    return float(sure.mean()) > LEAST_READABLE and bool(fractions.any(axis=0).all())


def with_datum_of(found: PlaceReading, stated: PlaceReading | None) -> PlaceReading:
    """What a person stated about the datum goes with the places that were found."""
    if stated is None:
        return found
    return replace(
        found,
        datum=stated.datum,
        packed=stated.packed,
        parameters=stated.parameters,
        accuracy_m=stated.accuracy_m,
    )
