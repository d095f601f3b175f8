"""GeoJSON: in degrees as RFC 7946 has it, else with the older `crs` member that GDAL and QGIS read.

CGCS2000 is not WGS 84 to the letter, so its file says EPSG:4490 in that member.
"""

from pathlib import Path

from importers.writers.naming import headers
from importers.writers.ogr import written
from importers.writers.specification import Rows, Written

PLACES = 15
"""Decimals: a double of 109.482 comes back as the same double."""


class GeoJsonWriter:
    def write(self, rows: Rows, target: Path) -> Written:
        written(
            rows,
            target,
            driver="GeoJSON",
            names=headers(rows.columns),
            layer_options={
                "COORDINATE_PRECISION": PLACES,
                "DESCRIPTION": rows.description,
                "WRITE_BBOX": "NO",
            },
        )
        return Written()
