"""A column for a field, with the factor from its unit to the field's."""

from importers.interpretation import ColumnChoice
from importers.matching import units
from importers.matching.headers import Header
from layers.registry import Field


def choice_of(field: Field, header: Header, confidence: float, how: str) -> ColumnChoice:
    """Without a factor where the heading has no unit, or one that cannot be the field's."""
    unit = header.unit
    factor = units.factor(unit, field) if unit and units.fits(unit, field) else None
    return ColumnChoice(header.column, confidence, how, factor)


def stated_choice(field: Field, header: Header) -> ColumnChoice:
    return choice_of(field, header, 1.0, "stated")
