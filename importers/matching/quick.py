"""Columns that need no look at each value: plain text, whole numbers, decimals with few places.

A quick reading may leave any row to the slow one, and never reads one differently: tests hold both
against each other.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from importers.matching.damage import EXPONENT, IDENTIFIERS
from importers.matching.readings import SPREADSHEET_ERRORS
from layers.registry import Field, Kind, Layer

BLANKS = "".join(chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace())
"""What str.strip takes away."""
EXACT_DOUBLE = 2**53
MOST_DIGITS = 38
"""Of Arrow's decimals."""


class Quick(Protocol):
    def accepts(self, kind: pa.DataType) -> bool: ...

    def read(self, cells: pa.Array) -> tuple[pa.Array, pa.Array]:
        """The texts, and which rows were read; the others are nobody's yet."""


def quick_reading(layer: Layer, field: Field, factor: Decimal | None) -> Quick | None:
    """None where every distinct value wants its own look."""
    kind = layer.kind(field)
    if kind is Kind.TEXT:
        return PlainText(layer.column(field.name).max_length or 0, field)
    if kind in (Kind.INTEGER, Kind.YEAR, Kind.DECIMAL) and factor in (None, 1):
        return PlainNumbers.of(layer, field, kind)
    return None


@dataclass(frozen=True, slots=True)
class PlainText:
    """Text that is short enough and has no null character; empty cells stay empty text."""

    longest: int
    field: Field

    def accepts(self, kind: pa.DataType) -> bool:
        return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))

    def read(self, cells: pa.Array) -> tuple[pa.Array, pa.Array]:
        texts = pc.utf8_trim(cells.cast(pa.string()), BLANKS)
        lengths = pc.utf8_length(texts)
        read = pc.and_(pc.greater(lengths, 0), pc.less_equal(lengths, self.longest or 0))
        read = pc.and_not(read, pc.match_substring(texts, "\x00"))
        errors = pa.array(sorted(SPREADSHEET_ERRORS))
        marked = pc.starts_with(texts, "#")
        if pc.any(marked).as_py():
            read = pc.and_not(read, pc.is_in(pc.utf8_lower(texts), errors))
        if self.field.name in IDENTIFIERS:
            read = pc.and_not(read, pc.match_substring_regex(texts, EXPONENT))
        read = pc.fill_null(read, False)
        if not self.field.required:
            empty = pc.fill_null(pc.equal(lengths, 0), True)
            texts = pc.if_else(empty, "", texts)
            read = pc.or_(read, empty)
        return texts, read


@dataclass(frozen=True, slots=True)
class PlainNumbers:
    """Numbers within the field's range with no more places than it keeps."""

    digits: int
    places: int
    least: Decimal
    most: Decimal
    required: bool

    @classmethod
    def of(cls, layer: Layer, field: Field, kind: Kind) -> "PlainNumbers | None":
        """None where the model says no range that a number could be held against."""
        column = layer.column(field.name)
        if kind is Kind.DECIMAL:
            if not getattr(column, "max_digits", None):
                return None
            digits, places = column.max_digits, column.decimal_places
            most = Decimal(10) ** (digits - places) - 1
            least = -most
        else:
            # As IntegerField.validators: what the database's column can hold.
            digits, places = len(str(EXACT_DOUBLE)), 0
            least, most = _range_of(column)
        least = max(least, field.minimum) if field.minimum is not None else least
        most = min(most, field.maximum) if field.maximum is not None else most
        return cls(digits, places, least, most, field.required)

    def accepts(self, kind: pa.DataType) -> bool:
        return bool(
            pa.types.is_integer(kind) or pa.types.is_float64(kind) or pa.types.is_string(kind)
        )

    def read(self, cells: pa.Array) -> tuple[pa.Array, pa.Array]:
        if pa.types.is_string(cells.type):
            numbers, read = self._written(cells)
        else:
            numbers, read = self._counted(cells)
        read = pc.and_(read, self._within(numbers))
        kept = pc.if_else(read, numbers, None)
        decimals = kept.cast(pa.decimal128(MOST_DIGITS, self.places), safe=False)
        texts = decimals.cast(pa.string())
        read = pc.fill_null(read, False)
        if not self.required:
            read = pc.or_(read, cells.is_null())
        return texts, read

    def _within(self, numbers: pa.Array) -> pa.Array:
        least, most = (pa.scalar(float(each)) for each in (self.least, self.most))
        values = numbers.cast(pa.float64())
        return pc.and_(pc.greater_equal(values, least), pc.less_equal(values, most))

    def _counted(self, cells: pa.Array) -> tuple[pa.Array, pa.Array]:
        """Doubles with few places: 2.675 is left to the slow reading where 2 are kept."""
        if pa.types.is_integer(cells.type):
            numbers = pc.if_else(pc.less(pc.abs(cells), EXACT_DOUBLE), cells, None)
            return numbers, cells.is_valid()
        exact = pc.equal(pc.round(cells, self.places), cells)
        small = pc.less(pc.abs(cells), EXACT_DOUBLE / 10 ** (self.places + 1))
        return cells, pc.and_(exact, small)

    def _written(self, cells: pa.Array) -> tuple[pa.Array, pa.Array]:
        whole = max(1, min(self.digits - self.places, 15))
        pattern = rf"^-?[0-9]{{1,{whole}}}"
        if self.places:
            pattern += rf"(\.[0-9]{{1,{self.places}}})?"
        read = pc.match_substring_regex(cells, pattern + "$")
        kept = pc.if_else(read, cells, None)
        return kept.cast(pa.decimal128(MOST_DIGITS, self.places)), read


def _range_of(column: Any) -> tuple[Decimal, Decimal]:
    limits: Sequence[Any] = [each.limit_value for each in column.validators]
    least = min((Decimal(each) for each in limits if each is not None), default=Decimal(0))
    most = max((Decimal(each) for each in limits if each is not None), default=Decimal(0))
    return least, most
