"""The attributes of a collection: their type, their column, and how a text becomes a value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from layers.registry.specification import Field, Kind, Label, Layer

INT8 = range(-(2**63), 2**63)
TIMESTAMP = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})", re.IGNORECASE
)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Type(StrEnum):
    """Types as CQL2 and JSON Schema tell them apart; the value is PostgreSQL's name."""

    TEXT = "text"
    INTEGER = "bigint"
    NUMBER = "numeric"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamptz"

    @property
    def numeric(self) -> bool:
        return self in {Type.INTEGER, Type.NUMBER}

    @property
    def temporal(self) -> bool:
        return self in {Type.DATE, Type.TIMESTAMP}


@dataclass(frozen=True, slots=True)
class Property:
    """One attribute. In text columns the empty text means "no value" and is served as null."""

    name: str
    type: Type
    label: Label
    unit: Label | None = None
    codes: str | None = None
    required: bool = False
    readonly: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int | None = None
    pattern: str | None = None

    def read(self, text: str) -> Any:
        """The value of a text, as in `?name=text`. Raises ValueError."""
        return read_value(self.type, text)


def read_value(wanted: Type, text: str) -> Any:
    """Raises ValueError unless the text is a value of the type."""
    if "\x00" in text:
        raise ValueError("a null character")
    match wanted:
        case Type.INTEGER:
            return _integer(text)
        case Type.NUMBER:
            return _number(text)
        case Type.BOOLEAN:
            return {"true": True, "false": False}[text] if text in {"true", "false"} else _wrong()
        case Type.DATE:
            return read_date(text)
        case Type.TIMESTAMP:
            return read_timestamp(text)
        case _:
            return text


def _wrong() -> Any:
    raise ValueError("not a value of the type")


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,19}", text, re.ASCII) or (value := int(text)) not in INT8:
        raise ValueError("not a whole number of 64 bits")
    return value


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    if not value.is_finite() or abs(value.adjusted()) > 300 or len(text) > 400:
        raise ValueError("not a finite number")
    return value


def read_date(text: str) -> date:
    if not DATE.fullmatch(text):
        raise ValueError("not a date")
    return date.fromisoformat(text)


def read_timestamp(text: str) -> datetime:
    """RFC 3339; PostgreSQL keeps microseconds, further digits are dropped."""
    if not TIMESTAMP.fullmatch(text):
        raise ValueError("not a date and time with its offset")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("not a date and time") from error


_TYPES = {
    Kind.TEXT: Type.TEXT,
    Kind.CODE: Type.TEXT,
    Kind.DIVISION: Type.TEXT,
    Kind.INTEGER: Type.INTEGER,
    Kind.YEAR: Type.INTEGER,
    Kind.DECIMAL: Type.NUMBER,
    Kind.DATE: Type.DATE,
    Kind.BOOLEAN: Type.BOOLEAN,
}


def properties_of(layer: Layer) -> tuple[Property, ...]:
    """The registry's fields without the personal ones, then what the service says of a row."""
    return (*(_from_field(layer, each) for each in layer.columns()), *KEPT_WITH_ROW)


def _from_field(layer: Layer, each: Field) -> Property:
    kind = layer.kind(each)
    return Property(
        each.name,
        _TYPES[kind],
        each.label,
        unit=each.unit,
        codes=each.codes,
        # A blank code or division is filled in by the editing service.
        required=each.required and each.name not in {"code", "division"},
        readonly=each.readonly,
        minimum=each.minimum,
        maximum=each.maximum,
        max_length=getattr(layer.column(each.name), "max_length", None),
        pattern=r"^[0-9]{12}$" if kind is Kind.DIVISION else None,
    )


def _kept() -> Iterator[Property]:
    def kept(name: str, kind: Type, zh: str, en: str, codes: str | None = None) -> Property:
        return Property(name, kind, Label(zh, en), codes=codes, readonly=True)

    yield kept("upkeep_state", Type.TEXT, "管护状态", "Upkeep state")
    yield kept("upkeep_due_on", Type.DATE, "管护到期日", "Upkeep due on")
    yield kept("method", Type.TEXT, "定位方式", "How the place became known")
    yield kept("accuracy_m", Type.NUMBER, "定位精度（米）", "Accuracy of the place, m")
    yield kept("source_datum", Type.TEXT, "原始基准", "Source datum")
    yield kept("demonstration", Type.BOOLEAN, "演示数据", "Demonstration data")
    yield kept("version", Type.INTEGER, "版本", "Version")
    yield kept("updated_at", Type.TIMESTAMP, "更新时间", "Updated at")


KEPT_WITH_ROW = tuple(_kept())
"""What the service itself keeps with every feature: read, never written, by clients."""
