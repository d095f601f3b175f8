"""The colours of states, classes and zones as MapLibre expressions."""

from collections.abc import Mapping
from typing import Any

from layers.models.feature import UpkeepState
from layers.registry.specification import Layer

Expression = list[Any]

STATE_COLOURS = {
    UpkeepState.OK: "#0b7a67",
    UpkeepState.DUE: "#e0a100",
    UpkeepState.OVERDUE: "#c8450f",
    UpkeepState.DEFECTIVE: "#76308a",
    UpkeepState.NONE: "#7a838c",
}
"""Those of the pages (gisapp/web/static/css/tokens.css); a test compares the two."""

ZONE_COLOURS = {"wuling": "#2f6f9f", "luoxiao": "#a3477a"}
OTHER_ZONE = "#8a6a1f"
PAPER, LAND, BORDER, CASING = "#e9ecea", "#fbf9f3", "#a39d8b", "#ffffff"

GRAVE_SHARE = 0.1
"""A cell is drawn in the gravest state that a tenth of its features under upkeep are in."""


def match(attribute: str, colours: Mapping[Any, str], otherwise: str) -> Any:
    """A colour for each value of an attribute."""
    pairs = [part for value, colour in colours.items() for part in (str(value), colour)]
    return ["match", ["get", attribute], *pairs, otherwise] if pairs else otherwise


def of_state() -> Any:
    """Of a single feature."""
    return match("state", STATE_COLOURS, STATE_COLOURS[UpkeepState.NONE])


def of_class(layer: Layer) -> Any:
    """Of a single feature; a cell has no class and gets the layer's colour."""
    return match("class", layer.style.classes, layer.style.color)


def of_zone() -> Any:
    return match("code", ZONE_COLOURS, OTHER_ZONE)


def of_cell() -> Expression:
    """Of a counted cell, as the map workspace draws it."""
    kept: Expression = ["+", *(_count(state) for state in UpkeepState if state != UpkeepState.NONE)]
    overdue, defective = _count(UpkeepState.OVERDUE), _count(UpkeepState.DEFECTIVE)
    share: Expression = ["*", GRAVE_SHARE, kept]
    return [
        "case",
        ["==", kept, 0],
        STATE_COLOURS[UpkeepState.NONE],
        [">=", ["+", overdue, defective], share],
        [
            "case",
            [">", defective, overdue],
            STATE_COLOURS[UpkeepState.DEFECTIVE],
            STATE_COLOURS[UpkeepState.OVERDUE],
        ],
        [">=", _count(UpkeepState.DUE), share],
        STATE_COLOURS[UpkeepState.DUE],
        STATE_COLOURS[UpkeepState.OK],
    ]


def _count(state: UpkeepState) -> Expression:
    return ["coalesce", ["get", state.value], 0]
