"""Reading in this very process, which is quick; the walls have tests of their own."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import shapely

from importers.readers.catalogue import reader_of
from importers.readers.portions import portioned
from importers.readers.specification import (
    GEOMETRY_COLUMN,
    FileProblem,
    Request,
    SourceDescription,
)


@dataclass(frozen=True, slots=True)
class Read:
    description: SourceDescription
    rows: list[dict[str, Any]]

    @property
    def shapes(self) -> list[str | None]:
        """As WKT with three decimals."""
        found = shapely.from_wkb([row[GEOMETRY_COLUMN] for row in self.rows])
        return [shapely.to_wkt(each, rounding_precision=3) for each in found]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]


def read(path: Path, table: str | None = None) -> Read:
    scratch = Path(tempfile.mkdtemp(dir=path.parent, prefix=".scratch-"))
    try:
        with reader_of(path).open(Request(path, scratch, table)) as source:
            batches = list(portioned(source.batches))
            for batch in batches:
                batch.validate(full=True)
                assert batch.schema.names[: len(source.description.columns)] == [
                    column.name for column in source.description.columns
                ]
            rows = [row for batch in batches for row in batch.to_pylist()]
            return Read(source.description, rows)
    finally:
        shutil.rmtree(scratch)


def problem(path: Path, table: str | None = None) -> str:
    with pytest.raises(FileProblem) as raised:
        read(path, table)
    return str(raised.value)
