"""Features that are on the map already, for rows that name them: evidence for a file's datum."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from django.db.models import Count, Max, QuerySet

from importers.places.datums import Shapes
from layers.models.feature import Feature


@dataclass(frozen=True, slots=True)
class KnownFeatures:
    """Found by code, else by a name that only one of `rows` has.

    `rows` are those that the person may see; `code` and `name` the file's columns of them, "" where
    it has none. Two queries whatever the number of rows; names are compared as they are written.
    The database counts the names: a thousand features called 公厕 are not fetched.
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
            if word in shapes:
                found[row] = shapes[word]

    def _shapes(self, field: str, words: set[str]) -> dict[str, shapely.Geometry]:
        """By word, of those that only one feature has."""
        named = self.rows.order_by().filter(**{f"{field}__in": words}).values(field)
        single = named.annotate(count=Count("pk"), only=Max("pk")).filter(count=1).values("only")
        known = self.rows.filter(pk__in=single).exclude(morton=None)
        return {
            word: shapely.from_wkb(bytes(place.wkb))
            for word, place in known.values_list(field, "geom")
        }
