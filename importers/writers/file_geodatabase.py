"""File Geodatabase, zipped: what ArcGIS opens; full headers are the fields' aliases."""

import tempfile
from pathlib import Path

from importers.writers.archives import zipped
from importers.writers.field_list import field_list
from importers.writers.naming import plain_names
from importers.writers.ogr import written
from importers.writers.specification import Rows, Written


class FileGeodatabaseWriter:
    def write(self, rows: Rows, target: Path) -> Written:
        names = plain_names(rows.columns)
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            written(
                rows,
                Path(scratch) / f"{rows.table}.gdb",
                driver="OpenFileGDB",
                names=names,
                layer_options={"LAYER_ALIAS": rows.title},
            )
            zipped(Path(scratch), target, [field_list(rows, names)])
        return Written()
