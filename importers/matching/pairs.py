"""Pairs of a field and a column, and how sure of them one must be."""

from typing import NamedTuple

from layers.registry import Field

SURE = 0.75
"""Below it a person is asked."""
LEAST = 0.5
"""Below it nothing is proposed."""
LEAST_PERSONAL = 0.8
"""Personal data never goes into a field on a likeness."""
NEARLY_EQUAL = 0.05
MADE_UP_LATER = ("code", "division")
"""Required, but filled in where the file has no such column."""


class Pair(NamedTuple):
    """A field and a column that could fill it."""

    field: Field
    column: str
    confidence: float
    how: str
