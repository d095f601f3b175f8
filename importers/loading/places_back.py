"""Where a rejected row is, in cells of the list that comes back: a sheet has no geometry.

WKT in the file's own datum, and the datum: columns that a table's places are read from, so that the
corrected sheet lands where the file would have.
"""

from collections.abc import Sequence

import numpy as np
import shapely

from importers.interpretation import PlaceSource
from importers.phrases import gettext_noop, said
from importers.places.placement import Placement, Places
from importers.places.stated_datums import OUR_NAMES

PLACE_COLUMN, DATUM_COLUMN = "WKT", OUR_NAMES[0]
LONGEST_CELL = 32_000
"""A cell of a workbook takes 32,767 characters; a cut shape would be another one."""


def place_columns(placement: Placement, names: Sequence[str]) -> list[str]:
    """Headers besides the file's own `names`; none where its columns have the place already."""
    if placement.reading.source is not PlaceSource.GEOMETRY or placement.datum is None:
        return []
    return [f"{each} 1" if each in names else each for each in (PLACE_COLUMN, DATUM_COLUMN)]


def place_cells(placement: Placement, places: Places, rows: Sequence[int]) -> list[list[str]]:
    """By row, aligned with `place_columns`; empty for a row without a place."""
    if not place_columns(placement, ()) or placement.datum is None:
        return [[] for _row in rows]
    shapes = places.raw.rows.of(np.asarray(rows, dtype=np.intp))
    texts = shapely.to_wkt(shapes, rounding_precision=-1, trim=True)
    datum = placement.datum.reference
    return [[_cell(text), datum] if text else ["", ""] for text in texts]


def _cell(text: str) -> str:
    """What is no WKT is refused when it is sent again: no row loses its place unnoticed."""
    if len(text) <= LONGEST_CELL:
        return text
    told = said(gettext_noop("The shape is too long for a cell: correct this row in the file."))
    return f"{told.zh} {told.en}"
