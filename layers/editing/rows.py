"""A feature row and its form in the journal."""

from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from layers.editing.values import Json, journal_value
from layers.models.feature import Feature
from layers.registry.specification import Layer

GEOMETRY = "geom"
PERSONAL = "personal"
PROVENANCE = ("source_datum", "source_ordinates", "method", "accuracy_m", "demonstration")

State = dict[str, Json]
"""Field name to journal value, as PostgreSQL reads it back: the geometry as EWKB in hex, personal
data as the sealed box in hex behind \\x."""


def journalled_names(layer: Layer) -> list[str]:
    """Every column an edit may change, in the registry's order."""
    return [*(each.name for each in layer.columns()), GEOMETRY, PERSONAL, *PROVENANCE]


def attribute(name: str) -> str:
    """The model attribute behind a field: a division is kept by its code."""
    return "division_id" if name == "division" else name


def to_journal(name: str, value: Any) -> Json:
    if value is None:
        return None
    if name == GEOMETRY:
        return str(value.hexewkb.decode())
    if name == PERSONAL:
        return "\\x" + bytes(value).hex()
    return journal_value(value)


def from_journal(layer: Layer, name: str, kept: Json) -> Any:
    """The value the model attribute takes back."""
    if kept is None:
        return None
    if name == GEOMETRY:
        return GEOSGeometry(str(kept))
    if name == PERSONAL:
        return bytes.fromhex(str(kept).removeprefix("\\x"))
    return layer.column(name).to_python(kept)


def state_of(layer: Layer, feature: Feature) -> State:
    """The whole row as the journal keeps it."""
    return {
        name: to_journal(name, getattr(feature, attribute(name)))
        for name in journalled_names(layer)
    }


def put(layer: Layer, feature: Feature, state: State) -> None:
    """Set the row's attributes from a journal state (whole or part); does not save."""
    for name, kept in state.items():
        setattr(feature, attribute(name), from_journal(layer, name, kept))
