"""Values of a file and of the database in the journal's form, and whether two are the same."""

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.access.personal import seal, unseal
from layers.crs import CGCS2000
from layers.divisions import METRES_A_DEGREE
from layers.editing.merge import closed, opened
from layers.editing.rows import GEOMETRY
from layers.editing.values import Json, journal_value
from layers.registry import Kind, Layer

TOLERANCE_DEGREES = 0.01 / METRES_A_DEGREE
"""1 cm: less than any survey, more than a file's rounding and a datum's there and back."""


def journal_of(layer: Layer, name: str, text: str | None) -> Json:
    """A column's text (of COPY, or of `::text`) as the journal keeps it."""
    if text is None or name == GEOMETRY:
        return text
    if layer.kind(layer.by_name[name]) is Kind.BOOLEAN:
        return text in ("true", "t")
    return journal_value(layer.column(name).to_python(text))


def same(name: str, one: Json, other: Json) -> bool:
    """Geometries within a centimetre are the same, whatever corner they begin with."""
    if name != GEOMETRY or one is None or other is None:
        return one == other
    shapes = np.array([shapely.from_wkb(str(one)), shapely.from_wkb(str(other))], dtype=object)
    return bool(same_shapes(shapes[:1], shapes[1:])[0])


def same_shapes(ones: NDArray[np.object_], others: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Pairwise; a missing shape is the same as another missing one only."""
    missing = shapely.is_missing(ones) & shapely.is_missing(others)
    close: NDArray[np.bool_] = shapely.equals_exact(ones, others, TOLERANCE_DEGREES) | missing
    open_ = np.flatnonzero(~close & (shapely.get_dimensions(ones) > 0))
    if len(open_):
        close[open_] = shapely.equals_exact(
            shapely.normalize(ones[open_]), shapely.normalize(others[open_]), TOLERANCE_DEGREES
        )
    return close


def ewkb(shape: shapely.Geometry) -> str:
    return str(shapely.to_wkb(shapely.set_srid(shape, CGCS2000), hex=True, include_srid=True))


def opened_box(layer: Layer, box: Json) -> dict[str, str]:
    return unseal(layer, opened(box))


def closed_box(layer: Layer, values: Mapping[str, str]) -> Json:
    box = seal(layer, values)
    return closed(box) if box else None
