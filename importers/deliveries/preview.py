"""The first rows of a file as a page may show them, and where they would be on the map."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import shape

from importers.deliveries.kept import Sample
from importers.deliveries.masking import masked, personal_columns
from importers.interpretation import Interpretation, PlaceSource
from importers.places.preview import preview
from importers.proposing import stated_divisions
from importers.readers.specification import ROW_COLUMN
from layers.access.personal import MASK
from layers.errors import ServiceError
from layers.registry import Layer

SHOWN_ROWS = 50
SHOWN_PLACES = 500
BAD = ("elsewhere", "rejected")
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
    """GeoJSON of the first rows as they would be placed; `problem` says why there are none.

    Each is as importers.places.preview tells it.
    `ok` and `bad` count them.
    """
    collection: dict[str, Any] = {"type": "FeatureCollection", "features": [], "problem": ""}
    if now.place.source is PlaceSource.NONE or not now.place.datum or not sample.batches:
        return {**collection, "ok": 0, "bad": 0}
    try:
        features = _placed(layer, sample, now)
    except ServiceError as refusal:
        return {**collection, "problem": str(refusal.message), "ok": 0, "bad": 0}
    states = [each["properties"]["state"] for each in features]
    bad = sum(state in BAD for state in states)
    return {**collection, "features": features, "ok": states.count("ok"), "bad": bad}


def _placed(layer: Layer, sample: Sample, now: Interpretation) -> list[dict[str, Any]]:
    divisions = stated_divisions(layer, now, sample.batches)
    told = preview(layer, now.place, sample.batches, SHOWN_PLACES, divisions=divisions)
    features: list[dict[str, Any]] = told["features"]
    return features


def extent_of(collection: Mapping[str, Any]) -> list[float] | None:
    """West, south, east, north of the places that are right."""
    shapes = [
        shape(each["geometry"])
        for each in collection["features"]
        if each["properties"]["state"] == "ok" and each["geometry"]
    ]
    return [float(each) for each in shapely.total_bounds(shapes)] if shapes else None


def zoom_for(degrees: float) -> int:
    """The web map's zoom at which so wide a place fills about a screen of 1,000 pixels."""
    if degrees <= 0:
        return CLOSEST_ZOOM
    return max(6, min(CLOSEST_ZOOM, int(math.log2(1000 / 256 * 360 / degrees))))
