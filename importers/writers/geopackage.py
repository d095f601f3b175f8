"""GeoPackage (OGC 12-128): exact ordinates, types, dates, any reference system."""

from pathlib import Path

from importers.writers.naming import headers
from importers.writers.ogr import written
from importers.writers.specification import Rows, Written


class GeoPackageWriter:
    def write(self, rows: Rows, target: Path) -> Written:
        written(
            rows,
            target,
            driver="GPKG",
            names=headers(rows.columns),
            layer_metadata=dict(rows.about),
            layer_options={
                "GEOMETRY_NAME": "geom",
                "IDENTIFIER": rows.title,
                "DESCRIPTION": rows.description,
            },
        )
        return Written()
