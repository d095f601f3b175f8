"""The first rows of a file as a page may show them, and where they would be on the map."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from importers import datums
from importers.deliveries.kept import Sample
from importers.deliveries.masking import masked, personal_columns
from importers.interpretation import Interpretation, PlaceSource
from importers.placement import Placement
from importers.readers.specification import GEOMETRY_COLUMN, ROW_COLUMN
from layers.access.personal import MASK
from layers.errors import ServiceError
from layers.registry import Layer

SHOWN_ROWS = 50
SHOWN_PLACES = 500
LONGEST_CELL = 80
CLOSEST_ZOOM = 16
DECIMALS = 6
"""Of degrees: some 10 cm, which a preview does not need more of."""


@dataclass(frozen=True, slots=True)
class Row:
    """`number` as a person counts it in the file; cells in the order of the columns."""

    number: int
    cells: tuple[str, ...]


def first_rows(layer: Layer, sample: Sample, now: Interpretation) -> list[Row]:
    """The first rows as text, with persons hidden."""
    names = [column.name for column in sample.description.columns]
    hidden = personal_columns(layer, now, names)
    rows: list[Row] = []
    for batch in sample.batches:
        for at in range(min(batch.num_rows, SHOWN_ROWS - len(rows))):
            cells = tuple(
                shown_cell(batch.column(name)[at].as_py(), hidden=name in hidden) for name in names
            )
            rows.append(Row(_number(batch, at, len(rows) + 1), cells))
        if len(rows) >= SHOWN_ROWS:
            break
    return rows


def shown_cell(value: Any, *, hidden: bool) -> str:
    if value is None or value == "":
        return ""
    if hidden:
        return MASK
    text = masked(str(value).replace("\x00", "\ufffd"))
    return f"{text[:LONGEST_CELL]}…" if len(text) > LONGEST_CELL else text


def _number(batch: Any, at: int, usual: int) -> int:
    if ROW_COLUMN in batch.schema.names:
        number = batch.column(ROW_COLUMN)[at].as_py()
        return int(number) if number is not None else usual
    return usual


def places(layer: Layer, sample: Sample, now: Interpretation) -> dict[str, Any]:
    """GeoJSON: points of the sampled rows, each `inside` the county it belongs to, or not.

    `problem` says why there are none. Shapes other than points are shown by a point on them.
    """
    collection: dict[str, Any] = {"type": "FeatureCollection", "features": [], "problem": ""}
    if now.place.source is PlaceSource.NONE or not now.place.datum or not sample.batches:
        return collection
    try:
        datum = datums.named_datum(now.place.datum)
    except ServiceError as refusal:
        return {**collection, "problem": str(refusal.message)}
    placement = Placement(layer, datum)
    number = 0
    for batch in sample.batches:
        if number >= SHOWN_PLACES:
            break
        part = batch.slice(0, SHOWN_PLACES - number)
        collection["features"] += _features(placement, part, number)
        number += part.num_rows
    inside = sum(each["properties"]["inside"] for each in collection["features"])
    return {**collection, "inside": inside, "outside": len(collection["features"]) - inside}


def _features(placement: Placement, batch: Any, before: int) -> list[dict[str, Any]]:
    wkb = np.array([*batch.column(GEOMETRY_COLUMN).to_pylist(), None], dtype=object)[:-1]
    sources = shapely.from_wkb(wkb, on_invalid="ignore")
    placed = placement.place(wkb)
    moved = placement.datum.to_stored(shapely.force_2d(sources)) if placement.datum else sources
    features = []
    for row, shape in enumerate(moved):
        if shape is None or shape.is_empty:
            continue
        point = shapely.point_on_surface(shape)
        x, y = float(point.x), float(point.y)
        if not (np.isfinite(x) and np.isfinite(y) and abs(x) <= 180 and abs(y) <= 85):
            continue
        county = str(placed.counties[row])
        features.append(
            {
                "type": "Feature",
                "geometry": {
                    "type": "Point",
                    "coordinates": [round(x, DECIMALS), round(y, DECIMALS)],
                },
                "properties": {
                    "row": _number(batch, row, before + row + 1),
                    "inside": bool(county),
                    "county": county,
                },
            }
        )
    return features


def extent_of(collection: Mapping[str, Any]) -> list[float] | None:
    """West, south, east, north of the places that are inside."""
    xy = [
        each["geometry"]["coordinates"]
        for each in collection["features"]
        if each["properties"]["inside"]
    ]
    if not xy:
        return None
    low, high = np.min(xy, axis=0), np.max(xy, axis=0)
    return [*map(float, low), *map(float, high)]


def zoom_for(degrees: float) -> int:
    """The web map's zoom at which so wide a place fills about a screen of 1,000 pixels."""
    if degrees <= 0:
        return CLOSEST_ZOOM
    return max(6, min(CLOSEST_ZOOM, int(math.log2(1000 / 256 * 360 / degrees))))
