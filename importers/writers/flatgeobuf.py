"""FlatGeobuf: quick to read in part, also over a network, while it has its index."""

from pathlib import Path

from importers.phrases import gettext_noop
from importers.writers.naming import headers
from importers.writers.ogr import written
from importers.writers.specification import Rows, Written

MOST_INDEXED = 3_000_000
"""GDAL sorts the index in memory, some 100 bytes a row."""


class FlatGeobufWriter:
    def write(self, rows: Rows, target: Path) -> Written:
        indexed = rows.count is None or rows.count <= MOST_INDEXED
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
        return Written([(gettext_noop("Too many rows for a spatial index: it has none."), {})])
