"""CSV: UTF-8 with a byte order mark (without it Excel takes Chinese for GBK), no formulas."""

from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from importers.writers.guarding import guarded, guarded_column
from importers.writers.naming import headers, told_apart
from importers.writers.places_in_cells import PlaceColumns
from importers.writers.specification import Rows, Written

BOM = b"\xef\xbb\xbf"


class CsvFileWriter:
    def write(self, rows: Rows, target: Path) -> Written:
        places = PlaceColumns.of(rows)
        names = told_apart([guarded(name) for name in (*headers(rows.columns), *places.headers)])
        options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")
        with target.open("xb") as file:
            file.write(BOM)
            file.write(_header(names))
            for batch in rows.batches:
                table = pa.table(_cells(batch, places), names=names)
                pyarrow.csv.write_csv(table, file, options)
        return Written()


def _header(names: list[str]) -> bytes:
    quoted = ['"{}"'.format(name.replace('"', '""')) for name in names]
    return (",".join(quoted) + "\n").encode()


def _cells(batch: pa.RecordBatch, places: PlaceColumns) -> list[pa.Array]:
    cells = [*batch.columns[:-1], *places.cells(batch)]
    return [guarded_column(each) if pa.types.is_string(each.type) else each for each in cells]
