"""Features that are on the map already, for rows that name them: evidence for a file's datum."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from django.db.models import QuerySet

from importers.places.datums import Shapes
from layers.models.feature import Feature


@dataclass(frozen=True, slots=True)
class KnownFeatures:
    """Found by code, else by a name that only one of `rows` has.

    `rows` are those that the person may see; `code` and `name` the file's columns of them, "" where
    it has none. Two queries whatever the number of rows; names are compared as they are written.
    """

    rows: QuerySet[Feature]
    code: str = ""
    name: str = ""

    def __call__(self, batch: pa.RecordBatch) -> Shapes:
        """In EPSG:4490, aligned with the batch; None where no feature is known."""
        found = np.full(batch.num_rows, None, dtype=object)
        for field, column in (("name", self.name), ("code", self.code)):
            if column:
                self._fill(found, field, batch.column(column))
        return found

    def _fill(self, found: Shapes, field: str, cells: pa.Array) -> None:
        words = [str(cell).strip() if cell is not None else "" for cell in cells.to_pylist()]
        shapes = self._shapes(field, {word for word in words if word})
        for row, word in enumerate(words):
            if shapes.get(word) is not None:
                found[row] = shapes[word]

    def _shapes(self, field: str, words: set[str]) -> dict[str, shapely.Geometry | None]:
        """None for what several features are called."""
        known = self.rows.filter(**{f"{field}__in": words}).exclude(morton=None)
        shapes: dict[str, shapely.Geometry | None] = {}
        for word, place in known.values_list(field, "geom"):
            shapes[word] = None if word in shapes else shapely.from_wkb(bytes(place.wkb))
        return shapes
