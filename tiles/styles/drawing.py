"""How each layer is drawn: pure functions to MapLibre layers."""

from typing import Any

from layers.models.feature import UpkeepState
from layers.registry.specification import Layer
from tiles.styles import colours

Drawn = dict[str, Any]

SINGLE = ["!", ["has", "aggregate"]]
CELL = ["has", "aggregate"]

DASHES = {
    UpkeepState.DUE: [3, 1.2],
    UpkeepState.OVERDUE: [1.6, 1.2],
    UpkeepState.DEFECTIVE: [0.4, 1.6],
}
"""In widths of the line: states can be told apart without colour. Points have colours only: other
signs than circles would need a sprite."""

POINT_RADIUS = ["interpolate", ["linear"], ["zoom"], 6, 2, 10, 3.5, 14, 7]
LINE_WIDTH = ["interpolate", ["linear"], ["zoom"], 6, 0.8, 10, 2, 16, 5]
CASING_WIDTH = ["interpolate", ["linear"], ["zoom"], 6, 1.6, 10, 4, 16, 7]
CELL_RADIUS = ["interpolate", ["linear"], ["log10", ["max", 1, ["get", "n"]]], 0, 2, 3, 6, 5, 12]


def background() -> Drawn:
    return {
        "id": "background",
        "type": "background",
        "paint": {"background-color": colours.PAPER},
    }


def divisions() -> list[Drawn]:
    """Land, and borders that are wider the higher the division."""
    widths = ["match", ["get", "level"], "province", 2.4, "prefecture", 1.6, 1]
    return [
        _layer("divisions", "fill", "land", paint={"fill-color": colours.LAND}),
        _layer(
            "divisions",
            "line",
            "borders",
            paint={"line-color": colours.BORDER, "line-width": widths},
        ),
    ]


def zones() -> list[Drawn]:
    return [
        _layer(
            "zones",
            "fill",
            "area",
            paint={"fill-color": colours.of_zone(), "fill-opacity": 0.08},
        ),
        _layer(
            "zones",
            "line",
            "outline",
            paint={"line-color": colours.of_zone(), "line-width": 2},
        ),
    ]


def features(layer: Layer, *, by_class: bool) -> list[Drawn]:
    """A layer's features by state or by class, and its cells as circles that grow with `n`."""
    colour = colours.of_class(layer) if by_class else colours.of_state()
    lines = _lines if by_class else _lines_of_states
    single = {"point": _points, "line": lines, "polygon": _areas}[layer.geometry]
    return [*single(layer.name, colour), _cells(layer, by_class=by_class)]


def _points(name: str, colour: Any) -> list[Drawn]:
    paint = {
        "circle-color": colour,
        "circle-radius": POINT_RADIUS,
        "circle-stroke-color": colours.CASING,
        "circle-stroke-width": 1,
    }
    return [_layer(name, "circle", "points", SINGLE, paint)]


def _lines(name: str, colour: Any, which: Any = SINGLE) -> list[Drawn]:
    casing = {"line-color": colours.CASING, "line-width": CASING_WIDTH, "line-opacity": 0.85}
    paint = {"line-color": colour, "line-width": LINE_WIDTH}
    return [
        _layer(name, "line", "casing", SINGLE, casing),
        _layer(name, "line", "lines", which, paint),
    ]


def _lines_of_states(name: str, colour: Any) -> list[Drawn]:
    """A pattern of dashes cannot depend on a feature: each has a layer of its own."""
    dashed = [state.value for state in DASHES]
    whole = ["!", ["in", ["get", "state"], ["literal", dashed]]]
    found = _lines(name, colour, ["all", SINGLE, whole])
    for state, dashes in DASHES.items():
        own = ["all", SINGLE, ["==", ["get", "state"], state.value]]
        paint = {"line-color": colour, "line-width": LINE_WIDTH, "line-dasharray": dashes}
        found.append(_layer(name, "line", state.value, own, paint))
    return found


def _areas(name: str, colour: Any) -> list[Drawn]:
    return [
        _layer(name, "fill", "areas", SINGLE, {"fill-color": colour, "fill-opacity": 0.22}),
        _layer(name, "line", "outlines", SINGLE, {"line-color": colour, "line-width": 2}),
    ]


def _cells(layer: Layer, *, by_class: bool) -> Drawn:
    paint = {
        "circle-color": layer.style.color if by_class else colours.of_cell(),
        "circle-radius": CELL_RADIUS,
        "circle-opacity": 0.85,
    }
    return _layer(layer.name, "circle", "cells", CELL, paint)


def _layer(
    source: str, kind: str, part: str, condition: Any = None, paint: Drawn | None = None
) -> Drawn:
    found: Drawn = {
        "id": f"{source}-{part}",
        "type": kind,
        "source": source,
        "source-layer": source,
        "paint": paint or {},
    }
    return {**found, "filter": condition} if condition is not None else found
