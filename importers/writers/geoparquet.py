"""GeoParquet 1.1: columnar and compressed, for analysis; typed, with the box of all shapes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from importers.writers.naming import headers
from importers.writers.specification import GEOMETRY_COLUMN, Rows, Written

VERSION = "1.1.0"
GEOMETRY_NAME = "geometry"
TYPES = {"point": "Point", "line": "MultiLineString", "polygon": "MultiPolygon"}
COMPRESSION = "zstd"


class GeoParquetWriter:
    def write(self, rows: Rows, target: Path) -> Written:
        fields = [
            pa.field(name, column.type)
            for name, column in zip(headers(rows.columns), rows.columns, strict=True)
        ]
        schema = pa.schema([*fields, pa.field(GEOMETRY_NAME, pa.binary())])
        box = _Box()
        with pq.ParquetWriter(target, schema, compression=COMPRESSION) as file:
            for batch in rows.batches:
                box.extend(batch.column(GEOMETRY_COLUMN))
                file.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
            # Only now is the box known; the footer is written when the file is closed.
            about = json.dumps(dict(rows.about), ensure_ascii=False)
            file.add_key_value_metadata(
                {"geo": json.dumps(_metadata(rows, box)), "description": about}
            )
        return Written()


def _metadata(rows: Rows, box: "_Box") -> dict[str, Any]:
    """The specification's `geo`. A missing crs would mean WGS 84, so an unknown one is null."""
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": [TYPES[rows.geometry]],
        "crs": rows.crs.to_json_dict() if rows.crs else None,
    }
    if box.bounds is not None:
        column["bbox"] = box.bounds
    return {"version": VERSION, "primary_column": GEOMETRY_NAME, "columns": {GEOMETRY_NAME: column}}


class _Box:
    """Around all shapes seen: xmin, ymin, xmax, ymax."""

    def __init__(self) -> None:
        self.bounds: list[float] | None = None

    def extend(self, wkb: pa.Array) -> None:
        shapes = shapely.from_wkb(wkb.drop_null().to_numpy(zero_copy_only=False))
        if not len(shapes):
            return
        low_x, low_y, high_x, high_y = shapely.total_bounds(shapes).tolist()
        if np.isnan(low_x):
            return
        known = self.bounds or [low_x, low_y, high_x, high_y]
        self.bounds = [
            min(known[0], low_x),
            min(known[1], low_y),
            max(known[2], high_x),
            max(known[3], high_y),
        ]
