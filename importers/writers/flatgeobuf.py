"""FlatGeobuf: quick to read in part, also over a network, while it has its index.

The index takes no row without a place, so a layer that may have such rows gets none.
"""

from pathlib import Path

from importers.phrases import gettext_noop
from importers.writers.naming import headers
from importers.writers.ogr import written
from importers.writers.specification import Rows, Written

MOST_INDEXED = 3_000_000
"""GDAL sorts the index in memory, some 100 bytes a row."""


class FlatGeobufWriter:
    def write(self, rows: Rows, target: Path) -> Written:
        few = rows.count is None or rows.count <= MOST_INDEXED
        indexed = few and not rows.places_may_lack
        written(
            rows,
            target,
            driver="FlatGeobuf",
            names=headers(rows.columns),
            layer_options={
                "SPATIAL_INDEX": "YES" if indexed else "NO",
                "TITLE": rows.title,
                "DESCRIPTION": rows.description,
            },
        )
        if indexed:
            return Written()
        why = gettext_noop("It has no spatial index, because some rows have no place.")
        if not few:
            why = gettext_noop("Too many rows for a spatial index: it has none.")
        return Written([(why, {})])
