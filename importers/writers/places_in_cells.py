"""Where a row is, in columns of a table: two numbers for a point, WKT for the rest.

Each row says its datum: a table has no other place that survives copying.
"""

from dataclasses import dataclass

import pyarrow as pa
import shapely
from django.utils.translation import gettext as _

from importers.writers.specification import GEOMETRY_COLUMN, Rows


@dataclass(frozen=True, slots=True)
class PlaceColumns:
    """The headers of the columns that `cells` makes; they follow the file's language."""

    headers: tuple[str, ...]
    point: bool
    datum: str

    @classmethod
    def of(cls, rows: Rows) -> "PlaceColumns":
        point = rows.geometry == "point"
        if not point:
            places: tuple[str, ...] = ("WKT",)
        elif rows.crs is None or rows.crs.is_geographic:
            places = (_("Longitude"), _("Latitude"))
        else:
            # East and north by name: survey tables call north X.
            places = (_("Easting (m)"), _("Northing (m)"))
        return cls((*places, _("Datum of the place")), point, rows.datum)

    def cells(self, batch: pa.RecordBatch) -> list[pa.Array]:
        """As many arrays as headers; all null where a row has no place."""
        wkb = batch.column(GEOMETRY_COLUMN)
        shapes = shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))
        if self.point:
            x, y = shapely.get_x(shapes), shapely.get_y(shapes)
            places = [pa.array(each, pa.float64(), from_pandas=True) for each in (x, y)]
        else:
            texts = shapely.to_wkt(shapes, rounding_precision=-1, trim=True)
            places = [pa.array(texts, pa.string())]
        datum = [self.datum if placed else None for placed in wkb.is_valid().to_pylist()]
        return [*places, pa.array(datum, pa.string())]
