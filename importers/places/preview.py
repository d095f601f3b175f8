"""The first rows of a file as the proposal places them, for a map beside the questions."""

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import shapely
from shapely.geometry import mapping

from importers.interpretation import PlaceReading
from importers.places.placement import Placement, Places
from importers.readers.specification import ROW_COLUMN
from layers.divisions import CountyLocator
from layers.models.division import Division
from layers.registry import Layer

MOST_VERTICES = 200
SIMPLER_DEGREES = 0.0005
"""Some 50 m: a preview shows where shapes are, and a province of polygons has to load at once."""


def preview(
    layer: Layer,
    reading: PlaceReading,
    batches: Iterable[pa.RecordBatch],
    limit: int = 500,
    *,
    divisions: Sequence[str] | None = None,
    locator: CountyLocator | None = None,
) -> dict[str, Any]:
    """A GeoJSON FeatureCollection in EPSG:4490 of the first `limit` rows.

    Each row has `row` (its number in the file), `county` and `county_name` (where it is found),
    `stated` and `stated_name` (of `divisions`, codes row by row), `state` (`ok`; `elsewhere`: over
    600 m outside the stated county; `rejected`; `none`: no place), `text` and `hint`. A rejected
    row has no geometry. Raises Rejected for a datum that cannot be placed surely.
    """
    placement = Placement(layer, reading, locator)
    names = dict(Division.objects.filter(level=Division.Level.COUNTY).values_list("code", "name"))
    features: list[dict[str, Any]] = []
    for batch in batches:
        first = len(features)
        some = batch.slice(0, limit - first)
        stated = _stated(divisions, first, some.num_rows)
        features += _features(placement, some, stated, names, first)
        if len(features) >= limit:
            break
    return {"type": "FeatureCollection", "features": features}


def _stated(divisions: Sequence[str] | None, first: int, count: int) -> list[str]:
    return [""] * count if divisions is None else list(divisions[first : first + count])


def _features(
    placement: Placement,
    batch: pa.RecordBatch,
    stated: Sequence[str],
    names: dict[str, str],
    first: int,
) -> list[dict[str, Any]]:
    places = placement.place(batch)
    shapes = places.shapes
    numbers = _numbers(batch, first)
    return [
        {
            "type": "Feature",
            "geometry": _drawn(shapes[row]),
            "properties": {
                "row": numbers[row],
                **_county("county", str(places.counties[row]), names),
                **_county("stated", stated[row], names),
                **_judged(placement, places, shapes[row], stated[row], row),
            },
        }
        for row in range(batch.num_rows)
    ]


def _numbers(batch: pa.RecordBatch, first: int) -> list[int]:
    if ROW_COLUMN in batch.schema.names:
        return [int(number) for number in batch.column(ROW_COLUMN).to_pylist()]
    return list(range(first + 1, first + 1 + batch.num_rows))


def _county(key: str, code: str, names: dict[str, str]) -> dict[str, str]:
    county = f"{code[:6]}000000" if code else ""
    return {key: county, f"{key}_name": names.get(county, "")}


def _judged(
    placement: Placement, places: Places, shape: Any, division: str, row: int
) -> dict[str, str]:
    reason = places.reasons.get(row)
    if reason is not None:
        return {"state": "rejected", "text": str(reason.text), "hint": str(reason.hint or "")}
    if shape is None:
        return {"state": "none", "text": "", "hint": ""}
    warning = placement.disagreement(shape, division) if division else None
    return {"state": "elsewhere" if warning else "ok", "text": str(warning or ""), "hint": ""}


def _drawn(shape: Any) -> dict[str, Any] | None:
    if shape is None:
        return None
    if shapely.get_num_coordinates(shape) > MOST_VERTICES:
        shape = shapely.simplify(shape, SIMPLER_DEGREES)
    return dict(mapping(shape))
