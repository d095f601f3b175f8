"""Newline-delimited GeoJSON: one feature a line, always in degrees of WGS 84."""

from pathlib import Path

from importers.writers.geojson import PLACES
from importers.writers.naming import headers
from importers.writers.ogr import written
from importers.writers.specification import Rows, Written

WGS84 = "EPSG:4326"
"""The format knows no other; CGCS2000 agrees with it within centimetres."""


class GeoJsonLinesWriter:
    def write(self, rows: Rows, target: Path) -> Written:
        written(
            rows,
            target,
            driver="GeoJSONSeq",
            names=headers(rows.columns),
            crs=WGS84,
            layer_options={"COORDINATE_PRECISION": PLACES},
        )
        return Written()
