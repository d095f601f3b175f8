"""Attribute values: from JSON to what a column takes, and to what the journal keeps."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from layers.editing.lists import Lists
from layers.registry.specification import Field, Kind, Layer

Json = str | int | float | bool | None


class ValueProblem(ValueError):
    """What is wrong with a value, as a text for the person who sent it."""


def read_value(layer: Layer, field: Field, raw: Any, lists: Lists) -> Any:
    """The value as the column takes it; empty text and None mean "no value".

    Raises ValueProblem for the wrong type, an unknown code or division, or a value out of range.
    """
    kind = layer.kind(field)
    text_kinds = {Kind.TEXT, Kind.CODE, Kind.DIVISION, Kind.PERSONAL}
    if raw is None or raw == "":
        if field.required:
            raise ValueProblem(_("This field is required."))
        return "" if kind in text_kinds else None
    if isinstance(raw, (dict, list)):
        raise ValueProblem(_("A single value is expected."))
    value = _typed(layer, field, kind, raw)
    _check_range(field, value)
    if kind is Kind.CODE and value not in lists.codes_of(layer).get(field.codes or "", {}):
        raise ValueProblem(_("“%(value)s” is not in the code list.") % {"value": value})
    if kind is Kind.DIVISION and not lists.is_division(value):
        raise ValueProblem(_("There is no division %(value)s.") % {"value": value})
    return value


def _typed(layer: Layer, field: Field, kind: Kind, raw: Any) -> Any:
    if kind is Kind.PERSONAL:
        return str(raw).strip()[:200]
    if kind is Kind.BOOLEAN and not isinstance(raw, bool):
        raise ValueProblem(_("True or false is expected."))
    if isinstance(raw, bool) and kind is not Kind.BOOLEAN:
        raise ValueProblem(_("A value, not true or false, is expected."))
    if kind is Kind.DECIMAL:
        return _decimal(layer, field, raw)
    if isinstance(raw, str):
        raw = raw.strip()
        if readable(raw) != raw:
            raise ValueProblem(_("The text holds characters that are none."))
    elif isinstance(raw, float) and kind in {Kind.INTEGER, Kind.YEAR} and not raw.is_integer():
        raise ValueProblem(_("A whole number is expected."))
    try:
        return layer.column(field.name).clean(raw, None)
    except (ValidationError, OverflowError) as error:
        texts = error.messages if isinstance(error, ValidationError) else [str(error)]
        raise ValueProblem(" ".join(texts)) from error


def readable(text: str) -> str:
    """The text without what no database keeps: null characters, halves of surrogate pairs."""
    return text.replace("\x00", "\ufffd").encode(errors="replace").decode()


def _decimal(layer: Layer, field: Field, raw: Any) -> Decimal:
    """Rounded to the column's places: a form may send more digits than the ledger keeps."""
    column = layer.column(field.name)
    try:
        value = Decimal(str(raw).strip())
        rounded = value.quantize(Decimal(1).scaleb(-column.decimal_places))
        return Decimal(column.clean(rounded, None))
    except (InvalidOperation, ValidationError) as error:
        raise ValueProblem(_("A number that fits the field is expected.")) from error


def _check_range(field: Field, value: Any) -> None:
    if field.minimum is not None and value < field.minimum:
        raise ValueProblem(_("At least %(minimum)s is expected.") % {"minimum": field.minimum})
    if field.maximum is not None and value > field.maximum:
        raise ValueProblem(_("At most %(maximum)s is expected.") % {"maximum": field.maximum})


def journal_value(value: Any) -> Json:
    """A value as the journal keeps it: JSON, without loss (decimals and dates as text)."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    raise TypeError(f"The journal has no form for {type(value).__name__}")
